#include "observed.hpp"

#include <algorithm>
#include <atomic>

#include "clock.hpp"
#include "mapping.hpp"
#include "self.hpp"

namespace observer {
namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local int quiet = 0;

}  // namespace

bool watching() { return quiet == 0 && attached(); }

Quiet::Quiet() { ++quiet; }
Quiet::~Quiet() { --quiet; }

Observed::Observed(Call call, int fd, std::uint64_t size)
    : call_(call), fd_(fd), size_(size), fault_(ring().plan.next(call, ring().header->counters)) {
  if (fault_.kind == Fault::error) mark(kInjected);
}

std::size_t Observed::allowed(std::size_t size) {
  const auto most = static_cast<std::size_t>(fault_.value);
  if (fault_.kind != Fault::shorten || size <= most) return size;
  mark(kInjected);
  return most;
}

void Observed::keep(const void* data, ssize_t size) {
  single_ = {const_cast<void*>(data), size > 0 ? static_cast<std::size_t>(size) : 0};
  keep(&single_, 1, size);
}

void Observed::keep(const iovec* parts, std::size_t count, ssize_t size) {
  if (size <= 0) return;
  parts_ = parts;
  part_count_ = count;
  transferred_ = static_cast<std::size_t>(size);
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
  text_at_entry_ = text.view().size();
  Writer::publish(slot_, Phase::entered);
}

void Observed::leave(std::int64_t result, int error) {
  if (!Writer::reopen(slot_)) {
    slot_ = ring().writer.claim();
    if (slot_.record == nullptr) return;
    if ((flags_ & kChild) == 0) mark(kLate);
    fill(*slot_.record);
    text_at_entry_ = text.view().size();
  }
  complete(*slot_.record, result, error);
  Writer::publish(slot_, Phase::returned);
}

void Observed::fill(Record& record) const {
  const auto [pid, tid] = self();
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
  record.text_length = static_cast<std::uint16_t>(text.view().size());
  record.size = size_;
  copy(record.text, text.view().data(), text.view().size());
}

void Observed::complete(Record& record, std::int64_t result, int error) const {
  record.returned = now();
  record.flags = flags_;
  record.result = result;
  record.error = error;
  const auto words = text.view();
  if (words.size() != text_at_entry_) {
    copy(record.text, words.data(), words.size());
    record.text_length = static_cast<std::uint16_t>(words.size());
  }
  const auto most = std::min<std::size_t>(transferred_, ring().payload);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < part_count_ && kept < most; ++i) {
    const auto size = std::min(parts_[i].iov_len, most - kept);
    copy(record.payload + kept, parts_[i].iov_base, size);
    kept += size;
  }
  record.kept = static_cast<std::uint16_t>(kept);
}

}  // namespace observer
