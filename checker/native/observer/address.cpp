#include "address.hpp"

#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <bit>

#include "names.hpp"

namespace observer {
namespace {

constexpr unsigned from_network(std::uint16_t value) {
  if constexpr (std::endian::native == std::endian::big) return value;
  return value / 256U + value % 256U * 256U;
}

void name_v4(Text& text, const unsigned char* bytes) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) text << '.';
    text << static_cast<unsigned>(bytes[i]);
  }
}

// RFC 5952: the longest run of at least two zero groups becomes `::`.
void name_v6(Text& text, const unsigned char* bytes) {
  unsigned groups[8];
  for (std::size_t i = 0; i < 8; ++i) groups[i] = bytes[2 * i] * 256U + bytes[2 * i + 1];
  int start = -1;
  int longest = 1;
  for (int i = 0; i < 8; ++i) {
    int end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > longest) {
      start = i;
      longest = end - i;
    }
  }
  if (start == 0 && longest == 5 && groups[5] == 0xffff) {
    text << "::ffff:";
    return name_v4(text, bytes + 12);
  }
  for (int i = 0; i < 8; ++i) {
    if (i == start) {
      text << "::";
      i += longest - 1;
      continue;
    }
    if (i > 0 && i != start + longest) text << ':';
    text.hex(groups[i]);
  }
}

void name_unix(Text& text, const char* path, std::size_t size) {
  text << "unix:";
  if (size == 0) return;
  const bool abstract = path[0] == '\0';
  if (abstract) text << '@';
  const auto* from = path + (abstract ? 1 : 0);
  const auto* end = path + size;
  if (!abstract) end = std::find(from, end, '\0');
  text << std::string_view(from, static_cast<std::size_t>(end - from));
}

}  // namespace

void name_address(Text& text, const void* address, std::size_t size) {
  sockaddr_storage any{};
  size = std::min(size, sizeof any);
  copy(&any, address, size);
  const auto* bytes = reinterpret_cast<const unsigned char*>(&any);
  if (size < sizeof(sa_family_t)) {
    text << "no address";
  } else if (any.ss_family == AF_INET && size >= sizeof(sockaddr_in)) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(any);
    name_v4(text, bytes + offsetof(sockaddr_in, sin_addr));
    text << ':' << from_network(v4.sin_port);
  } else if (any.ss_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(any);
    text << '[';
    name_v6(text, bytes + offsetof(sockaddr_in6, sin6_addr));
    if (v6.sin6_scope_id != 0) text << '%' << v6.sin6_scope_id;
    text << "]:" << from_network(v6.sin6_port);
  } else if (any.ss_family == AF_UNIX) {
    constexpr std::size_t kPath = offsetof(sockaddr_un, sun_path);
    name_unix(text, reinterpret_cast<const char*>(bytes) + kPath, size - kPath);
  } else {
    name_family(text, any.ss_family);
    text << " in " << size << " bytes";
  }
}

}  // namespace observer
