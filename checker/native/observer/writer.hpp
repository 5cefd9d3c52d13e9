#pragma once
// Writes records into a ring. Any number of threads and processes at once: a slot belongs to
// whoever moved its state out of a finished phase; who finds it in use gives up and counts it as
// lost. Nothing waits, so a signal handler or a killed process harms no one.

#include "ring.hpp"

namespace observer {

constexpr std::uint64_t state_of(std::uint64_t sequence, Phase phase) {
  return sequence * 8 + static_cast<std::uint64_t>(phase);
}

constexpr Phase phase_of(std::uint64_t state) { return static_cast<Phase>(state % 8); }

struct Slot {
  Record* record = nullptr;
  std::uint64_t sequence = 0;
};

class Writer {
 public:
  // Kept here, not read from the header again: the program may scribble on what it shares.
  void use(Header* header, Record* records, std::uint64_t capacity) {
    header_ = header;
    records_ = records;
    mask_ = capacity - 1;
  }

  // The next record, to be filled and published; its `record` is null when the slot is in use.
  Slot claim() {
    const auto sequence = header_->next.fetch_add(1, std::memory_order_relaxed) + 1;
    auto& record = records_[(sequence - 1) & mask_];
    auto& following = records_[sequence & mask_];
    __builtin_prefetch(&following, 1);  // comes from memory while the real call is under way
    __builtin_prefetch(&following.payload, 1);
    auto state = record.state.load(std::memory_order_relaxed);
    const auto phase = phase_of(state);
    const bool in_use = phase == Phase::writing || phase == Phase::completing;
    if (!in_use && state / 8 < sequence &&
        record.state.compare_exchange_strong(state, state_of(sequence, Phase::writing),
                                             std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
      return {&record, sequence};
    }
    header_->lost.fetch_add(1, std::memory_order_relaxed);
    return {nullptr, sequence};
  }

  static void publish(const Slot& slot, Phase phase) {
    slot.record->state.store(state_of(slot.sequence, phase), std::memory_order_release);
  }

  // Takes an entered record back to complete it; false when it has been overwritten meanwhile.
  static bool reopen(const Slot& slot) {
    if (slot.record == nullptr) return false;
    auto entered = state_of(slot.sequence, Phase::entered);
    return slot.record->state.compare_exchange_strong(
        entered, state_of(slot.sequence, Phase::completing), std::memory_order_acquire,
        std::memory_order_relaxed);
  }

 private:
  Header* header_ = nullptr;
  Record* records_ = nullptr;
  std::uint64_t mask_ = 0;
};

}  // namespace observer
