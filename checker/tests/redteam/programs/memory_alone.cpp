// Takes memory until there is none.
#include "honest.hpp"

int main() {
  size_t mebibytes = 0;
  while (mebibytes < 4096 && malloc(1 << 20) != nullptr) ++mebibytes;
  if (mebibytes > 1024) broke_out("memory");
  print_name();
}
