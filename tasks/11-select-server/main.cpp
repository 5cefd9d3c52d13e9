// 11-select-server PORT: echoes one TCP client at a time, and tells every further one `busy`.

#include <netdb.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

// Closes its descriptor when it goes out of scope, also when an exception is thrown.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&&) = delete;
  ~Fd() { if (fd_ >= 0) close(fd_); }
  operator int() const { return fd_; }

 private:
  int fd_;
};

// The client that is served, and what it has sent that is not yet on its way back.
struct Client {
  Fd fd;
  std::string unsent;
};

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

Fd listen_on(const char* port) {
  // TODO 1: Make a socket that listens on this port, as in the TCP echo server:
  // getaddrinfo(3), socket(2), bind(2), listen(2). When one of them fails, call
  // fail("bind") and the like.
  (void)port;
  return Fd{-1};
}

// Tells whether a call failed only because it would have had to wait.
bool would_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

bool echo_some(Client& client) {
  // TODO 4: Do one step for the client, and never wait for it: read(2) once what it has
  // sent and write that back. Tell whether it is still there: the end and an
  // error of this connection are the client's affair, not the server's.
  // A client that does not read takes nothing: recv(2) and send(2) have the
  // flags MSG_DONTWAIT and MSG_NOSIGNAL; keep in `unsent` what was not taken.
  (void)client;
  return false;
}

void turn_away(const Fd& client) {
  // TODO 5: Send "busy\n", five bytes, and end the connection. A send(2) that fails is
  // no matter; a SIGPIPE would be: signal(7), send(2).
  (void)client;
}

void take_in(int listener, std::optional<Client>& client) {
  // TODO 3: accept(2) the one that has connected. When no client is served it is the
  // client now: client.emplace(Client{std::move(next), {}}). Else turn it away, and close
  // its descriptor. What must happen when its number is FD_SETSIZE or more?
  (void)listener;
  (void)client;
}

void serve(int listener) {
  // TODO 2: For ever: put the listener and the client, if there is one, into a set, and
  // wait with select(2) until one of them is ready; then serve the one that is:
  // echo_some, take_in. select changes the sets that it is given, and its first
  // argument is no count of descriptors. It is here that your server sleeps.
  // A client for which there are bytes in `unsent` waits for what?
  (void)listener;
}

int main(int argc, char* argv[]) {
  const char* port = argc > 1 ? argv[1] : "58001";
  try {
    const Fd listener = listen_on(port);
    serve(listener);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
