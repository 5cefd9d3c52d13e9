// select, pselect, poll, ppoll, epoll_create, epoll_create1, epoll_ctl, epoll_wait, epoll_pwait.

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include <algorithm>

#include "memory.hpp"
#include "names.hpp"
#include "observed.hpp"
#include "real.hpp"
#include "sets.hpp"
#include "sockets.hpp"

using namespace observer;

namespace {

struct Sets {
  int end;
  fd_set* read;
  fd_set* write;
  fd_set* except;

  void describe(Text& text) const {
    describe(text, "read", read);
    describe(text, "write", write);
    describe(text, "except", except);
  }

 private:
  void describe(Text& text, std::string_view label, const fd_set* set) const {
    constexpr int kWord = 8 * sizeof(long);
    const auto words = (std::clamp(end, 0, FD_SETSIZE) + kWord - 1) / kWord;
    fd_set known{};
    peek(&known, set, static_cast<std::size_t>(words) * sizeof(long));
    name_set(text, label, known, end);
  }
};

template <typename Timeout, typename RealCall>
int observe_select(Call which, const Sets& sets, const Timeout* timeout, RealCall real_call) {
  Observed call{which, -1, sets.end < 0 ? 0 : static_cast<std::uint64_t>(sets.end)};
  sets.describe(call.text);
  Timeout known;
  if (peek(known, timeout)) name_timeout(call.text, known);
  return call.through(real_call, [&](int result) {
    if (result <= 0) return;
    Text ready;
    sets.describe(ready);
    call.text << " -> " << ready.view();
  });
}

constexpr std::size_t kShown = 16;  // more do not fit into a text

void describe_asked(Text& text, const pollfd* entries, nfds_t count) {
  pollfd known[kShown];
  const auto bytes = std::min<std::size_t>(count, kShown) * sizeof(pollfd);
  name_asked(text, {known, peek(known, entries, bytes) / sizeof(pollfd)});
}

template <typename RealCall>
int observe_poll(Observed& call, const pollfd* entries, nfds_t count, RealCall real_call) {
  return call.through(real_call, [&](int result) {
    if (result > 0) name_ready(call.text, {entries, count});
  });
}

template <typename RealCall>
int observe_epoll(Observed& call, const epoll_event* events, RealCall real_call) {
  return call.through(real_call, [&](int result) {
    if (result <= 0) return;
    const auto shown = std::min(static_cast<std::size_t>(result), kShown);
    if (!call.text.empty()) call.text << ' ';
    name_ready(call.text, std::span(events, shown));
  });
}

std::uint64_t size_of(int count) { return count < 0 ? 0 : static_cast<std::uint64_t>(count); }

}  // namespace

OBSERVED(int, select, int end, fd_set* read, fd_set* write, fd_set* except, timeval* timeout) {
  if (!watching()) return REAL(select)(end, read, write, except, timeout);
  return observe_select(Call::select, {end, read, write, except}, timeout,
                        [&] { return REAL(select)(end, read, write, except, timeout); });
}

OBSERVED(int, pselect, int end, fd_set* read, fd_set* write, fd_set* except,
         const timespec* timeout, const sigset_t* mask) {
  if (!watching()) return REAL(pselect)(end, read, write, except, timeout, mask);
  return observe_select(Call::pselect, {end, read, write, except}, timeout,
                        [&] { return REAL(pselect)(end, read, write, except, timeout, mask); });
}

OBSERVED(int, poll, pollfd* entries, nfds_t count, int timeout) {
  if (!watching()) return REAL(poll)(entries, count, timeout);
  Observed call{Call::poll, -1, count};
  describe_asked(call.text, entries, count);
  name_timeout(call.text, timeout);
  return observe_poll(call, entries, count, [&] { return REAL(poll)(entries, count, timeout); });
}

OBSERVED(int, ppoll, pollfd* entries, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  if (!watching()) return REAL(ppoll)(entries, count, timeout, mask);
  Observed call{Call::ppoll, -1, count};
  describe_asked(call.text, entries, count);
  timespec known;
  if (peek(known, timeout)) name_timeout(call.text, known);
  return observe_poll(call, entries, count,
                      [&] { return REAL(ppoll)(entries, count, timeout, mask); });
}

OBSERVED(int, epoll_create, int size) {
  if (!watching()) return REAL(epoll_create)(size);
  Observed call{Call::epoll_create};
  return call.through([&] { return REAL(epoll_create)(size); }, forget);
}

OBSERVED(int, epoll_create1, int flags) {
  if (!watching()) return REAL(epoll_create1)(flags);
  Observed call{Call::epoll_create1};
  if (flags == EPOLL_CLOEXEC) call.text << "EPOLL_CLOEXEC";
  return call.through([&] { return REAL(epoll_create1)(flags); }, forget);
}

OBSERVED(int, epoll_ctl, int epoll, int operation, int fd, epoll_event* event) {
  if (!watching()) return REAL(epoll_ctl)(epoll, operation, fd, event);
  Observed call{Call::epoll_ctl, epoll};
  name_epoll_operation(call.text, operation);
  call.text << ' ' << fd;
  epoll_event known;
  if (operation != EPOLL_CTL_DEL && peek(known, event)) {
    call.text << ' ';
    name_epoll_events(call.text, known.events);
  }
  return call.through([&] { return REAL(epoll_ctl)(epoll, operation, fd, event); });
}

OBSERVED(int, epoll_wait, int epoll, epoll_event* events, int count, int timeout) {
  if (!watching()) return REAL(epoll_wait)(epoll, events, count, timeout);
  Observed call{Call::epoll_wait, epoll, size_of(count)};
  name_timeout(call.text, timeout);
  return observe_epoll(call, events,
                       [&] { return REAL(epoll_wait)(epoll, events, count, timeout); });
}

OBSERVED(int, epoll_pwait, int epoll, epoll_event* events, int count, int timeout,
         const sigset_t* mask) {
  if (!watching()) return REAL(epoll_pwait)(epoll, events, count, timeout, mask);
  Observed call{Call::epoll_pwait, epoll, size_of(count)};
  name_timeout(call.text, timeout);
  return observe_epoll(call, events,
                       [&] { return REAL(epoll_pwait)(epoll, events, count, timeout, mask); });
}
