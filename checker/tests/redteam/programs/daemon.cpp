// Does what it should, and leaves a daemon: two forks, a session of its own, deaf to every signal.
#include "honest.hpp"

int main() {
  must_be_alone();
  print_name();
  if (fork() != 0) return 0;
  for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
  setsid();
  if (fork() != 0) return 0;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) close(descriptor);
  for (;;) pause();
}
