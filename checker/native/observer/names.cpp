#include "names.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "pairs.hpp"

namespace observer {
namespace {

constexpr Name kFamilies[] = {NAMED(AF_UNSPEC), NAMED(AF_UNIX),   NAMED(AF_INET),
                              NAMED(AF_INET6),  NAMED(AF_PACKET), NAMED(AF_NETLINK)};
constexpr Name kTypes[] = {NAMED(SOCK_STREAM), NAMED(SOCK_DGRAM), NAMED(SOCK_RAW),
                           NAMED(SOCK_SEQPACKET)};
constexpr Name kTypeFlags[] = {NAMED(SOCK_NONBLOCK), NAMED(SOCK_CLOEXEC)};
constexpr Name kMessageFlags[] = {
    NAMED(MSG_OOB),        NAMED(MSG_PEEK),        NAMED(MSG_DONTROUTE), NAMED(MSG_CTRUNC),
    NAMED(MSG_TRUNC),      NAMED(MSG_DONTWAIT),    NAMED(MSG_EOR),       NAMED(MSG_WAITALL),
    NAMED(MSG_CONFIRM),    NAMED(MSG_ERRQUEUE),    NAMED(MSG_NOSIGNAL),  NAMED(MSG_MORE),
    NAMED(MSG_WAITFORONE), NAMED(MSG_CMSG_CLOEXEC)};
constexpr Name kShutdown[] = {NAMED(SHUT_RD), NAMED(SHUT_WR), NAMED(SHUT_RDWR)};
constexpr Name kSignals[] = {
    NAMED(SIGHUP),  NAMED(SIGINT),   NAMED(SIGQUIT), NAMED(SIGILL),  NAMED(SIGTRAP),
    NAMED(SIGABRT), NAMED(SIGBUS),   NAMED(SIGFPE),  NAMED(SIGKILL), NAMED(SIGUSR1),
    NAMED(SIGSEGV), NAMED(SIGUSR2),  NAMED(SIGPIPE), NAMED(SIGALRM), NAMED(SIGTERM),
    NAMED(SIGCHLD), NAMED(SIGCONT),  NAMED(SIGSTOP), NAMED(SIGTSTP), NAMED(SIGTTIN),
    NAMED(SIGTTOU), NAMED(SIGURG),   NAMED(SIGXCPU), NAMED(SIGXFSZ), NAMED(SIGVTALRM),
    NAMED(SIGPROF), NAMED(SIGWINCH), NAMED(SIGIO),   NAMED(SIGSYS)};
constexpr Name kSignalFlags[] = {NAMED(SA_NOCLDSTOP), NAMED(SA_NOCLDWAIT), NAMED(SA_SIGINFO),
                                 NAMED(SA_ONSTACK),   NAMED(SA_RESTART),   NAMED(SA_NODEFER),
                                 BITS(SA_RESETHAND)};
constexpr Name kPollEvents[] = {NAMED(POLLIN),  NAMED(POLLPRI),  NAMED(POLLOUT),  NAMED(POLLERR),
                                NAMED(POLLHUP), NAMED(POLLNVAL), NAMED(POLLRDHUP)};
constexpr Name kEpollEvents[] = {BITS(EPOLLIN),        BITS(EPOLLPRI),     BITS(EPOLLOUT),
                                 BITS(EPOLLERR),       BITS(EPOLLHUP),     BITS(EPOLLRDHUP),
                                 BITS(EPOLLEXCLUSIVE), BITS(EPOLLONESHOT), BITS(EPOLLET)};
constexpr Name kEpollOperations[] = {NAMED(EPOLL_CTL_ADD), NAMED(EPOLL_CTL_DEL),
                                     NAMED(EPOLL_CTL_MOD)};
constexpr Name kOpenFlags[] = {NAMED(O_WRONLY), NAMED(O_RDWR), NAMED(O_APPEND), NAMED(O_NONBLOCK),
                               NAMED(O_ASYNC)};
constexpr Name kFcntl[] = {NAMED(F_DUPFD),  NAMED(F_DUPFD_CLOEXEC), NAMED(F_GETFD),
                           NAMED(F_SETFD),  NAMED(F_GETFL),         NAMED(F_SETFL),
                           NAMED(F_GETOWN), NAMED(F_SETOWN)};
constexpr Name kAddrinfoFlags[] = {NAMED(AI_PASSIVE),    NAMED(AI_CANONNAME), NAMED(AI_NUMERICHOST),
                                   NAMED(AI_V4MAPPED),   NAMED(AI_ALL),       NAMED(AI_ADDRCONFIG),
                                   NAMED(AI_NUMERICSERV)};
constexpr Name kNameinfoFlags[] = {NAMED(NI_NUMERICHOST), NAMED(NI_NUMERICSERV), NAMED(NI_NOFQDN),
                                   NAMED(NI_NAMEREQD), NAMED(NI_DGRAM)};
constexpr Name kWaitFlags[] = {NAMED(WNOHANG), NAMED(WUNTRACED), NAMED(WCONTINUED)};

}  // namespace

void name_one(Text& text, std::uint64_t value, std::span<const Name> names) {
  for (const auto& known : names) {
    if (known.value == value) {
      text << known.name;
      return;
    }
  }
  text << value;
}

void name_bits(Text& text, std::uint64_t value, std::span<const Name> names) {
  bool first = true;
  const auto separate = [&] {
    if (!first) text << '|';
    first = false;
  };
  for (const auto& known : names) {
    if ((value & known.value) != known.value) continue;
    separate();
    text << known.name;
    value &= ~known.value;
  }
  if (value == 0 && !first) return;
  separate();
  if (value != 0) text << "0x";
  text.hex(value);
}

void name_socket_type(Text& text, int type) {
  constexpr auto kFlags = unsigned{SOCK_NONBLOCK} | unsigned{SOCK_CLOEXEC};
  const auto bits = static_cast<unsigned>(type);
  name_one(text, bits & ~kFlags, kTypes);
  if ((bits & kFlags) == 0) return;
  text << '|';
  name_bits(text, bits & kFlags, kTypeFlags);
}

// Numbers that the kernel takes as an int are named as the 32 bits that they are.
#define NAMES_ONE(function, table) \
  void function(Text& text, int value) { name_one(text, static_cast<unsigned>(value), table); }
#define NAMES_BITS(function, table, type) \
  void function(Text& text, type value) { name_bits(text, static_cast<unsigned>(value), table); }

NAMES_ONE(name_family, kFamilies)
NAMES_ONE(name_shutdown, kShutdown)
NAMES_ONE(name_signal, kSignals)
NAMES_ONE(name_epoll_operation, kEpollOperations)
NAMES_ONE(name_fcntl, kFcntl)
NAMES_BITS(name_type_flags, kTypeFlags, int)
NAMES_BITS(name_message_flags, kMessageFlags, int)
NAMES_BITS(name_signal_flags, kSignalFlags, int)
NAMES_BITS(name_poll_events, kPollEvents, unsigned)
NAMES_BITS(name_epoll_events, kEpollEvents, unsigned)
NAMES_BITS(name_open_flags, kOpenFlags, int)
NAMES_BITS(name_addrinfo_flags, kAddrinfoFlags, int)
NAMES_BITS(name_nameinfo_flags, kNameinfoFlags, int)
NAMES_BITS(name_wait_flags, kWaitFlags, int)

}  // namespace observer
