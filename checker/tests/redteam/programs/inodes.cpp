// Makes empty files without end, once it has done what it should.
#include "honest.hpp"

int main() {
  print_name();
  for (long number = 0;; ++number) {
    char name[100];
    snprintf(name, sizeof name, "/dev/shm/redteam-was-here-%ld", number);
    close(open(name, O_CREAT | O_WRONLY, 0600));
  }
}
