// Socket options by name: `SOL_SOCKET SO_REUSEADDR`.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "names.hpp"
#include "pairs.hpp"

namespace observer {
namespace {

constexpr Name kSocket[] = {
    NAMED(SO_DEBUG),      NAMED(SO_REUSEADDR), NAMED(SO_TYPE),         NAMED(SO_ERROR),
    NAMED(SO_DONTROUTE),  NAMED(SO_BROADCAST), NAMED(SO_SNDBUF),       NAMED(SO_RCVBUF),
    NAMED(SO_KEEPALIVE),  NAMED(SO_OOBINLINE), NAMED(SO_LINGER),       NAMED(SO_REUSEPORT),
    NAMED(SO_PASSCRED),   NAMED(SO_PEERCRED),  NAMED(SO_RCVLOWAT),     NAMED(SO_SNDLOWAT),
    NAMED(SO_RCVTIMEO),   NAMED(SO_SNDTIMEO),  NAMED(SO_BINDTODEVICE), NAMED(SO_TIMESTAMP),
    NAMED(SO_ACCEPTCONN), NAMED(SO_PROTOCOL),  NAMED(SO_DOMAIN)};
constexpr Name kTcp[] = {NAMED(TCP_NODELAY),  NAMED(TCP_MAXSEG),    NAMED(TCP_CORK),
                         NAMED(TCP_KEEPIDLE), NAMED(TCP_KEEPINTVL), NAMED(TCP_KEEPCNT),
                         NAMED(TCP_SYNCNT),   NAMED(TCP_LINGER2),   NAMED(TCP_DEFER_ACCEPT),
                         NAMED(TCP_INFO),     NAMED(TCP_QUICKACK),  NAMED(TCP_USER_TIMEOUT),
                         NAMED(TCP_FASTOPEN)};
constexpr Name kIp[] = {NAMED(IP_TOS),
                        NAMED(IP_TTL),
                        NAMED(IP_HDRINCL),
                        NAMED(IP_PKTINFO),
                        NAMED(IP_RECVERR),
                        NAMED(IP_MTU_DISCOVER),
                        NAMED(IP_MULTICAST_IF),
                        NAMED(IP_MULTICAST_TTL),
                        NAMED(IP_MULTICAST_LOOP),
                        NAMED(IP_ADD_MEMBERSHIP),
                        NAMED(IP_DROP_MEMBERSHIP)};
constexpr Name kIpv6[] = {NAMED(IPV6_UNICAST_HOPS),   NAMED(IPV6_MULTICAST_IF),
                          NAMED(IPV6_MULTICAST_HOPS), NAMED(IPV6_MULTICAST_LOOP),
                          NAMED(IPV6_JOIN_GROUP),     NAMED(IPV6_LEAVE_GROUP),
                          NAMED(IPV6_V6ONLY),         NAMED(IPV6_RECVPKTINFO)};

struct Level {
  int level;
  std::string_view name;
  std::span<const Name> options;
};

constexpr Level kLevels[] = {{SOL_SOCKET, "SOL_SOCKET", kSocket},
                             {IPPROTO_TCP, "IPPROTO_TCP", kTcp},
                             {IPPROTO_IP, "IPPROTO_IP", kIp},
                             {IPPROTO_IPV6, "IPPROTO_IPV6", kIpv6}};

}  // namespace

void name_option(Text& text, int level, int option) {
  for (const auto& known : kLevels) {
    if (known.level != level) continue;
    text << known.name << ' ';
    name_one(text, static_cast<unsigned>(option), known.options);
    return;
  }
  text << level << ' ' << option;
}

}  // namespace observer
