// A process's threads share its ring.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>
#include <vector>

#include "observed_fixture.hpp"

using namespace observer;

namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kEach = 100;

template <typename Action>
void in_threads(Action action, std::size_t each = kEach) {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&action, each] {
      for (std::size_t j = 0; j < each; ++j) action();
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("threads have their own numbers, and no record is lost") {
  const auto added = records_of([] { in_threads([] { listen(-1, 5); }); });
  CHECK(added.size() == kThreads * kEach);
  std::vector<std::int32_t> numbers;
  for (const auto* record : added) numbers.push_back(record->tid);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  CHECK(numbers.size() == kThreads);
  CHECK(ring().header->lost == 0);
}

TEST_CASE("a rule counts the calls of all threads together") {
  constexpr std::size_t kMany = 10'000;
  std::atomic<int> struck = 0;
  in_threads([&] { struck += shutdown(-1, SHUT_WR) == -1 && errno == ENOBUFS; }, kMany);
  CHECK(struck == 3);
  CHECK(ring().header->counters[0] == kThreads * kMany);
}

TEST_CASE("threads that open and close take each other's numbers, and sockets stay sockets") {
  constexpr std::size_t kCalls = 5;  // socketpair, write, read, close, close
  const auto added = records_of([] {
    in_threads([] {
      const int file = open("/dev/null", O_RDWR);
      const Pair pair;
      char byte = 0;
      static_cast<void>(!write(file, "x", 1));
      CHECK(write(pair.ends[0], "x", 1) == 1);
      CHECK(read(pair.ends[1], &byte, 1) == 1);
      close(file);
    });
  });
  CHECK(added.size() == kThreads * kEach * kCalls);
}

TEST_CASE("a thread that forks is the child's only one") {
  pid_t child = 0;
  const auto added = records_of([&] {
    std::thread([&] {
      child = fork();
      if (child == 0) {
        listen(-1, 5);
        _exit(0);
      }
      CHECK(waitpid(child, nullptr, 0) == child);
    }).join();
  });
  const auto listens = std::find_if(added.begin(), added.end(),
                                    [](const Record* record) { return is(record, Call::listen); });
  REQUIRE(listens != added.end());
  CHECK((*listens)->pid == child);
  CHECK((*listens)->tid == child);
}

int main(int argc, char** argv) {
  attach_to_ring("shutdown ENOBUFS on calls 1,500,40000");
  return doctest::Context(argc, argv).run();
}
