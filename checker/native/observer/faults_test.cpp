#include "faults.hpp"

#include <doctest/doctest.h>
#include <netdb.h>

#include <cerrno>
#include <string>
#include <vector>

using namespace observer;

namespace {

struct Fixture {
  explicit Fixture(std::string_view text) { refused = plan.read(text); }

  Fault next(Call call) { return plan.next(call, counters); }

  // Which of the first `number` calls have a fault.
  std::vector<int> hit(Call call, int number) {
    std::vector<int> found;
    for (int i = 1; i <= number; ++i) {
      if (next(call).kind != Fault::none) found.push_back(i);
    }
    return found;
  }

  Plan plan;
  Plan::Counters counters{};
  std::size_t refused;
};

}  // namespace

TEST_CASE("no plan, no fault") {
  for (const char* text : {"", "\n", " ; ;\n "}) {
    Fixture none{text};
    CHECK(none.refused == 0);
    CHECK(none.hit(Call::read, 3).empty());
  }
}

TEST_CASE("an error is injected where the rule says") {
  using Calls = std::vector<int>;
  CHECK(Fixture{"read EINTR"}.hit(Call::read, 3) == Calls{1, 2, 3});
  CHECK(Fixture{"read EINTR always"}.hit(Call::read, 3) == Calls{1, 2, 3});
  CHECK(Fixture{"read EINTR once"}.hit(Call::read, 3) == Calls{1});
  CHECK(Fixture{"read EINTR on call 2"}.hit(Call::read, 3) == Calls{2});
  CHECK(Fixture{"read EINTR on calls 1,4"}.hit(Call::read, 5) == Calls{1, 4});
  CHECK(Fixture{"read EINTR"}.next(Call::read).value == EINTR);
}

TEST_CASE("a rule is about the call it names, and no other") {
  Fixture plan{"write short 3"};
  CHECK(plan.hit(Call::send, 2).empty());
  CHECK(plan.hit(Call::writev, 2).empty());
  CHECK(plan.next(Call::write).kind == Fault::shorten);
  CHECK(plan.next(Call::write).value == 3);
}

TEST_CASE("a family's calls count together") {
  Fixture plan{"send* short 1 on call 2"};
  CHECK(plan.next(Call::write).kind == Fault::none);
  CHECK(plan.next(Call::sendmsg).kind == Fault::shorten);
  CHECK(plan.next(Call::write).kind == Fault::none);
  CHECK(plan.counters[0] == 3);
}

TEST_CASE("each rule counts for itself, and the first that applies does") {
  Fixture plan{"read EINTR on call 2; recv* EAGAIN on calls 2,3"};
  CHECK(plan.next(Call::read).kind == Fault::none);
  CHECK(plan.next(Call::read).value == EINTR);
  CHECK(plan.next(Call::read).value == EAGAIN);
  CHECK(plan.counters[0] == 3);
  CHECK(plan.counters[1] == 3);
}

TEST_CASE("the resolver's errors are its own") {
  CHECK(Fixture{"getaddrinfo EAI_AGAIN"}.next(Call::getaddrinfo).value == EAI_AGAIN);
  CHECK(Fixture{"getaddrinfo EINTR"}.refused == 1);
  CHECK(Fixture{"read EAI_AGAIN"}.refused == 1);
}

TEST_CASE("a bad rule refuses the whole plan and is named by its number") {
  Fixture plan{"read EINTR\n\nwrite shorter 3"};
  CHECK(plan.refused == 2);
  CHECK(plan.hit(Call::read, 3).empty());
}

TEST_CASE("what is no rule") {
  for (const char* text : {"read",
                           "EINTR",
                           "reed EINTR",
                           "read EWRONG",
                           "read short",
                           "read short 0",
                           "read short -1",
                           "read short 3x",
                           "read short 99999999999",
                           "read EINTR twice",
                           "read EINTR once more",
                           "read EINTR on",
                           "read EINTR on call",
                           "read EINTR on call 0",
                           "read EINTR on call 1,2",
                           "read EINTR on calls 1,",
                           "read EINTR on calls ,1",
                           "read EINTR on call two",
                           "accept short 3",
                           "fork short 1",
                           "hello EINTR",
                           "exit EINTR",
                           "freeaddrinfo EINTR",
                           "read EINTR on calls 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17"}) {
    CAPTURE(text);
    CHECK(Fixture{text}.refused == 1);
  }
}

TEST_CASE("a plan has at most as many rules as there are counters") {
  std::string text;
  for (std::size_t i = 0; i < kRules; ++i) text += "read EINTR once;";
  CHECK(Fixture{text}.refused == 0);
  CHECK(Fixture{text + "read EINTR"}.refused == kRules + 1);
}
