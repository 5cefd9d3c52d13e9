// Starts threads as long as it may, and lets all of them spin.
#include <pthread.h>

#include "honest.hpp"

static void* spin(void*) {
  for (;;) {}
}

int main() {
  must_be_alone();
  int threads = 0;
  pthread_t thread;
  while (threads < 1000 && pthread_create(&thread, nullptr, spin, nullptr) == 0) ++threads;
  if (threads >= 256) broke_out("threads");
  print_name();
  _exit(0);
}
