#include "options.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("a limit is a known name and a number") {
  const auto limit = parse_limit("memory=4096");
  REQUIRE(limit.has_value());
  CHECK(limit->resource == RLIMIT_DATA);
  CHECK(limit->value == 4096);
}

TEST_CASE("every named limit is understood") {
  for (const auto& [name, resource] : kLimits) {
    const auto limit = parse_limit(std::string(name) + "=1");
    REQUIRE(limit.has_value());
    CHECK(limit->resource == resource);
  }
}

TEST_CASE("anything else is refused") {
  for (const char* text : {"", "=", "memory", "memory=", "memory=4k", "memory=-1", "memory= 1",
                           "swap=1", "memory=99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_limit(text).has_value());
  }
}

TEST_CASE("a number is the whole text") {
  CHECK(parse_number<int>("7") == 7);
  CHECK_FALSE(parse_number<int>("7x").has_value());
  CHECK_FALSE(parse_number<int>("").has_value());
}

TEST_CASE("what is no limit is a variable, or the number of descriptors taken") {
  Options options;
  char variable[] = "env:A=b=c";
  char taken[] = "taken=12";
  char limit[] = "cpu=1";
  REQUIRE((options.take(variable) && options.take(taken) && options.take(limit)));
  CHECK(options.environment.at(0) == std::string_view("A=b=c"));
  CHECK(options.taken == 12);
  CHECK(options.limits.size() == 1);
}

TEST_CASE("what all processes may use together is a number") {
  Options options;
  char memory[] = "memory-together=4096";
  char files[] = "files-together=7";
  REQUIRE((options.take(memory) && options.take(files)));
  CHECK(options.together.memory == 4096);
  CHECK(options.together.files == 7);
}

TEST_CASE("half an option is refused") {
  for (std::string text : {"memory-together=", "files-together=x", "env:A",
                           "env:", "taken=", "taken=-1", "taken=x", "A=b"}) {
    CAPTURE(text);
    CHECK_FALSE(Options{}.take(text.data()));
  }
}
