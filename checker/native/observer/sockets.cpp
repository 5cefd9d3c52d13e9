#include "sockets.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace observer {

constinit std::array<std::atomic<Kind>, kKnown> kinds{};

namespace {

Kind ask(int fd) {
  const int saved = errno;
  int type = 0;
  socklen_t size = sizeof type;
  auto kind = Kind::socket;
  if (syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
    kind = errno == EBADF ? Kind::unknown : Kind::other;
  }
  errno = saved;
  return kind;
}

}  // namespace

bool learn_is_socket(int fd) {
  if (fd < 0) return false;
  const auto kind = ask(fd);
  const auto number = static_cast<std::size_t>(fd);
  if (number < kKnown) kinds[number].store(kind, std::memory_order_relaxed);
  return kind == Kind::socket;
}

void forget(int fd) {
  const auto number = static_cast<std::size_t>(static_cast<unsigned>(fd));
  if (number < kKnown) kinds[number].store(Kind::unknown, std::memory_order_relaxed);
}

}  // namespace observer
