// Stops who watches it, and fills the memory with processes of which each stays below its limit.
#include "honest.hpp"

int main() {
  must_be_alone();
  kill(getppid(), SIGSTOP);
  for (int i = 0; i < 4; ++i) {
    if (fork() != 0) continue;
    for (int size = 0; size < 400; ++size) {
      char* more = static_cast<char*>(sbrk(1 << 20));
      if (more == reinterpret_cast<char*>(-1)) continue;
      for (int page = 0; page < 256; ++page) more[page * 4096] = 1;
    }
    for (;;) pause();
  }
  for (;;) pause();
}
