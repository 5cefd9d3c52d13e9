// sigaction, signal, kill.

#include <signal.h>
#include <sys/types.h>

#include <cstdint>

#include "names.hpp"
#include "observed.hpp"
#include "real.hpp"

using namespace observer;

namespace {

using Handler = void (*)(int);

void describe_handler(Text& text, Handler handler) {
  const auto number = reinterpret_cast<std::uintptr_t>(handler);
  const auto known = [number](Handler other) {
    return number == reinterpret_cast<std::uintptr_t>(other);
  };
  text << (known(SIG_DFL) ? " SIG_DFL" : known(SIG_IGN) ? " SIG_IGN" : " handler");
}

}  // namespace

OBSERVED(int, sigaction, int number, const struct sigaction* action, struct sigaction* before) {
  if (!watching()) return REAL(sigaction)(number, action, before);
  Observed call{Call::sigaction};
  name_signal(call.text, number);
  if (action != nullptr) {
    describe_handler(call.text, action->sa_handler);
    if (action->sa_flags != 0) name_signal_flags(call.text << ' ', action->sa_flags);
  }
  return call.through([&] { return REAL(sigaction)(number, action, before); });
}

OBSERVED(Handler, signal, int number, Handler handler) {
  if (!watching()) return REAL(signal)(number, handler);
  Observed call{Call::signal};
  name_signal(call.text, number);
  describe_handler(call.text, handler);
  Handler before = SIG_ERR;
  call.through([&] {
    const Quiet inside;  // a thread sanitizer's signal calls sigaction
    before = REAL(signal)(number, handler);
    return reinterpret_cast<std::intptr_t>(before) == -1 ? -1 : 0;
  });
  return before;
}

OBSERVED(int, kill, pid_t process, int number) {
  if (!watching()) return REAL(kill)(process, number);
  Observed call{Call::kill};
  call.text << process << ' ';
  name_signal(call.text, number);
  return call.through([&] { return REAL(kill)(process, number); });
}
