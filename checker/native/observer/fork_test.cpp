// A program's processes share its ring.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <vector>

#include "observed_fixture.hpp"

using namespace observer;

namespace {

void end_of(pid_t child) { CHECK(waitpid(child, nullptr, 0) == child); }

}  // namespace

TEST_CASE("parent and child of a fork share the ring and keep their numbers apart") {
  const Pair pair;
  pid_t child = 0;
  const auto added = records_of([&] {
    child = fork();
    if (child == 0) {
      static_cast<void>(!write(pair.ends[0], "x", 1));
      _exit(0);
    }
    CHECK(waitpid(child, nullptr, 0) == child);
  });
  CHECK(count_of(added, getpid(), Call::fork) == 1);
  CHECK(count_of(added, child, Call::fork) == 1);
  CHECK(count_of(added, child, Call::write) == 1);
  CHECK(count_of(added, child, Call::_exit) == 1);
  CHECK(count_of(added, getpid(), Call::waitpid) == 1);
}

TEST_CASE("a child of a child has a number of its own") {
  const Pair pair;
  pid_t child = 0;
  pid_t grandchild = 0;
  const auto added = records_of([&] {
    child = fork();
    if (child == 0) {
      const pid_t below = fork();
      if (below == 0) _exit(0);
      waitpid(below, nullptr, 0);
      static_cast<void>(!write(pair.ends[0], &below, sizeof below));
      _exit(0);
    }
    CHECK(read(pair.ends[1], &grandchild, sizeof grandchild) == sizeof grandchild);
    end_of(child);
  });
  CHECK(count_of(added, child, Call::fork) == 2);
  CHECK(count_of(added, grandchild, Call::fork) == 1);
  CHECK(count_of(added, grandchild, Call::_exit) == 1);
}

TEST_CASE("a child that no call of ours made is known for what it is") {
  pid_t child = 0;
  const auto added = records_of([&] {
    child = static_cast<pid_t>(syscall(SYS_fork));
    if (child == 0) {
      listen(-1, 5);
      _exit(0);
    }
    end_of(child);
  });
  CHECK(count_of(added, child, Call::listen) == 1);
}

TEST_CASE("a fork that is made to fail makes no child") {
  pid_t child = 0;
  for (int times = 0; times < 20 && child >= 0; ++times) {
    child = fork();
    if (child == 0) _exit(0);
    if (child > 0) end_of(child);
  }
  CHECK(child == -1);
  CHECK(errno == EAGAIN);
}

TEST_CASE("children that record at once lose nothing") {
  constexpr int kChildren = 8;
  constexpr int kEach = 100;
  std::vector<pid_t> children;
  const auto added = records_of([&] {
    for (int i = 0; i < kChildren; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        for (int j = 0; j < kEach; ++j) listen(-1, j);
        _exit(0);
      }
      children.push_back(child);
    }
    for (const auto child : children) end_of(child);
  });
  for (const auto child : children) CHECK(count_of(added, child, Call::listen) == kEach);
  CHECK(ring().header->lost == 0);
}

TEST_CASE("a child that is killed leaves the call it was in, and harms no one") {
  const Pair pair;
  const auto added = records_of([&] {
    const pid_t child = fork();
    if (child == 0) {
      char byte;
      static_cast<void>(!write(pair.ends[0], "x", 1));
      static_cast<void>(!read(pair.ends[0], &byte, 1));
      _exit(0);
    }
    char byte;
    CHECK(read(pair.ends[1], &byte, 1) == 1);
    const auto blocked = [&] {
      return std::any_of(records(), records() + kCapacity, [&](const Record& record) {
        return phase_of(record.state) == Phase::entered && is(&record, Call::read) &&
               record.pid == child;
      });
    };
    while (!blocked()) std::this_thread::yield();
    CHECK(kill(child, SIGKILL) == 0);
    end_of(child);
  });
  CHECK(std::count_if(added.begin(), added.end(), [](const Record* record) {
          return phase_of(record->state) == Phase::entered;
        }) == 1);
  CHECK(records_of([] { listen(-1, 5); }).size() == 1);
}

int main(int argc, char** argv) {
  attach_to_ring("fork EAGAIN on call 13");
  return doctest::Context(argc, argv).run();
}
