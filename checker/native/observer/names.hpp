#pragma once
// Numbers of the socket interface by their names.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "text.hpp"

namespace observer {

struct Name {
  std::uint64_t value;
  std::string_view name;
};

// One value: `AF_INET`; a number where it has no name.
void name_one(Text& text, std::uint64_t value, std::span<const Name> names);
// Bits: `SOCK_STREAM|SOCK_CLOEXEC`; what has no name in hexadecimal; nothing set: `0`.
void name_bits(Text& text, std::uint64_t value, std::span<const Name> names);

void name_family(Text& text, int family);
void name_socket_type(Text& text, int type);
void name_type_flags(Text& text, int flags);  // accept4's
void name_message_flags(Text& text, int flags);
void name_shutdown(Text& text, int how);
void name_signal(Text& text, int signal);
void name_signal_flags(Text& text, int flags);
void name_poll_events(Text& text, unsigned events);
void name_epoll_events(Text& text, unsigned events);
void name_epoll_operation(Text& text, int operation);
void name_open_flags(Text& text, int flags);
void name_fcntl(Text& text, int command);
void name_addrinfo_flags(Text& text, int flags);
void name_nameinfo_flags(Text& text, int flags);
void name_wait_flags(Text& text, int flags);
void name_option(Text& text, int level, int option);

std::optional<int> errno_named(std::string_view name);
std::optional<int> resolver_error_named(std::string_view name);

}  // namespace observer
