// fork, vfork, exec…, waitpid, wait, wait4, exit, _exit, _Exit.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdarg>
#include <cstddef>

#include "memory.hpp"
#include "names.hpp"
#include "observed.hpp"
#include "real.hpp"
#include "sets.hpp"

using namespace observer;

namespace {

// Parent and child both complete the call: the one its record, the other a record of its own.
template <typename RealCall>
pid_t observe_fork(Call which, RealCall real_fork) {
  Observed call{which};
  call.enter();
  pid_t result = -1;
  if (call.fault().kind == Fault::error) {
    errno = call.fault().value;
  } else {
    const auto parent = getpid();
    result = real_fork();
    if (result == 0) call.become_child(parent);
  }
  const int error = errno;
  call.come_back();
  call.leave(result, result < 0 ? error : 0);
  errno = error;
  return result;
}

template <typename RealCall>
pid_t observe_wait(Observed& call, int* status, RealCall real_call) {
  int own = 0;
  if (status == nullptr) status = &own;
  return call.through([&] { return real_call(status); },
                      [&](pid_t child) {
                        if (child <= 0) return;
                        call.text << (call.text.empty() ? "" : " ");
                        name_status(call.text, *status);
                      });
}

void describe_wait(Text& text, pid_t child, int flags) {
  text << child;
  if (flags != 0) name_wait_flags(text << ' ', flags);
}

template <typename RealCall>
int observe_exec(const char* path, RealCall real_call) {
  if (!watching()) return real_call();
  Observed call{Call::execve};
  peek_string(call.text, path);
  return call.through(real_call);
}

template <typename RealExit>
void observe_exit(Call which, int status, RealExit real_exit) {
  if (watching()) {
    Observed call{which};
    call.text << status;
    call.enter();
  }
  real_exit();
}

}  // namespace

OBSERVED(pid_t, fork) { return watching() ? observe_fork(Call::fork, REAL(fork)) : REAL(fork)(); }

// A vfork's child runs on its parent's stack, below the frame that called vfork: a wrapper's frame
// would be gone when the parent goes on. POSIX lets vfork be a fork, and so it is here.
OBSERVED(pid_t, vfork) { return watching() ? observe_fork(Call::vfork, REAL(fork)) : REAL(fork)(); }

OBSERVED(pid_t, waitpid, pid_t child, int* status, int flags) {
  if (!watching()) return REAL(waitpid)(child, status, flags);
  Observed call{Call::waitpid};
  describe_wait(call.text, child, flags);
  return observe_wait(call, status, [&](int* to) { return REAL(waitpid)(child, to, flags); });
}

OBSERVED(pid_t, wait, int* status) {
  if (!watching()) return REAL(wait)(status);
  Observed call{Call::wait};
  return observe_wait(call, status, [&](int* to) { return REAL(wait)(to); });
}

OBSERVED(pid_t, wait4, pid_t child, int* status, int flags, rusage* usage) {
  if (!watching()) return REAL(wait4)(child, status, flags, usage);
  Observed call{Call::wait4};
  describe_wait(call.text, child, flags);
  return observe_wait(call, status, [&](int* to) { return REAL(wait4)(child, to, flags, usage); });
}

OBSERVED(int, execve, const char* path, char* const* arguments, char* const* environment) {
  return observe_exec(path, [&] { return REAL(execve)(path, arguments, environment); });
}

OBSERVED(int, execv, const char* path, char* const* arguments) {
  return observe_exec(path, [&] { return REAL(execv)(path, arguments); });
}

OBSERVED(int, execvp, const char* file, char* const* arguments) {
  return observe_exec(file, [&] { return REAL(execvp)(file, arguments); });
}

OBSERVED(int, execvpe, const char* file, char* const* arguments, char* const* environment) {
  return observe_exec(file, [&] { return REAL(execvpe)(file, arguments, environment); });
}

OBSERVED(int, fexecve, int fd, char* const* arguments, char* const* environment) {
  return observe_exec(nullptr, [&] { return REAL(fexecve)(fd, arguments, environment); });
}

OBSERVED(void, exit, int status) {
  observe_exit(Call::exit, status, [&] { REAL(exit)(status); });
}

OBSERVED(void, _exit, int status) {
  observe_exit(Call::_exit, status, [&] { REAL(_exit)(status); });
}

OBSERVED(void, _Exit, int status) {
  observe_exit(Call::_exit, status, [&] { REAL(_Exit)(status); });
}
