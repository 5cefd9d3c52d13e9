#include <doctest/doctest.h>

#include <memory>
#include <thread>
#include <vector>

#include "writer.hpp"

using namespace observer;

namespace {

struct Fixture {
  explicit Fixture(std::size_t capacity) : records(capacity) {
    writer.use(header.get(), records.data(), capacity);
  }
  std::unique_ptr<Header> header = std::make_unique<Header>();
  std::vector<Record> records;
  Writer writer;
};

}  // namespace

TEST_CASE("records take the slots in order") {
  Fixture ring{4};
  for (std::uint64_t sequence = 1; sequence <= 4; ++sequence) {
    const auto slot = ring.writer.claim();
    CHECK(slot.record == &ring.records[sequence - 1]);
    CHECK(slot.sequence == sequence);
    Writer::publish(slot, Phase::entered);
    CHECK(slot.record->state == state_of(sequence, Phase::entered));
  }
}

TEST_CASE("a full ring starts again at its beginning, and its header tells") {
  Fixture ring{2};
  for (int i = 0; i < 5; ++i) Writer::publish(ring.writer.claim(), Phase::returned);
  CHECK(ring.records[0].state == state_of(5, Phase::returned));
  CHECK(ring.records[1].state == state_of(4, Phase::returned));
  CHECK(ring.header->next == 5);
  CHECK(ring.header->lost == 0);
}

TEST_CASE("an overwritten record is not completed") {
  Fixture ring{1};
  const auto first = ring.writer.claim();
  Writer::publish(first, Phase::entered);
  const auto second = ring.writer.claim();
  CHECK_FALSE(Writer::reopen(first));
  Writer::publish(second, Phase::entered);
  CHECK_FALSE(Writer::reopen(first));
  CHECK(Writer::reopen(second));
}

TEST_CASE("a slot in use is left alone, and the record that wanted it counts as lost") {
  Fixture ring{1};
  const auto first = ring.writer.claim();
  CHECK(ring.writer.claim().record == nullptr);
  Writer::publish(first, Phase::entered);
  REQUIRE(Writer::reopen(first));
  CHECK(ring.writer.claim().record == nullptr);
  CHECK(ring.header->lost == 2);
  CHECK(first.record->state == state_of(1, Phase::completing));
}

TEST_CASE("a latecomer does not overwrite a newer record") {
  Fixture ring{1};
  ring.records[0].state = state_of(9, Phase::returned);
  CHECK(ring.writer.claim().record == nullptr);
  CHECK(ring.records[0].state == state_of(9, Phase::returned));
}

TEST_CASE("threads never share a record, however small the ring") {
  constexpr int kThreads = 4;
  constexpr int kEach = 20000;
  Fixture ring{8};
  std::atomic<std::uint64_t> torn = 0;
  std::atomic<std::uint64_t> completed = 0;
  std::atomic<std::uint64_t> overwritten = 0;
  const auto write = [&] {
    for (int i = 0; i < kEach; ++i) {
      const auto slot = ring.writer.claim();
      if (slot.record == nullptr) continue;
      slot.record->entered = slot.sequence;
      slot.record->size = slot.sequence;
      Writer::publish(slot, Phase::entered);
      if (!Writer::reopen(slot)) {
        ++overwritten;
        continue;
      }
      if (slot.record->entered != slot.sequence || slot.record->size != slot.sequence) ++torn;
      slot.record->returned = slot.sequence;
      Writer::publish(slot, Phase::returned);
      ++completed;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(write);
  for (auto& thread : threads) thread.join();
  CHECK(torn == 0);
  CHECK(ring.header->next == kThreads * kEach);
  CHECK(completed + overwritten + ring.header->lost == kThreads * kEach);
  for (const auto& record : ring.records) {
    if (phase_of(record.state) == Phase::returned) CHECK(record.returned == record.state / 8);
  }
}
