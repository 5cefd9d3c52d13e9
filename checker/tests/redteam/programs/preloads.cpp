// Tries to have its own code loaded into everybody else.
#include "honest.hpp"

int main() {
  const char* places[] = {"/etc/ld.so.preload", "/etc/ld.so.cache", "/observer.so", "/launch",
                          "/proc/1/environ", "/proc/1/mem", "/usr/lib/redteam-was-here"};
  for (const char* place : places) {
    if (open(place, O_WRONLY | O_CREAT, 0600) >= 0) broke_out(place);
  }
  print_name();
}
