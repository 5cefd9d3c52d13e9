// Sends the lab's name server noise, as much as its socket has room for, holds a few connections
// to it, each in the midst of a question, and then looks up a name as it should.
#include <netdb.h>

#include "honest.hpp"

static sockaddr_in name_server() {
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(53);
  inet_pton(AF_INET, "127.0.0.53", &there.sin_addr);
  return there;
}

int main() {
  const sockaddr_in there = name_server();
  const auto* address = reinterpret_cast<const sockaddr*>(&there);
  const int noisy = socket(AF_INET, SOCK_DGRAM, 0);
  unsigned char noise[600];
  for (unsigned i = 0; i < 50; ++i) {
    for (unsigned at = 0; at < sizeof noise; ++at) noise[at] = (i * 2654435761U + at * 40503U) >> 13;
    if (i % 2 != 0) memcpy(noise, "\0\1\1\0\0\1\0\0\0\0\0\0\300\14\0\1\0\1", 18);  // a name that is itself
    sendto(noisy, noise, i % sizeof noise, 0, address, sizeof there);
  }
  for (int held = 0; held < 5; ++held) {
    const int sock = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sock, address, sizeof there) < 0) break;
    if (write(sock, "\377\377half", 6) < 0) break;
  }
  addrinfo* found = nullptr;
  const addrinfo hints{0, AF_INET, SOCK_STREAM, 0, 0, nullptr, nullptr, nullptr};
  puts(getaddrinfo("tejo.tecnico.ulisboa.pt", nullptr, &hints, &found) == 0 ? "found" : "nobody answers");
  fflush(stdout);
  for (;;) pause();
}
