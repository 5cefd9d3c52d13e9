// Scribbles over the observer's ring: noise, counters, and a word of the observer's own that would
// be the lab's fault, after having failed.
#include "honest.hpp"

int main() {
  const int ring = open(getenv("LOOPBACK_RING"), O_RDWR);
  unsigned char noise[512];
  memset(noise, 0xff, sizeof noise);
  for (int i = 8; i < 3000; ++i) {
    if (pwrite(ring, noise, sizeof noise, i * 512L) < 0) break;
  }
  // A record of `hello`, complete, that says: this fault plan was refused.
  struct {
    unsigned long state, entered, returned;
    int pid, tid;
    unsigned short call, flags;
    int fd;
  } hello{8 + 4, 1, 2, 1, 1, 0, 8, -1};
  if (pwrite(ring, &hello, sizeof hello, 4096) < 0) return 1;
  const unsigned long counts[] = {1, 0, 1, 0, 0, 0, 0};
  if (pwrite(ring, counts, sizeof counts, 32) < 0) return 1;
  syscall(SYS_write, 1, "host name: \n", 12);
  syscall(SYS_exit_group, 0);
}
