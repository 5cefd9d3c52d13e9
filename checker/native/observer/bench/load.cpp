// Saturates the echo server: 50 connections, 16 messages of 64 bytes in flight on each, so that the
// server is the slower side. Prints the messages per second that came back.
//
//   load PORT SECONDS

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kConnections = 50;
constexpr std::size_t kMessage = 64;
constexpr std::size_t kInFlight = 16;

int connected(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  there.sin_port = htons(static_cast<std::uint16_t>(port));
  if (connect(fd, reinterpret_cast<sockaddr*>(&there), sizeof there) != 0) std::exit(1);
  return fd;
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc != 3) return 2;
  const int epoll = epoll_create1(0);
  std::array<char, kMessage * kInFlight> data{};
  for (int i = 0; i < kConnections; ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = connected(std::atoi(argv[1]));
    epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
    if (write(event.data.fd, data.data(), data.size()) < 0) return 1;
  }
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto end = start + std::chrono::duration<double>(std::atof(argv[2]));
  std::size_t bytes = 0;
  while (Clock::now() < end) {
    std::array<epoll_event, kConnections> events;
    const int ready = epoll_wait(epoll, events.data(), events.size(), 1000);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      const auto got = read(fd, data.data(), data.size());
      if (got <= 0 || write(fd, data.data(), static_cast<std::size_t>(got)) != got) return 1;
      bytes += static_cast<std::size_t>(got);
    }
  }
  const auto seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("%.0f\n", static_cast<double>(bytes) / kMessage / seconds);
  return 0;
}
