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
  // TODO 1: Make a socket that listens on this port, on every address of this host:
  // find the address, make the socket, give it the address, let it listen.
  // Look up: getaddrinfo(3) with AI_PASSIVE, socket(2), bind(2), listen(2).
  // Call fail("bind") and the like when a call returns -1.
  (void)port;
  return Fd{-1};
}

// TODO 3: Write a function write_all(fd, bytes) that writes all of them: one write(2)
// may take fewer than it was given. It tells whether the client is still there.

void echo(int client) {
  // TODO 2: Read what the client sends and write it back, until read(2) tells that the
  // client has ended its half of the connection. A read is not a message: it
  // gives any number of bytes, and only that many may be written back.
  (void)client;
}

void serve(int listener) {
  // TODO 4: For ever: accept(2) a client, echo to it, close its descriptor.
  (void)listener;
}

int main(int argc, char* argv[]) {
  const char* port = argc > 1 ? argv[1] : "58001";
  try {
    // TODO 5: A client may leave before it has read everything. Make sure that this
    // ends a write(2) with EPIPE, and not your server: signal(7), SIGPIPE.
    const Fd listener = listen_on(port);
    serve(listener);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
