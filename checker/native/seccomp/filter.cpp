// filter: writes to standard output, as a program for the kernel (seccomp(2)), what no program that
// is judged may ask the kernel for, and no compiler: bwrap(1) takes it with `--seccomp FD`.
//
// What is refused fails as it would on a kernel without it, or for a user without rights, so that
// an honest program never notices. What is not named here is allowed.

#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace {

// As if the kernel were built without it. clone3 hides its flags behind a pointer; the C library
// then takes clone. Memory that is in no file system and no process is in nobody's limit.
constexpr std::array kAbsent{
    "clone3",       "io_uring_setup",  "io_uring_enter", "io_uring_register",
    "bpf",          "userfaultfd",     "add_key",        "perf_event_open",
    "request_key",  "keyctl",          "kcmp",           "memfd_create",
    "memfd_secret", "shmget",          "msgget",         "semget",
    "modify_ldt",   "remap_file_pages"};

// As if the user had no right to it: who has capabilities in some world of its own has none here.
constexpr std::array kForbidden{"ptrace",
                                "process_vm_readv",
                                "process_vm_writev",
                                "process_madvise",
                                "pidfd_getfd",
                                "unshare",
                                "setns",
                                "mount",
                                "umount",
                                "umount2",
                                "pivot_root",
                                "chroot",
                                "open_tree",
                                "move_mount",
                                "fsopen",
                                "fsconfig",
                                "fsmount",
                                "fspick",
                                "mount_setattr",
                                "name_to_handle_at",
                                "quotactl",
                                "open_by_handle_at",
                                "fanotify_init",
                                "fanotify_mark",
                                "quotactl_fd",
                                "init_module",
                                "finit_module",
                                "delete_module",
                                "kexec_load",
                                "kexec_file_load",
                                "reboot",
                                "swapon",
                                "swapoff",
                                "acct",
                                "syslog",
                                "vhangup",
                                "settimeofday",
                                "clock_settime",
                                "clock_adjtime",
                                "adjtimex",
                                "sethostname",
                                "setdomainname",
                                "iopl",
                                "ioperm",
                                "lookup_dcookie",
                                "move_pages",
                                "migrate_pages"};

constexpr std::array<scmp_datum_t, 7> kNamespaces{CLONE_NEWNS,  CLONE_NEWCGROUP, CLONE_NEWUTS,
                                                  CLONE_NEWIPC, CLONE_NEWUSER,   CLONE_NEWPID,
                                                  CLONE_NEWNET};

// They type for somebody, or change what a terminal is.
constexpr std::array<scmp_datum_t, 4> kTerminal{TIOCSTI, TIOCLINUX, TIOCSETD, TIOCCONS};

constexpr scmp_datum_t kWord = 0xffffffff;  // the kernel does not look at an int's upper half

void demand(int result, const char* what) {
  if (result >= 0) return;
  std::fprintf(stderr, "filter: %s: %s\n", what, std::strerror(-result));
  std::exit(1);
}

void refuse(scmp_filter_ctx filter, int error, const char* name,
            std::initializer_list<scmp_arg_cmp> when = {}) {
  const int number = seccomp_syscall_resolve_name(name);
  if (number == __NR_SCMP_ERROR) return;  // newer than this libseccomp, or another machine's
  demand(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), number,
                                static_cast<unsigned>(when.size()), when.begin()),
         name);
}

bool is_taught(scmp_datum_t family) {
  // AF_NETLINK is how getaddrinfo learns which addresses this host has.
  return family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
}

void refuse_sockets(scmp_filter_ctx filter) {
  for (scmp_datum_t family = 0; family < AF_MAX; ++family) {
    if (is_taught(family)) continue;
    refuse(filter, EAFNOSUPPORT, "socket", {SCMP_A0_64(SCMP_CMP_EQ, family)});
  }
  refuse(filter, EAFNOSUPPORT, "socket", {SCMP_A0_64(SCMP_CMP_GE, AF_MAX)});
  // Asking for a protocol loads its module: DCCP, SCTP, MPTCP and the like stay out.
  refuse(filter, EPROTONOSUPPORT, "socket",
         {SCMP_A0_64(SCMP_CMP_EQ, AF_INET), SCMP_A2_64(SCMP_CMP_GT, IPPROTO_UDP)});
  refuse(filter, EPROTONOSUPPORT, "socket",
         {SCMP_A0_64(SCMP_CMP_EQ, AF_INET6), SCMP_A2_64(SCMP_CMP_GT, IPPROTO_ICMPV6)});
  refuse(filter, EPROTONOSUPPORT, "socket",
         {SCMP_A0_64(SCMP_CMP_EQ, AF_INET6), SCMP_A2_64(SCMP_CMP_EQ, IPPROTO_DCCP)});
  refuse(filter, EPROTONOSUPPORT, "socket",  // 0: NETLINK_ROUTE
         {SCMP_A0_64(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2_64(SCMP_CMP_NE, 0)});
}

}  // namespace

int main() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) demand(-ENOMEM, "seccomp_init");
  // Calls by the numbers of another architecture would pass by the rules of this one.
  demand(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)), "architecture");
  demand(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2), "optimize");
  for (const char* name : kAbsent) refuse(filter, ENOSYS, name);
  for (const char* name : kForbidden) refuse(filter, EPERM, name);
  for (const auto flag : kNamespaces) {
    refuse(filter, EPERM, "clone", {SCMP_A0_64(SCMP_CMP_MASKED_EQ, flag, flag)});
  }
  for (const auto request : kTerminal) {
    refuse(filter, EPERM, "ioctl", {SCMP_A1_64(SCMP_CMP_MASKED_EQ, kWord, request)});
  }
  refuse_sockets(filter);
  demand(seccomp_export_bpf(filter, STDOUT_FILENO), "seccomp_export_bpf");
  seccomp_release(filter);
}
