#include "self.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace observer {
namespace {

constinit std::atomic<std::atomic<std::int32_t>*> process{nullptr};
[[gnu::tls_model("initial-exec")]] constinit thread_local Self thread{};

std::int32_t pid() {
  auto* known = process.load(std::memory_order_acquire);
  if (known == nullptr) return static_cast<std::int32_t>(syscall(SYS_getpid));
  auto number = known->load(std::memory_order_relaxed);
  if (number == 0) {
    number = static_cast<std::int32_t>(syscall(SYS_getpid));
    known->store(number, std::memory_order_relaxed);
  }
  return number;
}

}  // namespace

void remember_self() {
  constexpr std::size_t kPage = 4096;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a system call's result
  auto* page = reinterpret_cast<void*>(syscall(SYS_mmap, nullptr, kPage, PROT_READ | PROT_WRITE,
                                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (page == MAP_FAILED) return;
  if (syscall(SYS_madvise, page, kPage, MADV_WIPEONFORK) == 0) {
    process.store(static_cast<std::atomic<std::int32_t>*>(page), std::memory_order_release);
  } else {
    syscall(SYS_munmap, page, kPage);
  }
}

Self self() {
  const auto number = pid();
  if (thread.pid != number) thread = {number, static_cast<std::int32_t>(syscall(SYS_gettid))};
  return thread;
}

}  // namespace observer
