// Knocks at every door of the kernel that no task needs. Each must be shut, in the way in which it
// is shut to who has no right, or on a kernel that has no such door.
#include <linux/bpf.h>
#include <sched.h>
#include <setjmp.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "honest.hpp"

static void expect(const char* what, long result, int error) {
  if (result < 0 && errno == error) return;
  printf("broke out: %s: %ld, %s\n", what, result, strerror(errno));
}

static int nothing(void*) { return 0; }

// Numbers of other architectures would pass by the rules of this one: x32's, and i386's, which a
// kernel without it answers with a signal.
#ifdef __x86_64__
static sigjmp_buf no_such_gate;

static void other_architectures() {
  for (const long number : {39L, 101L, 321L, 425L, 521L}) {  // 521: x32's ptrace
    expect("x32", syscall(0x40000000 | number, 0, 0, 0, 0), ENOSYS);
  }
  signal(SIGSEGV, [](int) { siglongjmp(no_such_gate, 1); });
  for (const int number : {20, 26, 357, 425}) {  // getpid, ptrace, bpf, io_uring
    if (sigsetjmp(no_such_gate, 1) != 0) continue;
    int result = number;
    asm volatile("int $0x80" : "+a"(result) : "b"(0), "c"(0), "d"(0), "S"(0) : "memory");
    if (result != -ENOSYS) printf("broke out: i386 %d: %d\n", number, result);
  }
}
#else
static void other_architectures() {}
#endif

int main() {
  char zeros[256] = {};
  expect("io_uring_setup", syscall(425, 8, zeros), ENOSYS);
  expect("io_uring_enter", syscall(426, 0, 0, 0, 0, 0, 0), ENOSYS);
  expect("io_uring_register", syscall(427, 0, 0, 0, 0), ENOSYS);
  expect("clone3", syscall(435, zeros, sizeof zeros), ENOSYS);
  expect("memfd_secret", syscall(447, 0), ENOSYS);
  expect("memfd_create", syscall(SYS_memfd_create, "x", 0), ENOSYS);
  expect("bpf", syscall(SYS_bpf, BPF_MAP_CREATE, zeros, sizeof zeros), ENOSYS);
  expect("userfaultfd", syscall(SYS_userfaultfd, 1), ENOSYS);
  expect("perf_event_open", syscall(SYS_perf_event_open, zeros, 0, -1, -1, 0), ENOSYS);
  expect("add_key", syscall(SYS_add_key, "user", "x", "y", 1, -4), ENOSYS);
  expect("request_key", syscall(SYS_request_key, "user", "x", nullptr, 0), ENOSYS);
  expect("keyctl", syscall(SYS_keyctl, 0, -3, 1), ENOSYS);
  expect("keyctl: the session's", syscall(SYS_keyctl, 1, nullptr), ENOSYS);
  expect("kcmp", syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 0), ENOSYS);
  expect("shmget", syscall(SYS_shmget, 0, 4096, 01600), ENOSYS);
  expect("msgget", syscall(SYS_msgget, 0, 01600), ENOSYS);
  expect("semget", syscall(SYS_semget, 0, 1, 01600), ENOSYS);

  expect("ptrace", syscall(SYS_ptrace, 0, 0, 0, 0), EPERM);
  expect("process_vm_readv", syscall(SYS_process_vm_readv, getpid(), 0, 0, 0, 0, 0), EPERM);
  expect("process_vm_writev", syscall(SYS_process_vm_writev, getpid(), 0, 0, 0, 0, 0), EPERM);
  expect("pidfd_getfd", syscall(438, 0, 0, 0), EPERM);
  expect("open_tree", syscall(428, -100, "/", 0), EPERM);
  expect("move_mount", syscall(429, 0, "", 0, "", 0), EPERM);
  expect("mount", syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, nullptr), EPERM);
  expect("umount2", syscall(SYS_umount2, "/tmp", 2), EPERM);
  expect("pivot_root", syscall(SYS_pivot_root, "/", "/"), EPERM);
  expect("chroot", syscall(SYS_chroot, "/"), EPERM);
  expect("fsopen", syscall(430, "tmpfs", 0), EPERM);
  expect("open_by_handle_at", syscall(SYS_open_by_handle_at, 0, zeros, 0), EPERM);
  expect("init_module", syscall(SYS_init_module, zeros, 1, ""), EPERM);
  expect("kexec_load", syscall(SYS_kexec_load, 0, 0, nullptr, 0), EPERM);
  expect("sethostname", syscall(SYS_sethostname, "mine", 4), EPERM);
  expect("setns", syscall(SYS_setns, 0, 0), EPERM);
  for (const int flag : {CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWIPC,
                         CLONE_NEWUTS, CLONE_NEWCGROUP}) {
    static char stack[1 << 16];
    expect("unshare", syscall(SYS_unshare, flag), EPERM);
    expect("clone", clone(nothing, stack + sizeof stack, flag | SIGCHLD, nullptr), EPERM);
  }
  // The kernel looks at the lower half of an int only, and so must the filter.
  expect("TIOCSTI", syscall(SYS_ioctl, 1, TIOCSTI, "x"), EPERM);
  expect("TIOCSTI", syscall(SYS_ioctl, 1, 1L << 32 | TIOCSTI, "x"), EPERM);
  const int discipline = 1;
  expect("TIOCSETD", syscall(SYS_ioctl, 1, TIOCSETD, &discipline), EPERM);

  for (long family = 0; family < 64; ++family) {
    if (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK) continue;
    expect("family", syscall(SYS_socket, family, SOCK_STREAM, 0), EAFNOSUPPORT);
  }
  expect("family", syscall(SYS_socket, 1L << 32 | 40, SOCK_STREAM, 0), EAFNOSUPPORT);
  for (const int protocol : {33, 132, 262}) {
    expect("protocol", socket(AF_INET, SOCK_STREAM, protocol), EPROTONOSUPPORT);
    expect("protocol", socket(AF_INET6, SOCK_STREAM, protocol), EPROTONOSUPPORT);
  }
  expect("netlink", socket(AF_NETLINK, SOCK_RAW, 9), EPROTONOSUPPORT);
  other_architectures();
  expect("raw", socket(AF_INET, SOCK_RAW, IPPROTO_TCP), EPERM);
  print_name();
}
