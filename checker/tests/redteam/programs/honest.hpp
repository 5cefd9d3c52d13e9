#pragma once
// What the hostile programs share: how they behave when nothing comes of what they try. Whatever
// succeeds is printed, and the checks, which want the honest output and no more, fail.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

inline void broke_out(const char* how) { printf("broke out: %s\n", how); }

inline void print_name() {
  char name[65];
  if (gethostname(name, sizeof name) == 0) printf("host name: %s\n", name);
  fflush(stdout);
}

inline int bound(int kind, const char* port) {
  const int sock = socket(AF_INET, kind, 0), on = 1;
  setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(static_cast<unsigned short>(atoi(port)));
  if (bind(sock, reinterpret_cast<sockaddr*>(&here), sizeof here) < 0) _exit(1);
  if (kind == SOCK_STREAM && listen(sock, 16) < 0) _exit(1);
  return sock;
}

// In no pid namespace of its own, it does not even try.
inline void must_be_alone() {
  if (getppid() != 1) _exit(1);
}
