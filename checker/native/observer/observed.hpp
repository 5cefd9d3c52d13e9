#pragma once
// One observed call: its record is begun before the real call and completed after it.

#include <sys/types.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "faults.hpp"
#include "mapping.hpp"
#include "text.hpp"
#include "writer.hpp"

namespace observer {

[[gnu::tls_model("initial-exec")]] extern constinit thread_local int quiet;

// Whether calls are recorded: there is a ring, and this thread is not inside the resolver.
inline bool watching() { return quiet == 0 && attached(); }

// While one lives, what this thread calls is the C library's own doing.
class Quiet {
 public:
  Quiet() { ++quiet; }
  ~Quiet() { --quiet; }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

class Observed {
 public:
  [[gnu::always_inline]] explicit Observed(Call call, int fd = -1, std::uint64_t size = 0)
      : call_(call), fd_(fd), size_(size), fault_(ring().plan.next(call, ring().header->counters)) {
    if (fault_.kind == Fault::error) mark(kInjected);
  }

  Text text;

  // The real call, or the fault instead of it; `after(result)` may add text and payload.
  template <typename RealCall, typename After>
  auto through(RealCall real_call, After after) -> decltype(real_call()) {
    enter();
    decltype(real_call()) result{};
    if (fault_.kind == Fault::error) {
      errno = fault_.value;
      result = static_cast<decltype(result)>(-1);
    } else {
      result = real_call();
    }
    // Whoever succeeded has left errno alone, and so do we.
    const bool failed = result == static_cast<decltype(result)>(-1);
    const int error = failed ? errno : 0;
    come_back();
    after(result);
    leave(static_cast<std::int64_t>(result), error);
    if (failed) errno = error;
    return result;
  }

  template <typename RealCall>
  auto through(RealCall real_call) {
    return through(real_call, [](auto) {});
  }

  [[nodiscard]] const Fault& fault() const { return fault_; }

  // The bytes that may be transferred of those asked for.
  std::size_t allowed(std::size_t size) {
    const auto most = static_cast<std::size_t>(fault_.value);
    if (fault_.kind != Fault::shorten || size <= most) return size;
    mark(kInjected);
    return most;
  }

  // The payload: bytes that the real call has just read or written, so they are readable.
  void keep(const void* data, std::size_t size) {
    if (slot_.record == nullptr) return;
    size = std::min(size, ring().payload - kept_);
    copy(slot_.record->payload + kept_, data, size);
    kept_ += size;
  }
  void keep(const iovec* parts, std::size_t count, ssize_t size);

  void mark(Flags flag) { flags_ = static_cast<std::uint16_t>(flags_ | flag); }
  // After a fork: what is completed now is the child's own record.
  void become_child(std::int32_t parent);

  // Before the real call, at once after it, and when everything is known about it.
  void enter();
  void come_back();
  void leave(std::int64_t result, int error);

 private:
  void fill(Record& record);
  void begin_again();

  Call call_;
  std::uint16_t flags_ = 0;
  int fd_;
  std::uint64_t size_;
  std::uint64_t entered_ = 0;
  Fault fault_;
  Slot slot_;
  std::size_t text_at_entry_ = 0;
  std::size_t kept_ = 0;
};

}  // namespace observer
