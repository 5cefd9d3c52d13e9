#include "memory.hpp"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "self.hpp"

namespace observer {

std::size_t peek(void* to, const void* from, std::size_t size) {
  if (from == nullptr || size == 0) return 0;
  const int saved = errno;
  const iovec local{to, size};
  const iovec remote{const_cast<void*>(from), size};
  auto got = syscall(SYS_process_vm_readv, self().pid, &local, 1, &remote, 1, 0);
  if (got < 0 && errno != EFAULT) {  // forbidden here: trust the program
    copy(to, from, size);
    got = static_cast<long>(size);
  }
  errno = saved;
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

void peek_string(Text& text, const char* string) {
  constexpr std::uintptr_t kPage = 4096;
  char piece[32];
  while (!text.full()) {
    // Never across the end of a page: what follows may not be there.
    const auto left = kPage - reinterpret_cast<std::uintptr_t>(string) % kPage;
    const auto got = peek(piece, string, std::min<std::size_t>(sizeof piece, left));
    const auto* end = std::find(piece, piece + got, '\0');
    text << std::string_view(piece, static_cast<std::size_t>(end - piece));
    if (got == 0 || end != piece + got) return;
    string += got;
  }
}

}  // namespace observer
