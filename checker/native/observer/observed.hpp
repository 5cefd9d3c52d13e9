#pragma once
// One observed call: its record is begun before the real call and completed after it.

#include <sys/types.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "faults.hpp"
#include "text.hpp"
#include "writer.hpp"

namespace observer {

// Whether calls are recorded: there is a ring, and this thread is not inside the resolver.
bool watching();

// While one lives, what this thread calls is the C library's own doing.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

class Observed {
 public:
  explicit Observed(Call call, int fd = -1, std::uint64_t size = 0);

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
    const int error = errno;
    after(result);
    leave(static_cast<std::int64_t>(result),
          result == static_cast<decltype(result)>(-1) ? error : 0);
    errno = error;
    return result;
  }

  template <typename RealCall>
  auto through(RealCall real_call) {
    return through(real_call, [](auto) {});
  }

  [[nodiscard]] const Fault& fault() const { return fault_; }
  // The bytes that may be transferred of those asked for.
  std::size_t allowed(std::size_t size);

  // The payload: bytes that the real call has just read or written, so they are readable.
  void keep(const void* data, ssize_t size);
  void keep(const iovec* parts, std::size_t count, ssize_t size);

  void mark(Flags flag) { flags_ = static_cast<std::uint16_t>(flags_ | flag); }
  // After a fork: what is completed now is the child's own record.
  void become_child(std::int32_t parent);
  void enter();
  void leave(std::int64_t result, int error);

 private:
  void fill(Record& record) const;
  void complete(Record& record, std::int64_t result, int error) const;

  Call call_;
  std::uint16_t flags_ = 0;
  int fd_;
  std::uint64_t size_;
  std::uint64_t entered_ = 0;
  Fault fault_;
  Slot slot_;
  std::size_t text_at_entry_ = 0;
  iovec single_{};
  const iovec* parts_ = nullptr;
  std::size_t part_count_ = 0;
  std::size_t transferred_ = 0;
};

}  // namespace observer
