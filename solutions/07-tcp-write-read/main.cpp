// 07-tcp-write-read HOST PORT [MESSAGE]: sends MESSAGE and prints its echo. MESSAGE `-` stands for
// standard input, to its end.

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <span>
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
  //| Put in what your look_up of task 06 has, and below your connect_to.
  //+ (void)host;
  //+ (void)port;
  //+ return {nullptr, freeaddrinfo};
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host, port, &hints, &found); error != 0) {
    throw std::runtime_error(std::string("getaddrinfo: ") + gai_strerror(error));
  }
  return {found, freeaddrinfo};
  //<
}

Fd connect_to(const addrinfo* list) {
  //> 2 connect
  //| As in task 06.
  //+ (void)list;
  //+ return Fd{-1};
  for (const addrinfo* entry = list;; entry = entry->ai_next) {
    const bool last = entry->ai_next == nullptr;
    Fd server{socket(entry->ai_family, entry->ai_socktype, entry->ai_protocol)};
    if (server < 0 && !last) continue;  // a kernel without IPv6 still has IPv4
    if (server < 0) fail("socket");
    // A lost request is repeated once, after a second. Linux would go on for two minutes.
    const int repeats = 1;
    if (setsockopt(server, IPPROTO_TCP, TCP_SYNCNT, &repeats, sizeof repeats) < 0) {
      fail("setsockopt");
    }
    if (connect(server, entry->ai_addr, entry->ai_addrlen) == 0) return server;
    if (last) fail("connect");
  }
  //<
}

std::size_t write_some(int server, std::string_view bytes) {
  //> 3 write
  //| Give write(2) these bytes, and return how many it has taken: that
  //| may be fewer than it was given. Call fail("write") on a -1.
  //+ (void)server;
  //+ return bytes.size();
  // send is a write that can be asked not to wait for room, and not to raise SIGPIPE (task 08).
  const ssize_t count = send(server, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return 0;  // not now
  fail("send");
  //<
}

// How many bytes it has put into the buffer: none only at the end.
std::size_t read_some(int fd, std::span<char> buffer) {
  //> 4 read
  //| Read into this buffer with read(2), and return how many bytes came.
  //| Call fail("read") when it returns -1.
  //+ (void)fd;
  //+ (void)buffer;
  //+ return 0;
  for (;;) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail("read");
  }
  //<
}

std::string message_of(std::string_view argument) {
  if (argument != "-") return std::string(argument);
  std::string message;
  std::array<char, 65536> buffer;
  while (const std::size_t count = read_some(STDIN_FILENO, buffer)) {
    message.append(buffer.data(), count);
  }
  return message;
}

void converse(int server, std::string_view message) {
  //> 5 converse
  //| Print `echo: `. Write until all of the message is out. Then read
  //| until as many bytes are back, and print them. Both may have to be
  //| repeated; when a read gives 0 bytes, the server has ended: say so.
  //| For the last star read while you write. Look up: poll(2), and
  //| MSG_DONTWAIT in send(2).
  //+ (void)server;
  //+ (void)message;
  std::string_view unsent = message;
  std::size_t missing = message.size();
  std::array<char, 65536> buffer;
  std::cout << "echo: ";
  // A server that echoes as it reads stops reading when nobody takes its echo. A client that writes
  // everything before it reads would then wait for that server, and the server for the client.
  while (missing > 0) {
    pollfd ready{server, POLLIN, 0};
    if (!unsent.empty()) ready.events = POLLIN | POLLOUT;
    if (poll(&ready, 1, -1) < 0) {
      if (errno == EINTR) continue;
      fail("poll");
    }
    if ((ready.revents & ~POLLOUT) != 0) {  // bytes, the end, or an error: read tells which
      const std::size_t most = std::min(missing, buffer.size());
      const std::size_t count = read_some(server, std::span(buffer).first(most));
      if (count == 0) throw std::runtime_error("read: the server ended before its echo did");
      std::cout.write(buffer.data(), static_cast<std::streamsize>(count));
      missing -= count;
    }
    if ((ready.revents & POLLOUT) != 0) unsent.remove_prefix(write_some(server, unsent));
  }
  //<
}

int main(int argc, char* argv[]) {
  const char* host = argc > 1 ? argv[1] : "tejo.tecnico.ulisboa.pt";
  const char* port = argc > 2 ? argv[2] : "58001";
  const char* argument = argc > 3 ? argv[3] : "Hello!\n";
  try {
    const std::string message = message_of(argument);
    const AddressList list = look_up(host, port);
    const Fd server = connect_to(list.get());
    converse(server, message);
    if (!std::cout.flush()) fail("write");
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
