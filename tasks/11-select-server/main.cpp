// 11-select-server PORT: echoes one TCP client, and tells every other one `busy`.

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
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
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
  // TODO 4: Do one step for the client, and never wait for it: take what it
  // has sent, once, and send that back: recv(2), send(2). Tell whether it is
  // still there: its end and its errors are its own affair, not the server's.
  // A client that does not read takes nothing. Look up MSG_DONTWAIT and
  // MSG_NOSIGNAL, and keep in `unsent` what was not taken.
  (void)client;
  return false;
}

void turn_away(const Fd& client) {
  // TODO 5: Send "busy\n", five bytes, to a client that is not served. When
  // send(2) fails, no matter; a SIGPIPE would be one: signal(7).
  (void)client;
}

void take_in(int listener, std::optional<Client>& client) {
  // TODO 3: accept(2) the one that has connected. When no client is served it
  // is the client now: client.emplace(Client{std::move(next), {}}). Else turn
  // it away, and close its descriptor. What if that is FD_SETSIZE or more?
  (void)listener;
  (void)client;
}

void serve(int listener) {
  // TODO 2: For ever: put the listener and the client, if there is one, into a
  // set, and wait with select(2) until one of them is ready. Then serve it:
  // take_in, echo_some; when that says that the client has left, reset
  // `client`. select changes the sets that it is given, and its first argument
  // is no count. What do you wait for while there are bytes in `unsent`?
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
