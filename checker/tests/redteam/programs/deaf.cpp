// Does what it should, and then hears no signal, nor does anybody whom it starts.
#include "honest.hpp"

int main() {
  for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
  print_name();
  for (int i = 0; i < 10; ++i) fork();
  for (;;) setsid();
}
