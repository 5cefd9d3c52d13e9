#include "observed.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "observed_fixture.hpp"

using namespace observer;

TEST_CASE("a call is recorded with what it was asked and what came of it") {
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
  const Pair pair;
  errno = 77;
  CHECK(write(pair.ends[0], "x", 1) == 1);
  CHECK(errno == 77);
  const auto added = records_of([] { CHECK(listen(-1, 5) == -1); });
  CHECK(errno == EBADF);
  CHECK(added.at(0)->error == EBADF);
}

TEST_CASE("files are none of its business") {
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

TEST_CASE("faults: an error instead of the call, and a short transfer that is really short") {
  const Pair pair;
  CHECK(dup(pair.ends[0]) == -1);
  CHECK(errno == EMFILE);
  const auto added = records_of([&] { CHECK(send(pair.ends[0], "abcd", 4, 0) == 2); });
  CHECK(added.at(0)->flags == kInjected);
  char got[8];
  CHECK(recv(pair.ends[1], got, sizeof got, MSG_DONTWAIT) == 2);
}

TEST_CASE("a call that blocks is there, entered, before it returns") {
  const Pair pair;
  const auto& record = records()[ring().header->next % kCapacity];
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

int main(int argc, char** argv) {
  observer::attach_to_ring("dup EMFILE once; send short 2 on call 1");
  return doctest::Context(argc, argv).run();
}
