#pragma once
// The ring's layout in the shared file: one header page, then a power of two of records.
// checker/observer.py reads the same layout.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace observer {

inline constexpr char kMagic[8] = {'L', 'B', 'K', 'R', 'I', 'N', 'G', '\0'};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kPlanSize = 2048;
inline constexpr std::size_t kRules = 16;
inline constexpr std::size_t kPayload = 64;
inline constexpr std::size_t kText = 128;

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t header_size;
  std::uint32_t record_size;
  std::uint32_t payload;  // bytes of payload kept per record
  std::uint64_t capacity;
  std::atomic<std::uint64_t> next;  // records begun so far; more than `capacity`: it wrapped
  std::atomic<std::uint64_t> lost;  // records that found their slot in use
  std::atomic<std::uint32_t> hello;
  std::uint32_t plan_length;
  std::atomic<std::uint32_t> counters[kRules];
  char plan[kPlanSize];
  char unused[1928];
};

// A record's `state` is its sequence number times 8 plus its phase.
enum class Phase : std::uint8_t { empty, writing, entered, completing, returned };

enum Flags : std::uint8_t {
  kInjected = 1,
  kLate = 2,     // its entry was overwritten meanwhile; written at its return
  kChild = 4,    // fork's return in the child
  kRefused = 8,  // in a hello: the fault plan was refused
};

struct Record {
  std::atomic<std::uint64_t> state;
  std::uint64_t entered;  // nanoseconds of CLOCK_MONOTONIC
  std::uint64_t returned;
  std::int32_t pid;
  std::int32_t tid;
  std::uint16_t call;
  std::uint16_t flags;
  std::int32_t fd;
  std::int64_t result;
  std::int32_t error;
  std::uint16_t kept;
  std::uint16_t text_length;
  std::uint64_t size;  // bytes that were asked for
  unsigned char payload[kPayload];
  char text[kText];
};

static_assert(sizeof(Header) == 4096);
static_assert(sizeof(Record) == 256);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace observer
