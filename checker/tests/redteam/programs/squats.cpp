// Takes the port on which the lab will listen, and the names that it might use.
#include <sys/un.h>

#include "honest.hpp"

int main(int, char* argv[]) {
  bound(SOCK_STREAM, argv[1]);
  bound(SOCK_DGRAM, argv[1]);
  for (const char* name : {"/tmp/.X11-unix", "forkserver", "listener"}) {
    sockaddr_un here{AF_UNIX, ""};
    strcpy(here.sun_path + 1, name);
    const int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(sock, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0) listen(sock, 1);
  }
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}
