#include "sockets.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

namespace observer {
namespace {

enum class Kind : std::uint8_t { unknown, socket, other };

constexpr int kKnown = 65536;
constinit std::array<std::atomic<Kind>, kKnown> kinds{};

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

bool is_socket(int fd) {
  if (fd < 0 || fd >= kKnown) return fd >= 0 && ask(fd) == Kind::socket;
  auto& known = kinds[static_cast<std::size_t>(fd)];
  auto kind = known.load(std::memory_order_relaxed);
  if (kind == Kind::unknown) known.store(kind = ask(fd), std::memory_order_relaxed);
  return kind == Kind::socket;
}

void forget(int fd) {
  if (fd < 0 || fd >= kKnown) return;
  kinds[static_cast<std::size_t>(fd)].store(Kind::unknown, std::memory_order_relaxed);
}

}  // namespace observer
