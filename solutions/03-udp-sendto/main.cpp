// 03-udp-sendto HOST PORT MESSAGE: sends MESSAGE as one datagram.

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

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
  //> 1 look-up
  //| Find the server's IPv4 address. Give the port too, and it is in the
  //| address already, its bytes in network order.
  //| When that fails, throw std::runtime_error: "getaddrinfo: " and the reason.
  //| Look up: getaddrinfo(3), gai_strerror(3).
  //+ (void)host;
  //+ (void)port;
  //+ return {nullptr, freeaddrinfo};
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host, port, &hints, &found); error != 0) {
    throw std::runtime_error(std::string("getaddrinfo: ") + gai_strerror(error));
  }
  return {found, freeaddrinfo};
  //<
}

int main(int argc, char* argv[]) {
  const char* host = argc > 1 ? argv[1] : "tejo.tecnico.ulisboa.pt";
  const char* port = argc > 2 ? argv[2] : "58001";
  const std::string_view message = argc > 3 ? argv[3] : "Hello!\n";
  try {
    const AddressList server = look_up(host, port);
    //> 2 socket
    //| Make a datagram socket of the server's address family, and let
    //| an Fd own it. Call fail("socket") when the call returns -1.
    //| Look up: socket(2), udp(7).
    const Fd sock{socket(server->ai_family, server->ai_socktype, server->ai_protocol)};
    if (sock < 0) fail("socket");
    //<

    //> 3 send
    //| Send the message to the server's address in one datagram: its
    //| characters and nothing else. Look up: sendto(2).
    //| Call fail("sendto") when it returns -1.
    //+ (void)message;
    // A datagram leaves whole or not at all: no rest is left to send, as there may be with write.
    if (sendto(sock, message.data(), message.size(), 0, server->ai_addr, server->ai_addrlen) < 0) {
      fail("sendto");
    }
    //<
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
