#pragma once
// What `launch` takes on its command line before the program: limits as NAME=VALUE, and more.

#include <sys/resource.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

struct Limit {
  int resource;
  rlim_t value;
};

inline constexpr std::array<std::pair<std::string_view, int>, 6> kLimits{{
    {"cpu", RLIMIT_CPU},
    {"memory", RLIMIT_DATA},  // RLIMIT_AS counts what a runtime only reserves
    {"processes", RLIMIT_NPROC},
    {"descriptors", RLIMIT_NOFILE},
    {"file", RLIMIT_FSIZE},
    {"core", RLIMIT_CORE},
}};

// The whole text as a number; nothing if there is anything else in it.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

inline std::optional<Limit> parse_limit(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto value = parse_number<rlim_t>(text.substr(equals + 1));
  for (const auto& [name, resource] : kLimits) {
    if (name == text.substr(0, equals) && value) return Limit{resource, *value};
  }
  return std::nullopt;
}

// What all processes of the program may use together; 0 for what is not limited.
struct Together {
  std::uint64_t memory = 0;  // bytes
  std::uint64_t files = 0;   // in the scratch folders
};

struct Options {
  // Takes one word; false when it is none of ours.
  bool take(char* word) {
    constexpr std::string_view kTaken = "taken=";
    constexpr std::string_view kEnvironment = "env:";
    constexpr std::array<std::pair<std::string_view, std::uint64_t Together::*>, 2> kTogether{
        {{"memory-together=", &Together::memory}, {"files-together=", &Together::files}}};
    const std::string_view text = word;
    if (text.starts_with(kEnvironment)) {
      if (text.find('=') == std::string_view::npos) return false;
      environment.push_back(word + kEnvironment.size());
      return true;
    }
    if (text.starts_with(kTaken)) {
      const auto number = parse_number<int>(text.substr(kTaken.size()));
      taken = number.value_or(-1);
      return taken >= 0;
    }
    for (const auto& [name, member] : kTogether) {
      if (!text.starts_with(name)) continue;
      const auto number = parse_number<std::uint64_t>(text.substr(name.size()));
      together.*member = number.value_or(0);
      return number.has_value();
    }
    const auto limit = parse_limit(text);
    if (limit) limits.push_back(*limit);
    return limit.has_value();
  }

  std::vector<Limit> limits;
  std::vector<char*> environment;
  Together together;
  int taken = 0;
};
