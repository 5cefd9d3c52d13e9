// 05-udp-getnameinfo HOST PORT MESSAGE: as 04, and prints who sent the reply.

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
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
  // TODO 1: As in task 03: find the server's IPv4 address. When that fails,
  // throw std::runtime_error: "getaddrinfo: " and the reason.
  // Look up: getaddrinfo(3), gai_strerror(3).
  (void)host;
  (void)port;
  return {nullptr, freeaddrinfo};
}

// TODO 6: Write a function that turns an address into the text HOST:SERVICE:
// names where there are names, numbers where there are none. When that
// fails, throw std::runtime_error: "getnameinfo: " and the reason.
// Look up: getnameinfo(3), its buffers' sizes and its flag for UDP.

int main(int argc, char* argv[]) {
  const char* host = argc > 1 ? argv[1] : "tejo.tecnico.ulisboa.pt";
  const char* port = argc > 2 ? argv[2] : "58001";
  const std::string_view message = argc > 3 ? argv[3] : "Hello!\n";
  try {
    const AddressList server = look_up(host, port);
    // TODO 2: As in task 03: make a datagram socket. Look up: socket(2).

    // TODO 3: As in task 03: send the message in one datagram.
    // Look up: sendto(2).
    (void)message;

    // TODO 4: Wait for a datagram as in task 04, but take it from anybody, and
    // keep its sender's address where any kind of address has room.
    // Look up: recvfrom(2), and sockaddr_storage in socket(7).

    // TODO 5: As in task 04: print `echo: ` and the reply's bytes.

    // TODO 7: Print `sent by [HOST:SERVICE]`, with 6's text, on a line of its
    // own: the reply may have ended its line, or not.
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
