// 04-udp-recvfrom HOST PORT MESSAGE: sends MESSAGE as one datagram and prints the reply.

#include <netdb.h>
#include <netinet/in.h>
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

// TODO 6: Anybody may send to your port. Write a function that tells whether a
// sender has the address and the port that you asked, and let 4 wait on
// until it does. Look up: sockaddr_in in ip(7), and what recvfrom(2) says
// about its last two arguments.

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

    // TODO 4: Wait for the reply, and keep the number of its bytes. What your
    // buffer has no room for is lost: how big can a datagram be?
    // Look up: recvfrom(2), udp(7). Call fail("recvfrom") when that is -1.

    // TODO 5: Print `echo: ` and the reply's bytes: all of them, no others.
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
