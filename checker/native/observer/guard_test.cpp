// What the C library calls on its own account is not the program's.
#include <doctest/doctest.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "observed.hpp"
#include "observed_fixture.hpp"

using namespace observer;

TEST_CASE("inside the guard nothing is recorded") {
  const auto added = records_of([] {
    const Quiet inside;
    close(socket(AF_INET, SOCK_DGRAM, 0));
  });
  CHECK(added.empty());
  CHECK(watching());
}

TEST_CASE("a guard inside a guard does not end it") {
  const auto added = records_of([] {
    const Quiet outer;
    { const Quiet inner; }
    close(socket(AF_INET, SOCK_DGRAM, 0));
  });
  CHECK(added.empty());
}

TEST_CASE("a guard is one thread's own") {
  const Quiet inside;
  const auto added = records_of([] { std::thread([] { listen(-1, 5); }).join(); });
  REQUIRE(added.size() == 1);
  CHECK(is(added[0], Call::listen));
}

TEST_CASE("inside the guard no fault strikes, and none is used up") {
  {
    const Quiet inside;
    CHECK(shutdown(-1, SHUT_WR) == -1);
    CHECK(errno == EBADF);
  }
  CHECK(shutdown(-1, SHUT_WR) == -1);
  CHECK(errno == ENOBUFS);
}

TEST_CASE("a look-up is one call, whatever the resolver calls for it") {
  addrinfo* list = nullptr;
  const auto resolved = records_of([&] {
    getaddrinfo("localhost", "80", nullptr, &list);
    if (list != nullptr) freeaddrinfo(list);
  });
  REQUIRE(!resolved.empty());
  CHECK(is(resolved[0], Call::getaddrinfo));
  CHECK(resolved.size() == (list != nullptr ? 2 : 1));
  CHECK(watching());
}

int main(int argc, char** argv) {
  attach_to_ring("shutdown ENOBUFS once");
  return doctest::Context(argc, argv).run();
}
