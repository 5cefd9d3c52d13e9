#include "observed.hpp"

#include "clock.hpp"
#include "mapping.hpp"
#include "self.hpp"

namespace observer {

constinit thread_local int quiet = 0;

void Observed::keep(const iovec* parts, std::size_t count, ssize_t size) {
  auto left = size < 0 ? 0 : static_cast<std::size_t>(size);
  for (std::size_t i = 0; i < count && left > 0; ++i) {
    const auto part = std::min(parts[i].iov_len, left);
    keep(parts[i].iov_base, part);
    left -= part;
  }
}

void Observed::become_child(std::int32_t parent) {
  slot_ = {};
  entered_ = now();
  mark(kChild);
  text << "child of " << parent;
}

void Observed::enter() {
  entered_ = now();
  slot_ = ring().writer.claim();
  if (slot_.record == nullptr) return;
  fill(*slot_.record);
  Writer::publish(slot_, Phase::entered);
}

void Observed::come_back() {
  const auto returned = now();
  if (!Writer::reopen(slot_)) begin_again();
  if (slot_.record != nullptr) slot_.record->returned = returned;
}

// The record has been overwritten meanwhile, or was never begun.
[[gnu::cold, gnu::noinline]] void Observed::begin_again() {
  slot_ = ring().writer.claim();
  if (slot_.record == nullptr) return;
  if ((flags_ & kChild) == 0) mark(kLate);
  fill(*slot_.record);
}

void Observed::leave(std::int64_t result, int error) {
  if (slot_.record == nullptr) return;
  auto& record = *slot_.record;
  record.flags = flags_;
  record.result = result;
  record.error = error;
  record.kept = static_cast<std::uint16_t>(kept_);
  const auto words = text.view();
  if (words.size() != text_at_entry_) {
    copy(record.text, words.data(), words.size());
    record.text_length = static_cast<std::uint16_t>(words.size());
  }
  Writer::publish(slot_, Phase::returned);
}

void Observed::fill(Record& record) {
  const auto [pid, tid] = self();
  const auto words = text.view();
  text_at_entry_ = words.size();
  record.entered = entered_;
  record.returned = 0;
  record.pid = pid;
  record.tid = tid;
  record.call = static_cast<std::uint16_t>(call_);
  record.flags = flags_;
  record.fd = fd_;
  record.result = 0;
  record.error = 0;
  record.kept = 0;
  record.text_length = static_cast<std::uint16_t>(words.size());
  record.size = size_;
  copy(record.text, words.data(), words.size());
}

}  // namespace observer
