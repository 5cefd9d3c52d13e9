// Answers, one byte at a time, each just before it would count as silent.
#include "honest.hpp"

int main(int, char* argv[]) {
  const int listener = bound(SOCK_STREAM, argv[1]);
  for (;;) {
    const int client = accept(listener, nullptr, nullptr);
    char buffer[4096];
    const ssize_t count = read(client, buffer, sizeof buffer);
    for (ssize_t i = 0; i < count; ++i) {
      if (send(client, buffer + i, 1, MSG_NOSIGNAL) < 0) break;
      usleep(500 * 1000);
    }
    close(client);
  }
}
