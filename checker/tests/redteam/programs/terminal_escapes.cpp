// Sends a terminal what it obeys: from the compiler, from its output and from its file's name.
#include "honest.hpp"

#warning ]0;owned [2J [8m ‮ ]8;;http://example.test/click

int main() {
  const char* evil = "\033]0;owned\007\033[2J\033[8m\r\xe2\x80\xae\x9b\x31m::error::owned\n";
  fputs(evil, stdout);
  fputs(evil, stderr);
}
