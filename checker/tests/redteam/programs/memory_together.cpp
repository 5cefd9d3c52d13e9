// Stops who watches it, and fills the memory with processes of which each stays below its limit.
#include "honest.hpp"

int main() {
  must_be_alone();
  kill(getppid(), SIGSTOP);
  for (int i = 0; i < 4; ++i) {
    if (fork() != 0) continue;
    for (long size = 0; size < 400L << 20; size += 4096) {
      char* page = static_cast<char*>(sbrk(4096));
      if (page != reinterpret_cast<char*>(-1)) *page = 1;
    }
    for (;;) pause();
  }
  for (;;) pause();
}
