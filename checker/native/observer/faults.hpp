#pragma once
// The fault plan: rules separated by newlines or `;`.
//
//   CALL (ERRNO | EAI_NAME | short N) [once | always | on call N | on calls N,M,...]
//
// CALL is one call, or a family: send* (write, writev, send, sendto, sendmsg), recv* (read, readv,
// recv, recvfrom, recvmsg), accept* (accept, accept4), fork* (fork, vfork), wait* (waitpid, wait,
// wait4), poll* (select, pselect, poll, ppoll, epoll_wait, epoll_pwait). Each rule counts the calls
// it is about, over all processes of the program; of several rules that apply the first one does.
// `short N`: at most N bytes are transferred.

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "calls.hpp"
#include "ring.hpp"

namespace observer {

struct Fault {
  enum Kind : std::uint8_t { none, error, shorten } kind = none;
  int value = 0;  // the errno or EAI_ error; the bytes that may pass
};

class CallSet {
 public:
  constexpr void add(Call call) { bits_[at(call) / 64] |= std::uint64_t{1} << (at(call) % 64); }
  constexpr void add(const CallSet& other) {
    for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] |= other.bits_[i];
  }
  [[nodiscard]] constexpr bool has(Call call) const {
    return (bits_[at(call) / 64] >> (at(call) % 64)) % 2 != 0;
  }
  [[nodiscard]] constexpr bool within(const CallSet& other) const {
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      if ((bits_[i] & ~other.bits_[i]) != 0) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t at(Call call) { return static_cast<std::size_t>(call); }
  std::array<std::uint64_t, (kCalls + 63) / 64> bits_{};
};

struct Rule {
  static constexpr std::size_t kTimes = 16;

  [[nodiscard]] bool applies(std::uint32_t time) const {
    if (times_listed == 0) return true;
    for (std::size_t i = 0; i < times_listed; ++i) {
      if (times[i] == time) return true;
    }
    return false;
  }

  CallSet calls;
  Fault fault;
  std::array<std::uint32_t, kTimes> times{};
  std::size_t times_listed = 0;  // 0: always
};

class Plan {
 public:
  using Counters = std::atomic<std::uint32_t>[kRules];

  // 0, or the number of the first bad rule: then the whole plan is refused and nothing is injected.
  std::size_t read(std::string_view text);

  // What happens to this call; counts it.
  [[nodiscard]] Fault next(Call call, Counters& counters) const {
    if (!calls_.has(call)) return {};
    return search(call, counters);
  }

 private:
  [[nodiscard]] Fault search(Call call, Counters& counters) const;

  CallSet calls_;
  std::array<Rule, kRules> rules_{};
  std::size_t count_ = 0;
};

}  // namespace observer
