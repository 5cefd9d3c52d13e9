#pragma once
// Which descriptors of this process are sockets: asked of the kernel once, forgotten at close.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace observer {

enum class Kind : std::uint8_t { unknown, socket, other };

inline constexpr std::size_t kKnown = 65536;
extern constinit std::array<std::atomic<Kind>, kKnown> kinds;

// Asks the kernel.
bool learn_is_socket(int fd);

inline bool is_socket(int fd) {
  const auto number = static_cast<std::size_t>(static_cast<unsigned>(fd));
  const auto kind = number < kKnown ? kinds[number].load(std::memory_order_relaxed) : Kind::unknown;
  return kind == Kind::unknown ? learn_is_socket(fd) : kind == Kind::socket;
}

void forget(int fd);

}  // namespace observer
