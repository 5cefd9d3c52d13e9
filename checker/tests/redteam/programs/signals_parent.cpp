// Sends every signal to its parent, its group and the process that judges it.
#include "honest.hpp"

int main() {
  must_be_alone();
  for (int number = 1; number < 65; ++number) {
    kill(getppid(), number);
    syscall(SYS_tkill, getppid(), number);
    if (kill(@PROBER@, number) == 0) broke_out("kill");
    if (kill(-@PROBER@, number) == 0) broke_out("kill");
  }
  print_name();
}
