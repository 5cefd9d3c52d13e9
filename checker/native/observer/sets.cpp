#include "sets.hpp"

#include <sys/wait.h>

#include "names.hpp"

namespace observer {
namespace {

void separate(Text& text, std::string_view separator) {
  if (!text.empty()) text << separator;
}

void name_microseconds(Text& text, std::int64_t seconds, std::int64_t microseconds) {
  separate(text, ", ");
  text << "timeout " << seconds * 1000 + microseconds / 1000 << " ms";
}

}  // namespace

void name_set(Text& text, std::string_view label, const fd_set& set, int end) {
  bool first = true;
  for (int fd = 0; fd < end && fd < FD_SETSIZE && !text.full(); ++fd) {
    if (!FD_ISSET(fd, &set)) continue;
    if (first) {
      separate(text, ", ");
      text << label << ' ';
    } else {
      text << ',';
    }
    first = false;
    text << fd;
  }
}

void name_asked(Text& text, std::span<const pollfd> entries) {
  for (const auto& entry : entries) {
    if (text.full()) return;
    separate(text, ", ");
    text << entry.fd << ' ';
    name_poll_events(text, static_cast<unsigned short>(entry.events));
  }
}

void name_ready(Text& text, std::span<const pollfd> entries) {
  bool first = true;
  for (const auto& entry : entries) {
    if (entry.revents == 0 || text.full()) continue;
    text << (first ? " -> " : ", ") << entry.fd << ' ';
    name_poll_events(text, static_cast<unsigned short>(entry.revents));
    first = false;
  }
}

void name_ready(Text& text, std::span<const epoll_event> events) {
  bool first = true;
  for (const auto& event : events) {
    if (text.full()) return;
    text << (first ? "-> " : ", ");
    first = false;
    constexpr std::uint64_t kDescriptor = 1048576;
    if (event.data.u64 < kDescriptor) {
      text << std::uint64_t{event.data.u64};
    } else {
      text << "0x";
      text.hex(event.data.u64);
    }
    text << ' ';
    name_epoll_events(text, event.events);
  }
}

void name_timeout(Text& text, int milliseconds) {
  if (milliseconds < 0) return;
  separate(text, ", ");
  text << "timeout " << milliseconds << " ms";
}

void name_timeout(Text& text, const timeval& time) {
  name_microseconds(text, time.tv_sec, time.tv_usec);
}

void name_timeout(Text& text, const timespec& time) {
  name_microseconds(text, time.tv_sec, time.tv_nsec / 1000);
}

void name_status(Text& text, int status) {
  if (WIFEXITED(status)) {
    text << "exited " << WEXITSTATUS(status);
  } else if (WIFSIGNALED(status)) {
    text << "killed by ";
    name_signal(text, WTERMSIG(status));
  } else if (WIFSTOPPED(status)) {
    text << "stopped by ";
    name_signal(text, WSTOPSIG(status));
  } else {
    text << "continued";
  }
}

}  // namespace observer
