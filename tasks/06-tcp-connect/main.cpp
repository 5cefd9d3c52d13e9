// 06-tcp-connect HOST PORT: connects to a TCP server and says where it is connected to.

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
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
  // TODO 1: Find the server's addresses, as in task 03, but for a stream
  // socket; with AF_UNSPEC also those of IPv6. When that fails, throw
  // std::runtime_error: "getaddrinfo: " and the reason.
  // Look up: getaddrinfo(3), gai_strerror(3).
  (void)host;
  (void)port;
  return {nullptr, freeaddrinfo};
}

Fd connect_to(const addrinfo* list) {
  // TODO 2: Make a socket for the list's first address, connect it, return it.
  // Call fail("connect") when that call returns -1, and likewise for others.
  // Then for the stars: try the next address first, and do not wait for
  // minutes for a host that never answers.
  // Look up: socket(2), connect(2), and TCP_SYNCNT in tcp(7).
  (void)list;
  return Fd{-1};
}

std::string peer_of(int server) {
  // TODO 3: Return address and port of the other end as text: 10.0.0.7:58001.
  // Look up: getpeername(2), and the numeric flags of getnameinfo(3).
  (void)server;
  return {};
}

int main(int argc, char* argv[]) {
  const char* host = argc > 1 ? argv[1] : "tejo.tecnico.ulisboa.pt";
  const char* port = argc > 2 ? argv[2] : "58001";
  try {
    const AddressList list = look_up(host, port);
    const Fd server = connect_to(list.get());
    // TODO 4: Now, not before, print `connected to ` and 3's text on a line.
    (void)server;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
