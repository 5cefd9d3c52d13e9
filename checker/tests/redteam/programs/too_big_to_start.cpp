// Asks for more memory at its start than it may ever have.
#include "honest.hpp"

static char huge[1800UL << 20];

int main() {
  huge[1700UL << 20] = 1;
  print_name();
}
