// 10-tcp-server PORT: echoes one TCP client after another.

#include <netdb.h>
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

Fd listen_on(const char* port) {
  //> 1 listen
  //| Make a socket that listens on this port, on every address of this host:
  //| find the address, make the socket, give it the address, let it listen.
  //| Look up: getaddrinfo(3) with AI_PASSIVE, socket(2), bind(2), listen(2).
  //| Call fail("bind") and the like when a call returns -1.
  //+ (void)port;
  //+ return Fd{-1};
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(nullptr, port, &hints, &found); error != 0) {
    throw std::runtime_error(std::string("getaddrinfo: ") + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list{found, freeaddrinfo};

  Fd listener{socket(found->ai_family, found->ai_socktype, found->ai_protocol)};
  if (listener < 0) fail("socket");
  // Connections of an earlier run may still wait in TIME_WAIT; without this, bind fails meanwhile.
  const int yes = 1;
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0) fail("setsockopt");
  if (bind(listener, found->ai_addr, found->ai_addrlen) < 0) fail("bind");
  if (listen(listener, SOMAXCONN) < 0) fail("listen");
  return listener;
  //<
}

//> 3 write_all
//| Write a function write_all(fd, bytes) that writes all of them: one write(2)
//| may take fewer than it was given. It tells whether the client is still there.
bool write_all(int fd, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;  // the client has gone
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}
//<

void echo(int client) {
  //> 2 echo
  //| Read what the client sends and write it back, until read(2) tells that the
  //| client has ended its half of the connection. A read is not a message: it
  //| gives any number of bytes, and only that many may be written back.
  //+ (void)client;
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t count = read(client, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // the end, or a reset: this client's affair, not the server's
    if (!write_all(client, std::span(buffer).first(static_cast<std::size_t>(count)))) return;
  }
  //<
}

void serve(int listener) {
  //> 4 serve
  //| For ever: accept(2) a client, echo to it, close its descriptor.
  //+ (void)listener;
  for (;;) {
    const Fd client{accept(listener, nullptr, nullptr)};
    if (client < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;  // try the next one
    if (client < 0) fail("accept");
    echo(client);
  }
  //<
}

int main(int argc, char* argv[]) {
  const char* port = argc > 1 ? argv[1] : "58001";
  try {
    //> 5 sigpipe
    //| A client may leave before it has read everything. Make sure that this
    //| ends a write(2) with EPIPE, and not your server: signal(7), SIGPIPE.
    std::signal(SIGPIPE, SIG_IGN);
    //<
    const Fd listener = listen_on(port);
    serve(listener);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
