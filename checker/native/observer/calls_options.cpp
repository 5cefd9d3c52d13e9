// setsockopt, getsockopt, fcntl, fcntl64, ioctl (FIONBIO).

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdarg>

#include "memory.hpp"
#include "names.hpp"
#include "observed.hpp"
#include "real.hpp"
#include "sets.hpp"
#include "sockets.hpp"

using namespace observer;

namespace {

void describe_value(Text& text, int option, const void* value, socklen_t size) {
  if (option == SO_LINGER && size == sizeof(linger)) {
    linger known{};
    if (peek(known, value))
      text << (known.l_onoff != 0 ? " on " : " off ") << known.l_linger << " s";
  } else if (size == sizeof(timeval) && (option == SO_RCVTIMEO || option == SO_SNDTIMEO)) {
    timeval known{};
    if (peek(known, value)) text << ' ' << known.tv_sec * 1000 + known.tv_usec / 1000 << " ms";
  } else if (size == sizeof(int)) {
    int known = 0;
    if (peek(known, value)) text << ' ' << known;
  } else {
    text << ' ' << size << " bytes";
  }
}

using Fcntl = int (*)(int, int, ...);

int observe_fcntl(Fcntl real, int fd, int command, void* argument) {
  if (!watching() || !is_socket(fd)) return real(fd, command, argument);
  const int number = static_cast<int>(reinterpret_cast<long>(argument));
  const bool duplicates = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
  Observed call{Call::fcntl, fd};
  name_fcntl(call.text, command);
  if (command == F_SETFL) name_open_flags(call.text << ' ', number);
  if (command == F_SETFD) call.text << (number == FD_CLOEXEC ? " FD_CLOEXEC" : " 0");
  if (duplicates) call.text << ' ' << number;
  return call.through([&] { return real(fd, command, argument); },
                      [&](int result) {
                        if (duplicates) forget(result);
                      });
}

}  // namespace

// The one argument more, if there is one, is an int or a pointer: either travels in a pointer.
// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names
#define LAST_ARGUMENT(last, argument)   \
  std::va_list list;                    \
  va_start(list, last);                 \
  void* argument = va_arg(list, void*); \
  va_end(list)

// NOLINTEND(bugprone-macro-parentheses)

OBSERVED(int, setsockopt, int fd, int level, int option, const void* value, socklen_t size) {
  if (!watching()) return REAL(setsockopt)(fd, level, option, value, size);
  Observed call{Call::setsockopt, fd};
  name_option(call.text, level, option);
  describe_value(call.text, level == SOL_SOCKET ? option : -1, value, size);
  return call.through([&] { return REAL(setsockopt)(fd, level, option, value, size); });
}

OBSERVED(int, getsockopt, int fd, int level, int option, void* value, socklen_t* size) {
  if (!watching()) return REAL(getsockopt)(fd, level, option, value, size);
  Observed call{Call::getsockopt, fd};
  name_option(call.text, level, option);
  return call.through([&] { return REAL(getsockopt)(fd, level, option, value, size); },
                      [&](int result) {
                        if (result < 0) return;
                        call.text << " ->";
                        describe_value(call.text, level == SOL_SOCKET ? option : -1, value, *size);
                      });
}

OBSERVED(int, fcntl, int fd, int command, ...) {
  LAST_ARGUMENT(command, argument);
  return observe_fcntl(REAL(fcntl), fd, command, argument);
}

OBSERVED(int, fcntl64, int fd, int command, ...) {
  LAST_ARGUMENT(command, argument);
  return observe_fcntl(REAL(fcntl64), fd, command, argument);
}

OBSERVED(int, ioctl, int fd, unsigned long request, ...) {
  LAST_ARGUMENT(request, argument);
  if (request != FIONBIO || !watching() || !is_socket(fd))
    return REAL(ioctl)(fd, request, argument);
  Observed call{Call::ioctl, fd};
  int on = 0;
  call.text << "FIONBIO";
  if (peek(on, argument)) call.text << ' ' << on;
  return call.through([&] { return REAL(ioctl)(fd, request, argument); });
}
