// launch: starts one program inside its limits and reports, over a socket that the program never
// sees, when it started and how it ended. Then it waits, so that what the program left behind
// (zombies, daemons) can still be looked at; when the other end of the socket closes, it exits.
//
//   launch CONTROL_FD [LIMIT=VALUE]... [taken=N] [env:NAME=VALUE]... -- PROGRAM [ARG]...
//
// `taken=N` leaves the program no free descriptor below N; `env:` sets a variable for it alone.
// LIMITs that end in `-together` hold for all that runs in this pid namespace, and need it for
// themselves; when one is exceeded, everything ends.
//
// Messages, one per packet:  "started"  "failed ERRNO"  "ended WAIT_STATUS"  "exceeded memory"
//                            "exceeded files"
// The receiver learns the sender's process id from the packet's credentials, translated into its
// own pid namespace by the kernel.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include "options.hpp"
#include "usage.hpp"

namespace {

using std::string_literals::operator""s;
using Clock = std::chrono::steady_clock;
constexpr std::chrono::duration<int, std::milli> kBetweenLooks{100};

void report(int control, const std::string& message) {
  // A receiver that has gone needs no report; MSG_NOSIGNAL keeps its absence harmless.
  static_cast<void>(send(control, message.data(), message.size(), MSG_NOSIGNAL));
}

// Opened for the program, below the control socket too: that one is moved out of the way.
int crowd(int control, int taken) {
  const int moved = fcntl(control, F_DUPFD_CLOEXEC, taken);
  if (moved < 0) return control;
  close(control);
  while (true) {
    const int fd = open("/dev/null", O_RDONLY);
    if (fd >= taken) close(fd);
    if (fd < 0 || fd >= taken) return moved;
  }
}

[[noreturn]] void become(int control, const Options& options, char** command) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // The kernel is asked itself: glibc keeps its hands on 32 and 33, which `make` leaves ignored.
  const std::array<unsigned long, 8> by_default{};  // a struct sigaction of the kernel's: SIG_DFL
  for (int number = 1; number < NSIG; ++number) {
    syscall(SYS_rt_sigaction, number, by_default.data(), nullptr, NSIG / 8);
  }
  setsid();
  for (const auto& limit : options.limits) {
    const rlimit both{limit.value, limit.value};
    setrlimit(limit.resource, &both);
  }
  if (options.taken > 0) control = crowd(control, options.taken);
  for (char* variable : options.environment) putenv(variable);
  report(control, "started");
  execv(command[0], command);
  report(control, "failed " + std::to_string(errno));
  _exit(127);
}

// Reaps every child, the program's orphans too (we are their subreaper), until the prober hangs up
// or they use too much together.
void watch(int control, int children, pid_t program, const Together& limits) {
  std::array<pollfd, 2> ready{{{control, POLLIN, 0}, {children, POLLIN, 0}}};
  const bool looks = limits.memory > 0 || limits.files > 0;
  auto next_look = Clock::now() + kBetweenLooks;
  while (poll(ready.data(), ready.size(), looks ? kBetweenLooks.count() : -1) >= 0 ||
         errno == EINTR) {
    if (ready[0].revents != 0) return;
    if (looks && Clock::now() >= next_look) {
      if (const char* what = excess(limits)) return report(control, "exceeded "s + what);
      next_look = Clock::now() + kBetweenLooks;
    }
    signalfd_siginfo ignored;
    static_cast<void>(read(children, &ignored, sizeof ignored));
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid == program) report(control, "ended " + std::to_string(status));
    }
  }
}

// Ends what the program left: whoever loses its parent becomes our child, until there is none.
void end_all() {
  const auto list = "/proc/self/task/" + std::to_string(getpid()) + "/children";
  for (bool found = true; found;) {
    found = false;
    std::ifstream children(list);
    for (pid_t child = 0; children >> child; found = true) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
  }
}

int usage() {
  std::fputs(
      "usage: launch CONTROL_FD [LIMIT=VALUE]... [taken=N] [env:NAME=VALUE]... -- PROGRAM "
      "[ARG]...\n",
      stderr);
  return 2;
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc < 4) return usage();
  const auto control = parse_number<int>(argv[1]);
  Options options;
  int next = 2;
  for (; next < argc && std::strcmp(argv[next], "--") != 0; ++next) {
    if (!options.take(argv[next])) return usage();
  }
  if (!control || next + 1 >= argc) return usage();

  std::ofstream("/proc/self/oom_score_adj") << 1000;  // out of memory, the program goes first
  prctl(PR_SET_DUMPABLE, 0);  // the program runs under the same user and must not trace us
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  sigset_t child_events;
  sigemptyset(&child_events);
  sigaddset(&child_events, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_events, nullptr);
  const int children = signalfd(-1, &child_events, SFD_CLOEXEC | SFD_NONBLOCK);

  const pid_t program = fork();
  if (program == 0) {
    close(children);  // closed by the exec, it would leave a low number free
    // Only the exec itself closes it, so that a failing exec can still be reported.
    fcntl(*control, F_SETFD, FD_CLOEXEC);
    become(*control, options, argv + next + 1);
  }
  if (program < 0) report(*control, "failed " + std::to_string(errno));
  watch(*control, children, program, options.together);
  end_all();
  return 0;
}
