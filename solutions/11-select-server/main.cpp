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
  //> 1 listen
  //| Make a socket that listens on this port, as in the TCP echo server:
  //| getaddrinfo(3), socket(2), bind(2), listen(2). When one of them fails, call
  //| fail("bind") and the like.
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

  // A connection that select has seen may be gone before accept looks: it must not wait then.
  Fd listener{socket(found->ai_family, found->ai_socktype | SOCK_NONBLOCK, found->ai_protocol)};
  if (listener < 0) fail("socket");
  // Connections of an earlier run may still wait in TIME_WAIT; without this, bind fails meanwhile.
  const int yes = 1;
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0) fail("setsockopt");
  if (bind(listener, found->ai_addr, found->ai_addrlen) < 0) fail("bind");
  if (listen(listener, SOMAXCONN) < 0) fail("listen");
  return listener;
  //<
}

// Tells whether a call failed only because it would have had to wait.
bool would_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

bool echo_some(Client& client) {
  //> 4 echo
  //| Do one step for the client, and never wait for it: take what it
  //| has sent, once, and send that back: recv(2), send(2). Tell whether it is
  //| still there: its end and its errors are its own affair, not the server's.
  //| A client that does not read takes nothing. Look up MSG_DONTWAIT and
  //| MSG_NOSIGNAL, and keep in `unsent` what was not taken.
  //+ (void)client;
  //+ return false;
  if (client.unsent.empty()) {
    std::array<char, 16384> buffer;
    const ssize_t count = recv(client.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0) return would_wait();
    if (count == 0) return false;
    client.unsent.assign(buffer.data(), static_cast<std::size_t>(count));
  }
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  const ssize_t sent = send(client.fd, client.unsent.data(), client.unsent.size(), flags);
  if (sent < 0) return would_wait();
  client.unsent.erase(0, static_cast<std::size_t>(sent));
  return true;
  //<
}

void turn_away(const Fd& client) {
  //> 5 busy
  //| Send "busy\n", five bytes, to a client that is not served. When
  //| send(2) fails, no matter; a SIGPIPE would be one: signal(7).
  //+ (void)client;
  constexpr std::string_view kBusy = "busy\n";
  send(client, kBusy.data(), kBusy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  // To close with bytes unread is to reset, and a reset may overtake the answer.
  std::array<char, 16384> unread;
  recv(client, unread.data(), unread.size(), MSG_DONTWAIT);
  //<
}

void take_in(int listener, std::optional<Client>& client) {
  //> 3 take-in
  //| accept(2) the one that has connected. When no client is served it
  //| is the client now: client.emplace(Client{std::move(next), {}}). Else turn
  //| it away, and close its descriptor. What if that is FD_SETSIZE or more?
  //+ (void)listener;
  //+ (void)client;
  Fd next{accept(listener, nullptr, nullptr)};
  if (next < 0 && (would_wait() || errno == ECONNABORTED)) return;
  if (next < 0) fail("accept");
  if (client || next >= FD_SETSIZE) {  // FD_SET would write past the end of the set
    turn_away(next);
  } else {
    client.emplace(Client{std::move(next), {}});
  }
  //<
}

void serve(int listener) {
  //> 2 wait
  //| For ever: put the listener and the client, if there is one, into a
  //| set, and wait with select(2) until one of them is ready. Then serve it:
  //| take_in, echo_some; when that says that the client has left, reset
  //| `client`. select changes the sets that it is given, and its first argument
  //| is no count. What do you wait for while there are bytes in `unsent`?
  //+ (void)listener;
  std::optional<Client> client;
  if (listener >= FD_SETSIZE) throw std::runtime_error("select: descriptor too large for a set");
  for (;;) {
    fd_set readable;
    fd_set writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(listener, &readable);
    int highest = listener;
    if (client) {
      // What the client has not taken must go first; to read on would only pile up more.
      FD_SET(client->fd, client->unsent.empty() ? &readable : &writable);
      highest = std::max<int>(highest, client->fd);
    }
    if (select(highest + 1, &readable, &writable, nullptr, nullptr) < 0) {
      if (errno == EINTR) continue;
      fail("select");
    }
    // The client first: when it has left, whoever has just connected is the next.
    if (client && (FD_ISSET(client->fd, &readable) || FD_ISSET(client->fd, &writable))) {
      if (!echo_some(*client)) client.reset();
    }
    if (FD_ISSET(listener, &readable)) take_in(listener, client);
  }
  //<
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
