// The observer linked into the test itself: what it calls is observed.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "observed.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "mapping.hpp"

using namespace observer;

namespace {

constexpr std::uint64_t kCapacity = 4096;

// A ring made and attached before main, as the prober does it; each test looks at what it adds.
struct Shared {
  Shared() {
    const int fd = memfd_create("ring", 0);
    if (ftruncate(fd, static_cast<off_t>(sizeof(Header) + kCapacity * sizeof(Record))) != 0)
      abort();
    Header header{};
    std::copy(std::begin(kMagic), std::end(kMagic), header.magic);
    header.version = kVersion;
    header.header_size = sizeof(Header);
    header.record_size = sizeof(Record);
    header.capacity = kCapacity;
    header.payload = 8;
    const std::string_view plan = "dup EMFILE once; send short 2 on call 1";
    header.plan_length = static_cast<std::uint32_t>(plan.size());
    std::copy(plan.begin(), plan.end(), header.plan);
    if (pwrite(fd, &header, sizeof header, 0) != sizeof header) abort();
    const auto path = "/proc/self/fd/" + std::to_string(fd);
    setenv("LOOPBACK_RING", path.c_str(), 1);
    attach_now();
  }

  [[nodiscard]] const Record* records() const {
    return reinterpret_cast<const Record*>(ring().header + 1);
  }
};

const Shared& shared() {
  static const Shared only;
  return only;
}

// The records that an action leaves.
template <typename Action>
std::vector<const Record*> records_of(Action action) {
  const auto* all = shared().records();
  const std::uint64_t before = ring().header->next;
  action();
  std::vector<const Record*> added;
  for (auto i = before; i < ring().header->next; ++i) added.push_back(&all[i % kCapacity]);
  return added;
}

bool is(const Record* record, Call call) { return record->call == static_cast<unsigned>(call); }

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

}  // namespace

TEST_CASE("a call is recorded with what it was asked and what came of it") {
  shared();
  const Pair pair;
  const auto added = records_of([&] { CHECK(write(pair.ends[0], "0123456789", 10) == 10); });
  REQUIRE(added.size() == 1);
  const auto& record = *added[0];
  CHECK(is(&record, Call::write));
  CHECK(phase_of(record.state) == Phase::returned);
  CHECK(record.pid == getpid());
  CHECK(record.fd == pair.ends[0]);
  CHECK(record.size == 10);
  CHECK(record.result == 10);
  CHECK(record.kept == 8);
  CHECK(std::memcmp(record.payload, "01234567", 8) == 0);
  CHECK(record.entered <= record.returned);
}

TEST_CASE("errno is the call's own, and untouched by success") {
  shared();
  const Pair pair;
  errno = 77;
  CHECK(write(pair.ends[0], "x", 1) == 1);
  CHECK(errno == 77);
  const auto added = records_of([] { CHECK(listen(-1, 5) == -1); });
  CHECK(errno == EBADF);
  CHECK(added.at(0)->error == EBADF);
}

TEST_CASE("files are none of its business") {
  shared();
  const int file = open("/dev/null", O_RDWR);
  const auto added = records_of([&] {
    char byte;
    CHECK(write(file, "x", 1) == 1);
    CHECK(read(file, &byte, 1) == 0);
    CHECK(close(dup(file)) == 0);
  });
  CHECK(added.empty());
  close(file);
}

TEST_CASE("a number that was a socket's and is a file's now is a file's") {
  shared();
  const Pair pair;
  const int number = dup2(pair.ends[0], 100);
  CHECK(records_of([&] { CHECK(write(number, "x", 1) == 1); }).size() == 1);
  close(number);
  const int file = open("/dev/null", O_RDWR);
  CHECK(dup2(file, number) == number);
  CHECK(records_of([&] { CHECK(write(number, "x", 1) == 1); }).empty());
  close(number);
  close(file);
}

TEST_CASE("inside the resolver it is quiet") {
  shared();
  const auto added = records_of([] {
    const Quiet inside;
    close(socket(AF_INET, SOCK_DGRAM, 0));
  });
  CHECK(added.empty());
  addrinfo* list = nullptr;
  const auto resolved = records_of([&] { getaddrinfo("localhost", "80", nullptr, &list); });
  CHECK(resolved.size() == 1);
  if (list != nullptr) freeaddrinfo(list);
}

TEST_CASE("faults: an error instead of the call, and a short transfer that is really short") {
  shared();
  const Pair pair;
  CHECK(dup(pair.ends[0]) == -1);
  CHECK(errno == EMFILE);
  const auto added = records_of([&] { CHECK(send(pair.ends[0], "abcd", 4, 0) == 2); });
  CHECK(added.at(0)->flags == kInjected);
  char got[8];
  CHECK(recv(pair.ends[1], got, sizeof got, MSG_DONTWAIT) == 2);
}

TEST_CASE("parent and child of a fork share the ring and keep their numbers apart") {
  shared();
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
  const auto by = [&](pid_t process, Call call) {
    return std::count_if(added.begin(), added.end(), [&](const Record* record) {
      return record->pid == process && is(record, call);
    });
  };
  CHECK(by(getpid(), Call::fork) == 1);
  CHECK(by(child, Call::fork) == 1);
  CHECK(by(child, Call::write) == 1);
  CHECK(by(child, Call::_exit) == 1);
  CHECK(by(getpid(), Call::waitpid) == 1);
}

TEST_CASE("a call that blocks is there, entered, before it returns") {
  shared();
  const Pair pair;
  const auto& record = shared().records()[ring().header->next % kCapacity];
  const auto entered = state_of(ring().header->next + 1, Phase::entered);
  std::thread reader([&] {
    char byte;
    CHECK(read(pair.ends[1], &byte, 1) == 1);
  });
  while (record.state != entered) std::this_thread::yield();
  CHECK(is(&record, Call::read));
  CHECK(record.fd == pair.ends[1]);
  CHECK(write(pair.ends[0], "x", 1) == 1);
  reader.join();
  CHECK(record.result == 1);
}

TEST_CASE("a signal handler's calls are recorded too") {
  shared();
  static int end = -1;
  const Pair pair;
  end = pair.ends[0];
  struct sigaction action{};
  action.sa_handler = [](int) { static_cast<void>(!write(end, "!", 1)); };
  sigaction(SIGUSR1, &action, nullptr);
  const auto added = records_of([] { raise(SIGUSR1); });
  REQUIRE(added.size() == 1);
  CHECK(is(added[0], Call::write));
}

TEST_CASE("threads have their own numbers, and no record is lost") {
  shared();
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 100;
  std::vector<std::thread> threads;
  const auto added = records_of([&] {
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([] {
        for (std::size_t j = 0; j < kEach; ++j) listen(-1, static_cast<int>(j));
      });
    }
    for (auto& thread : threads) thread.join();
  });
  CHECK(added.size() == kThreads * kEach);
  std::vector<std::int32_t> numbers;
  for (const auto* record : added) numbers.push_back(record->tid);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  CHECK(numbers.size() == kThreads);
  CHECK(ring().header->lost == 0);
}
