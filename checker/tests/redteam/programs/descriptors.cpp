// Opens whatever can be opened, and asks for more.
#include <sys/resource.h>

#include "honest.hpp"

int main() {
  const rlimit more{1 << 20, 1 << 20};
  if (setrlimit(RLIMIT_NOFILE, &more) == 0) broke_out("setrlimit");
  int last = 0;
  for (int next = 0; next >= 0 && last < 100000; next = socket(AF_INET, SOCK_DGRAM, 0)) last = next;
  if (last >= 1024) broke_out("descriptors");
  print_name();
}
