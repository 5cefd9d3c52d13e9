#include "clock.hpp"

#include <time.h>

#include <atomic>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace observer {
namespace {

std::uint64_t read_clock() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

#if defined(__x86_64__)

struct Anchor {
  std::uint64_t ticks;
  std::uint64_t time;
};

constexpr std::uint64_t kWindow = 65536;           // ticks
constexpr std::uint64_t kUndisturbed = 4096;       // ticks
constexpr std::uint64_t kCalibration = 1'000'000;  // nanoseconds
constexpr unsigned kShift = 20;

constinit std::atomic<std::uint64_t> rate{0};  // nanoseconds per tick, times 2^kShift
constinit std::atomic<std::uint64_t> first_ticks{0};
constinit std::atomic<std::uint64_t> first_time{0};
[[gnu::tls_model("initial-exec")]] constinit thread_local Anchor anchor{};

void calibrate(std::uint64_t ticks, std::uint64_t time) {
  std::uint64_t nobody = 0;
  if (first_ticks.compare_exchange_strong(nobody, ticks)) {
    first_time.store(time, std::memory_order_release);
    return;
  }
  const auto start = first_time.load(std::memory_order_acquire);
  const auto start_ticks = first_ticks.load(std::memory_order_relaxed);
  if (start == 0 || time < start + kCalibration || ticks <= start_ticks) return;
  const auto elapsed = static_cast<double>(time - start) / static_cast<double>(ticks - start_ticks);
  rate.store(static_cast<std::uint64_t>(elapsed * (1U << kShift)), std::memory_order_relaxed);
}

[[gnu::noinline]] std::uint64_t read_both() {
  const auto before = __rdtsc();
  const auto time = read_clock();
  const auto ticks = __rdtsc();
  // A signal handler's reading may come between: without ticks an anchor is not used.
  anchor.ticks = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (ticks - before > kUndisturbed) return time;
  if (rate.load(std::memory_order_relaxed) == 0) calibrate(ticks, time);
  anchor.time = time;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  anchor.ticks = ticks;
  return time;
}

#endif

}  // namespace

std::uint64_t now() {
#if defined(__x86_64__)
  const auto scale = rate.load(std::memory_order_relaxed);
  const auto since = __rdtsc() - anchor.ticks;
  if (scale == 0 || since > kWindow) return read_both();
  return anchor.time + (since * scale >> kShift);
#else
  return read_clock();
#endif
}

}  // namespace observer
