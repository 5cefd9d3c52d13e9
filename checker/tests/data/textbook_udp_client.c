/* A UDP client as textbooks print it. Host, port and message compiled in, no messages. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define PORT "58001"

int main(void) {
  struct addrinfo hints, *res;
  struct sockaddr_in addr;
  socklen_t addrlen;
  int fd;
  ssize_t n;
  char buffer[128];

  if ((fd = socket(AF_INET, SOCK_DGRAM, 0)) == -1) exit(1);
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  if (getaddrinfo("tejo.tecnico.ulisboa.pt", PORT, &hints, &res) != 0) exit(1);
  if ((n = sendto(fd, "Hello!\n", 7, 0, res->ai_addr, res->ai_addrlen)) == -1) exit(1);
  addrlen = sizeof(addr);
  n = recvfrom(fd, buffer, 128, 0, (struct sockaddr *)&addr, &addrlen);
  if (n == -1) exit(1);
  write(1, "echo: ", 6);
  write(1, buffer, n);
  freeaddrinfo(res);
  close(fd);
  exit(0);
}
