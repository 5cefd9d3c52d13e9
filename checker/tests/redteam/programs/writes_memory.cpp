// Writes to memory that others may share, and to what tunes the kernel.
#include <sys/stat.h>

#include "honest.hpp"

int main() {
  const int shared = shm_open("/redteam-was-here", O_CREAT | O_RDWR, 0666);
  if (write(shared, "found me", 8) != 8) return 1;
  for (const char* path :
       {"/proc/sys/net/ipv4/ip_unprivileged_port_start", "/proc/sys/net/ipv4/tcp_wmem",
        "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
        "/proc/1/oom_score_adj", "/dev/kmsg", "/dev/mem", "/dev/shm/../kmsg",
        "/etc/hosts", "/etc/resolv.conf", "/program/writes_memory", "/usr/bin/true"}) {
    if (open(path, O_WRONLY) >= 0) broke_out(path);
  }
  struct stat found;
  if (stat("/dev/shm/found-by-another", &found) == 0) broke_out("another's shared memory");
  print_name();
}
