// Traces, reads and takes over whoever watches it.
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "honest.hpp"

int main() {
  const pid_t parent = getppid();
  char byte = 0;
  iovec here{&byte, 1}, there{reinterpret_cast<void*>(0x400000), 1};
  if (ptrace(PTRACE_ATTACH, parent, 0, 0) == 0) broke_out("ptrace");
  if (ptrace(PTRACE_SEIZE, parent, 0, 0) == 0) broke_out("ptrace");
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0) broke_out("ptrace");
  if (process_vm_readv(parent, &here, 1, &there, 1, 0) == 1) broke_out("process_vm_readv");
  if (process_vm_writev(parent, &here, 1, &there, 1, 0) == 1) broke_out("process_vm_writev");
  const long handle = syscall(SYS_pidfd_open, parent, 0);
  for (int number = 0; number < 64; ++number) {
    if (syscall(SYS_pidfd_getfd, handle, number, 0) >= 0) broke_out("pidfd_getfd");
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", parent, number);
    if (open(path, O_RDWR) >= 0) broke_out(path);
  }
  for (const char* file : {"mem", "environ", "maps", "cwd/.", "root/.", "syscall", "stack"}) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", parent, file);
    const int opened = open(path, O_RDONLY);
    if (opened >= 0 && read(opened, &byte, 1) >= 0) broke_out(path);
  }
  print_name();
}
