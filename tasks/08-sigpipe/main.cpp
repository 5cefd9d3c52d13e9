// 08-sigpipe HOST PORT: sends each line of standard input to a server as long as there is one.

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

// What getaddrinfo found; freed when it goes out of scope.
using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// Closes its descriptor when it goes out of scope, also when an exception is thrown.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&&) = delete;
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  operator int() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

AddressList look_up(const char* host, const char* port) {
  // TODO 1: Put in what your look_up of task 06 has, and below your connect_to.
  (void)host;
  (void)port;
  return {nullptr, freeaddrinfo};
}

Fd connect_to(const addrinfo* list) {
  // TODO 2: As in task 06.
  (void)list;
  return Fd{-1};
}

void survive_sigpipe() {
  // TODO 5: Make sure that a write(2) to a server that has gone returns -1
  // with EPIPE, and that the signal SIGPIPE does not end your program.
  // Look up: signal(7), sigaction(2), and what execve(2) does to signals.
}

// TODO 4: Write a function write_all(fd, bytes) that writes all of them, with
// as many calls of write(2) as it takes, and fail("write") on a -1.

// TODO 6: For the last stars: write a function that finds out whether the
// server has gone, when poll(2) says that there is something to read.

void send_lines(int server) {
  // TODO 3: Until standard input ends, read what there is and write it to the
  // server: read(2) from a terminal waits for a line and gives that.
  // Then for the last stars: wait for both, input and server, with poll(2).
  (void)server;
}

int main(int argc, char* argv[]) {
  const char* host = argc > 1 ? argv[1] : "tejo.tecnico.ulisboa.pt";
  const char* port = argc > 2 ? argv[2] : "58001";
  try {
    survive_sigpipe();
    const AddressList list = look_up(host, port);
    const Fd server = connect_to(list.get());
    send_lines(server);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
