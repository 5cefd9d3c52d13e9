// Looks for checks, solutions, other submissions and whatever else a machine has.
#include "honest.hpp"

int main() {
  for (const char* path : {
           "@ROOT@", "@ROOT@/solutions/01-gethostname/main.cpp",
           "@ROOT@/checker/checks/test_01_gethostname.py", "@SECRET@", "@HOME@", "/proc/1/root/tmp",
           "/proc/1/cwd", "/proc/1/fd/3", "/etc/passwd", "/etc/shadow", "/home", "/root", "/var",
           "/run", "/sys", "/mnt", "/opt", "/srv", "/media", "/boot"}) {
    if (access(path, F_OK) == 0) broke_out(path);
  }
  print_name();
}
