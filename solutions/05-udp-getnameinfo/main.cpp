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
  //> 1 look-up
  //| As in task 03: find the server's IPv4 address. When that fails,
  //| throw std::runtime_error: "getaddrinfo: " and the reason.
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

//> 6 name
//| Write a function that turns an address into the text HOST:SERVICE:
//| names where there are names, numbers where there are none. When that
//| fails, throw std::runtime_error: "getnameinfo: " and the reason.
//| Look up: getnameinfo(3), its buffers' sizes and its flag for UDP.
std::string name_of(const sockaddr_storage& address, socklen_t size) {
  std::array<char, NI_MAXHOST> host;
  std::array<char, NI_MAXSERV> service;
  // A port may have one name with TCP and another with UDP: NI_DGRAM asks for UDP's.
  if (const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host.data(),
                                    host.size(), service.data(), service.size(), NI_DGRAM);
      error != 0) {
    throw std::runtime_error(std::string("getnameinfo: ") + gai_strerror(error));
  }
  return std::string(host.data()) + ':' + service.data();
}
//<

int main(int argc, char* argv[]) {
  const char* host = argc > 1 ? argv[1] : "tejo.tecnico.ulisboa.pt";
  const char* port = argc > 2 ? argv[2] : "58001";
  const std::string_view message = argc > 3 ? argv[3] : "Hello!\n";
  try {
    const AddressList server = look_up(host, port);
    //> 2 socket
    //| As in task 03: make a datagram socket. Look up: socket(2).
    const Fd sock{socket(server->ai_family, server->ai_socktype, server->ai_protocol)};
    if (sock < 0) fail("socket");
    //<

    //> 3 send
    //| As in task 03: send the message in one datagram.
    //| Look up: sendto(2).
    //+ (void)message;
    // A datagram leaves whole or not at all: no rest is left to send, as there may be with write.
    if (sendto(sock, message.data(), message.size(), 0, server->ai_addr, server->ai_addrlen) < 0) {
      fail("sendto");
    }
    //<

    //> 4 receive
    //| Wait for a datagram as in task 04, but take it from anybody, and
    //| keep its sender's address where any kind of address has room.
    //| Look up: recvfrom(2), and sockaddr_storage in socket(7).
    std::array<char, 65507> buffer;  // the most that a datagram over IPv4 can carry
    sockaddr_storage sender{};
    socklen_t size = sizeof sender;  // recvfrom reads it, then overwrites it
    const ssize_t count = recvfrom(sock, buffer.data(), buffer.size(), 0,
                                   reinterpret_cast<sockaddr*>(&sender), &size);
    if (count < 0) fail("recvfrom");
    //<

    //> 5 print
    //| As in task 04: print `echo: ` and the reply's bytes.
    // No NUL ends a datagram, and one may be in its midst: only count tells where it ends.
    const std::string_view reply(buffer.data(), static_cast<std::size_t>(count));
    std::cout << "echo: " << reply;
    //<

    //> 7 sender
    //| Print `sent by [HOST:SERVICE]`, with 6's text, on a line of its
    //| own: the reply may have ended its line, or not.
    if (!reply.ends_with('\n')) std::cout << '\n';
    std::cout << "sent by [" + name_of(sender, size) + "]\n";
    //<
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
