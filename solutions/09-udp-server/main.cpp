// 09-udp-server PORT: echoes each datagram to its sender.

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

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

// Whom a datagram came from.
struct Sender {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
};

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

Fd bind_to(const char* port) {
  //> 1 bind
  //| Make a datagram socket and give it this port, on every address of
  //| this host. A client lets the system choose its port; a server must have one
  //| that is known. Look up: getaddrinfo(3) with AI_PASSIVE, socket(2), bind(2).
  //| Call fail("bind") and the like when a call returns -1.
  //+ (void)port;
  //+ return Fd{-1};
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(nullptr, port, &hints, &found); error != 0) {
    throw std::runtime_error(std::string("getaddrinfo: ") + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list{found, freeaddrinfo};

  Fd sock{socket(found->ai_family, found->ai_socktype, found->ai_protocol)};
  if (sock < 0) fail("socket");
  if (bind(sock, found->ai_addr, found->ai_addrlen) < 0) fail("bind");
  return sock;
  //<
}

void answer(int sock, std::span<const char> bytes, const Sender& sender) {
  //> 3 answer
  //| Send these bytes, no more and no fewer, to the sender: sendto(2).
  //| When that fails: whose affair is it, the server's or this one client's?
  //+ (void)sock;
  //+ (void)bytes;
  //+ (void)sender;
  const auto* address = reinterpret_cast<const sockaddr*>(&sender.address);
  // UDP promises no delivery; a sender that cannot be answered must not end the server.
  while (sendto(sock, bytes.data(), bytes.size(), 0, address, sender.size) < 0 && errno == EINTR) {}
  //<
}

void serve(int sock) {
  //> 2 receive
  //| For ever: wait for a datagram with recvfrom(2), which also tells
  //| whom it came from, and answer it. A datagram that is larger than your
  //| buffer is cut off: how large can one be? May one be empty?
  //+ (void)sock;
  std::array<char, 65507> buffer;  // the largest payload that fits an IPv4 packet
  for (;;) {
    Sender sender;  // a new one each time: recvfrom changes the size, too
    const ssize_t count = recvfrom(sock, buffer.data(), buffer.size(), 0,
                                   reinterpret_cast<sockaddr*>(&sender.address), &sender.size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("recvfrom");
    // A count of 0 is an empty datagram, and no end: there is no connection that could end.
    answer(sock, std::span(buffer).first(static_cast<std::size_t>(count)), sender);
  }
  //<
}

int main(int argc, char* argv[]) {
  const char* port = argc > 1 ? argv[1] : "58001";
  try {
    const Fd sock = bind_to(port);
    serve(sock);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
