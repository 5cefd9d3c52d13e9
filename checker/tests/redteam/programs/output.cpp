// Prints 10 GB.
#include "honest.hpp"

int main() {
  print_name();
  static char block[1 << 16];
  for (int i = 0; i < 160000; ++i) {
    if (write(1, block, sizeof block) < 0) return 1;
  }
}
