/* A TCP client as textbooks print it. Host, port and message compiled in, no messages. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define PORT "58001"

int main(void) {
  struct addrinfo hints, *res;
  int fd;
  ssize_t nbytes, nleft, nwritten, nread;
  char *ptr, buffer[128 + 1];

  if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) exit(1);
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo("tejo.tecnico.ulisboa.pt", PORT, &hints, &res) != 0) exit(1);
  if (connect(fd, res->ai_addr, res->ai_addrlen) == -1) exit(1);

  ptr = strcpy(buffer, "Hello!\n");
  nbytes = 7;
  nleft = nbytes;
  while (nleft > 0) {
    if ((nwritten = write(fd, ptr, nleft)) <= 0) exit(1);
    nleft -= nwritten;
    ptr += nwritten;
  }
  nleft = nbytes;
  ptr = &buffer[0];
  while (nleft > 0) {
    if ((nread = read(fd, ptr, nleft)) == -1) exit(1);
    if (nread == 0) break;
    nleft -= nread;
    ptr += nread;
  }
  nread = nbytes - nleft;
  close(fd);
  write(1, "echo: ", 6);
  write(1, buffer, nread);
  exit(0);
}
