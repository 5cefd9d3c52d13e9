/* A TCP echo server as textbooks print it. Port compiled in, no arguments, no messages. */
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
  int fd, newfd;
  ssize_t n, nw;
  char *ptr, buffer[128];

  if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) exit(1);
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  if (getaddrinfo(NULL, PORT, &hints, &res) != 0) exit(1);
  if (bind(fd, res->ai_addr, res->ai_addrlen) == -1) exit(1);
  if (listen(fd, 5) == -1) exit(1);

  while (1) {
    addrlen = sizeof(addr);
    if ((newfd = accept(fd, (struct sockaddr *)&addr, &addrlen)) == -1) exit(1);
    while ((n = read(newfd, buffer, 128)) != 0) {
      if (n == -1) exit(1);
      ptr = &buffer[0];
      while (n > 0) {
        if ((nw = write(newfd, ptr, n)) <= 0) exit(1);
        n -= nw;
        ptr += nw;
      }
    }
    close(newfd);
  }
}
