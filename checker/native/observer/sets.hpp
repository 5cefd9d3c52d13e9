#pragma once
// What select, poll and epoll_wait are asked and what they answer; how a child ended; how long.

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>

#include <span>

#include "text.hpp"

namespace observer {

// `read 3,5`; nothing for an empty set.
void name_set(Text& text, std::string_view label, const fd_set& set, int end);
// `3 POLLIN, 5 POLLIN|POLLOUT`: what is asked; or, of those that are ready, what is answered.
void name_asked(Text& text, std::span<const pollfd> entries);
void name_ready(Text& text, std::span<const pollfd> entries);
void name_ready(Text& text, std::span<const epoll_event> events);

// `timeout 2500 ms`; nothing for no timeout.
void name_timeout(Text& text, int milliseconds);
void name_timeout(Text& text, const timeval& time);
void name_timeout(Text& text, const timespec& time);

// `exited 0`, `killed by SIGKILL`.
void name_status(Text& text, int status);

}  // namespace observer
