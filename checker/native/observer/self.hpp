#pragma once
// Who is calling, without a system call each time.

#include <atomic>
#include <cstdint>

namespace observer {

struct Self {
  std::int32_t pid;
  std::int32_t tid;
};

// A page that the kernel empties in every new process remembers the number of this one.
void remember_self();
extern constinit std::atomic<std::atomic<std::int32_t>*> process;
[[gnu::tls_model("initial-exec")]] extern constinit thread_local Self known_self;

// Asks the kernel.
Self learn_self();

inline Self self() {
  const auto* pid = process.load(std::memory_order_acquire);
  if (pid == nullptr || known_self.pid != pid->load(std::memory_order_relaxed)) return learn_self();
  return known_self;
}

}  // namespace observer
