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
  //> 1 look-up
  //| Put in what your look_up of task 06 has, and below your connect_to.
  //+ (void)host;
  //+ (void)port;
  //+ return {nullptr, freeaddrinfo};
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host, port, &hints, &found); error != 0) {
    throw std::runtime_error(std::string("getaddrinfo: ") + gai_strerror(error));
  }
  return {found, freeaddrinfo};
  //<
}

Fd connect_to(const addrinfo* list) {
  //> 2 connect
  //| As in task 06.
  //+ (void)list;
  //+ return Fd{-1};
  for (const addrinfo* entry = list;; entry = entry->ai_next) {
    const bool last = entry->ai_next == nullptr;
    Fd server{socket(entry->ai_family, entry->ai_socktype, entry->ai_protocol)};
    if (server < 0 && !last) continue;  // a kernel without IPv6 still has IPv4
    if (server < 0) fail("socket");
    // A lost request is repeated once, after a second. Linux would go on for two minutes.
    const int repeats = 1;
    if (setsockopt(server, IPPROTO_TCP, TCP_SYNCNT, &repeats, sizeof repeats) < 0) {
      fail("setsockopt");
    }
    if (connect(server, entry->ai_addr, entry->ai_addrlen) == 0) return server;
    if (last) fail("connect");
  }
  //<
}

void survive_sigpipe() {
  //> 5 sigpipe
  //| Make sure that a write(2) to a server that has gone returns -1
  //| with EPIPE, and that the signal SIGPIPE does not end your program.
  //| Look up: signal(7), sigaction(2), and what execve(2) does to signals.
  // A handler that does nothing, and not SIG_IGN: a program that this one starts would inherit
  // that, and miss the end of its own pipes. A handler is forgotten with the program it is in.
  struct sigaction nothing{};
  nothing.sa_handler = [](int) {};
  if (sigaction(SIGPIPE, &nothing, nullptr) < 0) fail("sigaction");
  //<
}

//> 4 write-all
//| Write a function write_all(fd, bytes) that writes all of them, with
//| as many calls of write(2) as it takes, and fail("write") on a -1.
void write_all(int fd, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}
//<

//> 6 look-at
//| For the last stars: write a function that finds out whether the
//| server has gone, when poll(2) says that there is something to read.
void look_at(int server) {
  std::array<char, 4096> unwanted;  // left unread, it would wake poll again and again
  const ssize_t count = read(server, unwanted.data(), unwanted.size());
  if (count < 0 && errno != EINTR) fail("read");
  if (count == 0) {  // it has closed: a write would bring about a reset, and the next one this
    errno = EPIPE;
    fail("write");
  }
}
//<

void send_lines(int server) {
  //> 3 send-lines
  //| Until standard input ends, read what there is and write it to the
  //| server: read(2) from a terminal waits for a line and gives that.
  //| Then for the last stars: wait for both, input and server, with poll(2).
  //+ (void)server;
  std::array<char, 4096> buffer;
  for (;;) {
    std::array<pollfd, 2> ready{{{STDIN_FILENO, POLLIN, 0}, {server, POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0) {
      if (errno == EINTR) continue;
      fail("poll");
    }
    if (ready[1].revents != 0) look_at(server);
    if (ready[0].revents == 0) continue;
    const ssize_t count = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read");
    if (count == 0) return;  // the end of the input
    write_all(server, std::span(buffer).first(static_cast<std::size_t>(count)));
  }
  //<
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
