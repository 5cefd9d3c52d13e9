// getaddrinfo, freeaddrinfo, getnameinfo, gethostname.

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "address.hpp"
#include "memory.hpp"
#include "names.hpp"
#include "observed.hpp"
#include "real.hpp"

using namespace observer;

namespace {

std::string_view shown(const char* string) { return string != nullptr ? string : "(null)"; }

void describe_hints(Text& text, const addrinfo& hints) {
  if (hints.ai_flags != 0) name_addrinfo_flags(text << ' ', hints.ai_flags);
  if (hints.ai_family != AF_UNSPEC) name_family(text << ' ', hints.ai_family);
  if (hints.ai_socktype != 0) name_socket_type(text << ' ', hints.ai_socktype);
}

// The resolver's functions return an error of their own kind, and 0 for success.
template <typename RealCall, typename After>
int observe_resolver(Observed& call, RealCall real_call, After after) {
  call.enter();
  int code = call.fault().value;
  if (call.fault().kind != Fault::error) {
    const Quiet inside;
    code = real_call();
  }
  const int error = errno;
  call.come_back();
  if (code == 0) after();
  call.leave(code, code == EAI_SYSTEM ? error : 0);
  errno = error;
  return code;
}

}  // namespace

OBSERVED(int, getaddrinfo, const char* host, const char* service, const addrinfo* hints,
         addrinfo** list) {
  if (!watching()) return REAL(getaddrinfo)(host, service, hints, list);
  Observed call{Call::getaddrinfo};
  call.text << shown(host) << ' ' << shown(service);
  if (hints != nullptr) describe_hints(call.text, *hints);
  return observe_resolver(
      call, [&] { return REAL(getaddrinfo)(host, service, hints, list); },
      [&] {
        call.text << " ->";
        for (const auto* each = *list; each != nullptr && !call.text.full(); each = each->ai_next) {
          name_address(call.text << ' ', each->ai_addr, each->ai_addrlen);
        }
      });
}

OBSERVED(void, freeaddrinfo, addrinfo* list) {
  if (!watching()) return REAL(freeaddrinfo)(list);
  Observed call{Call::freeaddrinfo};
  if (list == nullptr) call.text << "(null)";
  call.enter();
  REAL(freeaddrinfo)(list);
  call.come_back();
  call.leave(0, 0);
}

OBSERVED(int, getnameinfo, const sockaddr* address, socklen_t size, char* host, socklen_t host_size,
         char* service, socklen_t service_size, int flags) {
  const auto real_call = [&] {
    return REAL(getnameinfo)(address, size, host, host_size, service, service_size, flags);
  };
  if (!watching()) return real_call();
  Observed call{Call::getnameinfo};
  sockaddr_storage known;
  const auto got = peek(&known, address, std::min<std::size_t>(size, sizeof known));
  name_address(call.text, &known, got);
  if (flags != 0) name_nameinfo_flags(call.text << ' ', flags);
  return observe_resolver(call, real_call, [&] {
    call.text << " ->";
    if (host != nullptr && host_size > 0) call.text << ' ' << std::string_view(host);
    if (service != nullptr && service_size > 0) call.text << ' ' << std::string_view(service);
  });
}

OBSERVED(int, gethostname, char* name, size_t size) {
  if (!watching()) return REAL(gethostname)(name, size);
  Observed call{Call::gethostname, -1, size};
  return call.through([&] { return REAL(gethostname)(name, size); },
                      [&](int result) {
                        if (result < 0) return;
                        const auto* end = std::find(name, name + size, '\0');
                        call.text << std::string_view(name, static_cast<std::size_t>(end - name));
                      });
}
