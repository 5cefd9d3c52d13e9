// The errors that a fault plan may name.

#include <netdb.h>

#include <cerrno>

#include "names.hpp"
#include "pairs.hpp"

namespace observer {
namespace {

constexpr Name kErrors[] = {
    NAMED(EACCES),      NAMED(EADDRINUSE),      NAMED(EADDRNOTAVAIL), NAMED(EAFNOSUPPORT),
    NAMED(EAGAIN),      NAMED(EWOULDBLOCK),     NAMED(EALREADY),      NAMED(EBADF),
    NAMED(EBUSY),       NAMED(ECHILD),          NAMED(ECONNABORTED),  NAMED(ECONNREFUSED),
    NAMED(ECONNRESET),  NAMED(EDESTADDRREQ),    NAMED(EDQUOT),        NAMED(EEXIST),
    NAMED(EFAULT),      NAMED(EHOSTDOWN),       NAMED(EHOSTUNREACH),  NAMED(EINPROGRESS),
    NAMED(EINTR),       NAMED(EINVAL),          NAMED(EIO),           NAMED(EISCONN),
    NAMED(ELOOP),       NAMED(EMFILE),          NAMED(EMSGSIZE),      NAMED(ENAMETOOLONG),
    NAMED(ENETDOWN),    NAMED(ENETRESET),       NAMED(ENETUNREACH),   NAMED(ENFILE),
    NAMED(ENOBUFS),     NAMED(ENOENT),          NAMED(ENOEXEC),       NAMED(ENOMEM),
    NAMED(ENOPROTOOPT), NAMED(ENOSPC),          NAMED(ENOSYS),        NAMED(ENOTCONN),
    NAMED(ENOTSOCK),    NAMED(EOPNOTSUPP),      NAMED(EPERM),         NAMED(EPIPE),
    NAMED(EPROTO),      NAMED(EPROTONOSUPPORT), NAMED(EPROTOTYPE),    NAMED(ESRCH),
    NAMED(ETIMEDOUT)};

constexpr Name kResolverErrors[] = {NAMED(EAI_ADDRFAMILY), NAMED(EAI_AGAIN),    NAMED(EAI_BADFLAGS),
                                    NAMED(EAI_FAIL),       NAMED(EAI_FAMILY),   NAMED(EAI_MEMORY),
                                    NAMED(EAI_NODATA),     NAMED(EAI_NONAME),   NAMED(EAI_OVERFLOW),
                                    NAMED(EAI_SERVICE),    NAMED(EAI_SOCKTYPE), NAMED(EAI_SYSTEM)};

std::optional<int> find(std::string_view name, std::span<const Name> names) {
  for (const auto& known : names) {
    if (known.name == name) return static_cast<int>(known.value);
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> errno_named(std::string_view name) { return find(name, kErrors); }

std::optional<int> resolver_error_named(std::string_view name) {
  return find(name, kResolverErrors);
}

}  // namespace observer
