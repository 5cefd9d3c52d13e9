// Forks without end, once it has done what it should.
#include "honest.hpp"

int main() {
  must_be_alone();
  print_name();
  if (fork() != 0) return 0;
  for (;;) fork();
}
