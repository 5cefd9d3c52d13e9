// Wants to speak to the world: by TCP, by UDP, and by a name that is in no file system.
#include <sys/un.h>

#include <cstddef>

#include "honest.hpp"

int main() {
  for (const char* place : {"127.0.0.1", "192.0.2.1", "8.8.8.8", "172.16.0.1"}) {
    for (const int kind : {SOCK_STREAM, SOCK_DGRAM}) {
      sockaddr_in there{};
      there.sin_family = AF_INET;
      there.sin_port = htons(@PORT@);
      inet_pton(AF_INET, place, &there.sin_addr);
      const int sock = socket(AF_INET, kind, 0);
      const bool loopback = place[0] == '1' && place[1] == '2';
      if (kind == SOCK_DGRAM && loopback) continue;  // nobody answers, and nobody says so
      const auto* address = reinterpret_cast<sockaddr*>(&there);
      if (connect(sock, address, sizeof there) == 0) broke_out(place);
    }
  }
  sockaddr_un there{AF_UNIX, ""};
  strcpy(there.sun_path + 1, "@ABSTRACT@");
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + strlen("@ABSTRACT@"));
  const int sock = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(sock, reinterpret_cast<sockaddr*>(&there), size) == 0) broke_out("abstract socket");
  print_name();
}
