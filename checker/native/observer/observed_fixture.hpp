#pragma once
// The observer linked into the test itself: what the test calls is observed.

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "mapping.hpp"

namespace observer {

inline constexpr std::uint64_t kCapacity = 4096;

// Makes a ring with this fault plan and attaches to it, as the prober does it for a program.
inline void attach_to_ring(std::string_view plan = "") {
  const int fd = memfd_create("ring", 0);
  if (ftruncate(fd, static_cast<off_t>(sizeof(Header) + kCapacity * sizeof(Record))) != 0) abort();
  Header header{};
  std::copy(std::begin(kMagic), std::end(kMagic), header.magic);
  header.version = kVersion;
  header.header_size = sizeof(Header);
  header.record_size = sizeof(Record);
  header.capacity = kCapacity;
  header.payload = 8;
  header.plan_length = static_cast<std::uint32_t>(plan.size());
  std::copy(plan.begin(), plan.end(), header.plan);
  if (pwrite(fd, &header, sizeof header, 0) != sizeof header) abort();
  const auto path = "/proc/self/fd/" + std::to_string(fd);
  setenv("LOOPBACK_RING", path.c_str(), 1);
  attach_now();
  close(fd);
}

inline const Record* records() { return reinterpret_cast<const Record*>(ring().header + 1); }

// The records that an action leaves.
template <typename Action>
std::vector<const Record*> records_of(Action action) {
  const std::uint64_t before = ring().header->next;
  action();
  std::vector<const Record*> added;
  for (auto i = before; i < ring().header->next; ++i) added.push_back(&records()[i % kCapacity]);
  return added;
}

inline bool is(const Record* record, Call call) {
  return record->call == static_cast<unsigned>(call);
}

inline auto count_of(const std::vector<const Record*>& among, pid_t process, Call call) {
  return std::count_if(among.begin(), among.end(), [&](const Record* record) {
    return record->pid == process && is(record, call);
  });
}

struct Pair {
  Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0); }
  ~Pair() {
    close(ends[0]);
    close(ends[1]);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  int ends[2];
};

}  // namespace observer
