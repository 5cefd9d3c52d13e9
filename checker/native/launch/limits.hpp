#pragma once
// The resource limits that `launch` takes on its command line, as NAME=VALUE.

#include <sys/resource.h>

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

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
