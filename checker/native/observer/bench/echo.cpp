// A single-threaded epoll echo server for `make bench-observer`: 64 bytes in, 64 bytes out. Prints
// its port and serves until it, or the tracer that started it, is killed.

#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>

int main() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);  // a load that is done leaves without reading the rest
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  if (bind(listener, reinterpret_cast<sockaddr*>(&here), size) != 0 || listen(listener, 64) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
    return 1;
  }
  const int epoll = epoll_create1(0);
  const auto watch = [epoll](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  };
  watch(listener);
  std::printf("%d\n", ntohs(here.sin_port));
  std::fflush(stdout);
  for (std::array<epoll_event, 64> events;;) {
    const int ready = epoll_wait(epoll, events.data(), events.size(), -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        watch(accept(listener, nullptr, nullptr));
        continue;
      }
      std::array<char, 64> message;
      const auto got = read(fd, message.data(), message.size());
      if (got <= 0 || write(fd, message.data(), static_cast<std::size_t>(got)) != got) close(fd);
    }
  }
}
