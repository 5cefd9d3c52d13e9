// Fills every disk that it finds.
#include "honest.hpp"

int main() {
  signal(SIGXFSZ, SIG_IGN);
  long mebibytes = 0;
  for (const char* folder : {"/tmp", "/dev/shm", "/program", "/dev", "/", "/var/tmp", "/out"}) {
    for (int number = 0; number < 200; ++number) {
      char name[100];
      snprintf(name, sizeof name, "%s/redteam-was-here-%d", folder, number);
      const int file = open(name, O_CREAT | O_WRONLY, 0600);
      if (file < 0) break;
      for (int i = 0; i < 64 && posix_fallocate(file, i << 20, 1 << 20) == 0; ++i) ++mebibytes;
      close(file);
    }
  }
  if (mebibytes > 2 * 64) broke_out("disk");
  print_name();
}
