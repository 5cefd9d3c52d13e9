#include "faults.hpp"

#include <charconv>
#include <optional>

#include "names.hpp"

namespace observer {
namespace {

using enum Call;

template <typename... Calls>
constexpr CallSet set_of(Calls... calls) {
  CallSet set;
  (set.add(calls), ...);
  return set;
}

constexpr CallSet kSend = set_of(write, writev, send, sendto, sendmsg);
constexpr CallSet kRecv = set_of(read, readv, recv, recvfrom, recvmsg);
constexpr CallSet kResolve = set_of(getaddrinfo, getnameinfo);
constexpr CallSet kNeverFail = set_of(hello, freeaddrinfo, exit, _exit);

constexpr struct {
  std::string_view name;
  CallSet calls;
} kFamilies[] = {
    {"send*", kSend},
    {"recv*", kRecv},
    {"accept*", set_of(accept, accept4)},
    {"fork*", set_of(fork, vfork)},
    {"wait*", set_of(waitpid, wait, wait4)},
    {"poll*", set_of(select, pselect, poll, ppoll, epoll_wait, epoll_pwait)},
};

std::string_view next_word(std::string_view& text) {
  const auto start = text.find_first_not_of(" \t\r");
  if (start == std::string_view::npos) return text = {};
  text.remove_prefix(start);
  const auto word = text.substr(0, text.find_first_of(" \t\r"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::uint32_t> positive(std::string_view word) {
  std::uint32_t value = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc{} || stop != end || value == 0 || value > 1'000'000'000)
    return std::nullopt;
  return value;
}

std::optional<CallSet> calls_named(std::string_view word) {
  for (const auto& family : kFamilies) {
    if (family.name == word) return family.calls;
  }
  for (std::size_t i = 0; i < kCalls; ++i) {
    const auto call = static_cast<Call>(i);
    if (kCallNames[i] == word && !kNeverFail.has(call)) return set_of(call);
  }
  return std::nullopt;
}

std::optional<Fault> fault_named(std::string_view& text, const CallSet& calls) {
  const auto word = next_word(text);
  if (word == "short") {
    CallSet streams = kSend;
    streams.add(kRecv);
    const auto bytes = positive(next_word(text));
    if (!bytes || !calls.within(streams)) return std::nullopt;
    return Fault{Fault::shorten, static_cast<int>(*bytes)};
  }
  const auto error = calls.within(kResolve) ? resolver_error_named(word) : errno_named(word);
  if (!error) return std::nullopt;
  return Fault{Fault::error, *error};
}

bool read_times(std::string_view text, Rule& rule) {
  const auto word = next_word(text);
  if (word == "once") {
    rule.times[rule.times_listed++] = 1;
  } else if (word == "on") {
    const auto calls = next_word(text);
    auto list = next_word(text);
    if (calls != "call" && calls != "calls") return false;
    for (bool more = true; more;) {
      const auto comma = list.find(',');
      const auto time = positive(list.substr(0, comma));
      if (!time || rule.times_listed == Rule::kTimes) return false;
      rule.times[rule.times_listed++] = *time;
      more = comma != std::string_view::npos;
      if (more) list.remove_prefix(comma + 1);
    }
    if (calls == "call" && rule.times_listed != 1) return false;
  } else if (!word.empty() && word != "always") {
    return false;
  }
  return next_word(text).empty();
}

bool read_rule(std::string_view text, Rule& rule) {
  const auto calls = calls_named(next_word(text));
  if (!calls) return false;
  const auto fault = fault_named(text, *calls);
  if (!fault) return false;
  rule.calls = *calls;
  rule.fault = *fault;
  return read_times(text, rule);
}

}  // namespace

std::size_t Plan::read(std::string_view text) {
  *this = {};
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find_first_of(";\n");
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    auto rest = line;
    if (next_word(rest).empty()) continue;
    ++number;
    if (count_ == kRules || !read_rule(line, rules_[count_])) {
      *this = {};
      return number;
    }
    calls_.add(rules_[count_++].calls);
  }
  return 0;
}

Fault Plan::search(Call call, Counters& counters) const {
  Fault found;
  for (std::size_t i = 0; i < count_; ++i) {
    const auto& rule = rules_[i];
    if (!rule.calls.has(call)) continue;
    const auto time = counters[i].fetch_add(1, std::memory_order_relaxed) + 1;
    if (found.kind == Fault::none && rule.applies(time)) found = rule.fault;
  }
  return found;
}

}  // namespace observer
