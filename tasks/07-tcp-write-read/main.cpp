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
  // TODO 1: Put in what your look_up of task 06 has, and below your connect_to.
  (void)host;
  (void)port;
  return {nullptr, freeaddrinfo};
}

Fd connect_to(const addrinfo* list) {
  // TODO 2: As in task 06.
  (void)list;
  return Fd{-1};
}

std::size_t write_some(int server, std::string_view bytes) {
  // TODO 3: Give write(2) these bytes, and return how many it has taken: that
  // may be fewer than it was given. Call fail("write") on a -1.
  (void)server;
  return bytes.size();
}

// How many bytes it has put into the buffer: none only at the end.
std::size_t read_some(int fd, std::span<char> buffer) {
  // TODO 4: Read into this buffer with read(2), and return how many bytes came.
  // Call fail("read") when it returns -1.
  (void)fd;
  (void)buffer;
  return 0;
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
  // TODO 5: Print `echo: `. Write until all of the message is out. Then read
  // until as many bytes are back, and print them. Both may have to be
  // repeated; when a read gives 0 bytes, the server has ended: say so.
  // For the last star read while you write. Look up: poll(2), and
  // MSG_DONTWAIT in send(2).
  (void)server;
  (void)message;
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
