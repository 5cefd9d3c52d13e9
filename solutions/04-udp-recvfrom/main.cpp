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

//> 6 stranger
//| Anybody may send to your port. Write a function that tells whether a
//| sender has the address and the port that you asked, and let 4 wait on
//| until it does. Look up: sockaddr_in in ip(7), and what recvfrom(2) says
//| about its last two arguments.
bool is_from(const sockaddr_in& sender, const addrinfo& asked) {
  const auto& server = *reinterpret_cast<const sockaddr_in*>(asked.ai_addr);
  return sender.sin_addr.s_addr == server.sin_addr.s_addr && sender.sin_port == server.sin_port;
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
    //| Wait for the reply, and keep the number of its bytes. What your
    //| buffer has no room for is lost: how big can a datagram be?
    //| Look up: recvfrom(2), udp(7). Call fail("recvfrom") when that is -1.
    std::array<char, 65507> buffer;  // the most that a datagram over IPv4 can carry
    sockaddr_in sender{};
    ssize_t count = 0;
    do {
      socklen_t size = sizeof sender;  // recvfrom reads it, then overwrites it
      count = recvfrom(sock, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&sender),
                       &size);
      if (count < 0) fail("recvfrom");
    } while (!is_from(sender, *server));  // anybody may send to this port
    //<

    //> 5 print
    //| Print `echo: ` and the reply's bytes: all of them, no others.
    // No NUL ends a datagram, and one may be in its midst: only count tells where it ends.
    std::cout << "echo: " << std::string_view(buffer.data(), static_cast<std::size_t>(count));
    //<
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
