// What _FORTIFY_SOURCE turns calls into. The buffer's true size is checked by the real one; a call
// that would overflow is left to it unchanged.

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "observed.hpp"
#include "real.hpp"
#include "sockets.hpp"

using namespace observer;

extern "C" {
ssize_t observed_read(int, void*, size_t) asm("read");
ssize_t observed_recv(int, void*, size_t, int) asm("recv");
ssize_t observed_recvfrom(int, void*, size_t, int, sockaddr*, socklen_t*) asm("recvfrom");
int observed_poll(pollfd*, nfds_t, int) asm("poll");
int observed_ppoll(pollfd*, nfds_t, const timespec*, const sigset_t*) asm("ppoll");
int observed_gethostname(char*, size_t) asm("gethostname");
}

OBSERVED(ssize_t, __read_chk, int fd, void* data, size_t size, size_t room) {
  if (size > room) return REAL(__read_chk)(fd, data, size, room);
  return observed_read(fd, data, size);
}

OBSERVED(ssize_t, __recv_chk, int fd, void* data, size_t size, size_t room, int flags) {
  if (size > room) return REAL(__recv_chk)(fd, data, size, room, flags);
  return observed_recv(fd, data, size, flags);
}

OBSERVED(ssize_t, __recvfrom_chk, int fd, void* data, size_t size, size_t room, int flags,
         sockaddr* from, socklen_t* from_size) {
  if (size > room) return REAL(__recvfrom_chk)(fd, data, size, room, flags, from, from_size);
  return observed_recvfrom(fd, data, size, flags, from, from_size);
}

OBSERVED(int, __poll_chk, pollfd* entries, nfds_t count, int timeout, size_t room) {
  if (room / sizeof *entries < count) return REAL(__poll_chk)(entries, count, timeout, room);
  return observed_poll(entries, count, timeout);
}

OBSERVED(int, __ppoll_chk, pollfd* entries, nfds_t count, const timespec* timeout,
         const sigset_t* mask, size_t room) {
  if (room / sizeof *entries < count) return REAL(__ppoll_chk)(entries, count, timeout, mask, room);
  return observed_ppoll(entries, count, timeout, mask);
}

OBSERVED(int, __gethostname_chk, char* name, size_t size, size_t room) {
  if (size > room) return REAL(__gethostname_chk)(name, size, room);
  return observed_gethostname(name, size);
}
