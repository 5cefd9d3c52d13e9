// Connects, and resets the connection before anybody has looked.
#include "honest.hpp"

int main(int, char* argv[]) {
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(static_cast<unsigned short>(atoi(argv[1])));
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int sock = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(sock, reinterpret_cast<sockaddr*>(&there), sizeof there) < 0) return 1;
  const linger none{1, 0};
  setsockopt(sock, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close(sock);
}
