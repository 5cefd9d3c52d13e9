// Kills whatever it can reach, by every number there is, and then does what it should.
#include "honest.hpp"

int main() {
  must_be_alone();
  const pid_t child = fork();
  if (child == 0) {
    print_name();
    setsid();
    kill(-1, SIGSTOP);
    kill(-1, SIGKILL);
    _exit(0);
  }
  for (;;) pause();
}
