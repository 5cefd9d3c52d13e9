#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <limits>
#include <string>

#include "address.hpp"
#include "memory.hpp"
#include "names.hpp"
#include "sets.hpp"

using namespace observer;

namespace {

template <typename Describe>
std::string said(Describe describe) {
  Text text;
  describe(text);
  return std::string(text.view());
}

std::string v4(const char* address, std::uint16_t port) {
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(port);
  inet_pton(AF_INET, address, &here.sin_addr);
  return said([&](Text& text) { name_address(text, &here, sizeof here); });
}

std::string v6(const char* address, std::uint16_t port) {
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(port);
  inet_pton(AF_INET6, address, &here.sin6_addr);
  return said([&](Text& text) { name_address(text, &here, sizeof here); });
}

std::string local(std::string_view path) {
  sockaddr_un here{};
  here.sun_family = AF_UNIX;
  std::memcpy(here.sun_path, path.data(), path.size());
  const auto size = offsetof(sockaddr_un, sun_path) + path.size();
  return said([&](Text& text) { name_address(text, &here, size); });
}

}  // namespace

TEST_CASE("numbers are written out") {
  CHECK(said([](Text& text) { text << 0 << ' ' << -7 << ' ' << 65535U; }) == "0 -7 65535");
  const auto least = std::numeric_limits<std::int64_t>::min();
  CHECK(said([&](Text& text) { text << least; }) == "-9223372036854775808");
  CHECK(said([](Text& text) { text.hex(0xbeef); }) == "beef");
}

TEST_CASE("a text that is too long is cut, and shows it") {
  const std::string most(kText, 'x');
  CHECK(said([&](Text& text) { text << most; }) == most);
  const auto cut = said([&](Text& text) { text << most << "y" << 12; });
  CHECK(cut == std::string(kText - 3, 'x') + "...");
}

TEST_CASE("IPv4 addresses") {
  CHECK(v4("127.0.0.1", 58001) == "127.0.0.1:58001");
  CHECK(v4("255.0.10.200", 0) == "255.0.10.200:0");
}

TEST_CASE("IPv6 addresses are written as inet_ntop does") {
  for (const char* address :
       {"::", "::1", "1::", "fe80::1", "2001:db8::8:800:200c:417a", "1:2:3:4:5:6:7:8",
        "1:0:3:4:5:6:7:8", "1:0:0:4:0:0:0:8", "0:0:0:4::", "::ffff:10.0.0.7", "1:2:3:4:5:6::"}) {
    in6_addr binary;
    char expected[INET6_ADDRSTRLEN];
    inet_pton(AF_INET6, address, &binary);
    inet_ntop(AF_INET6, &binary, expected, sizeof expected);
    CHECK(v6(address, 80) == "[" + std::string(expected) + "]:80");
  }
}

TEST_CASE("local addresses: a path, an abstract name, none") {
  CHECK(local("/tmp/socket") == "unix:/tmp/socket");
  CHECK(local(std::string_view("\0name", 5)) == "unix:@name");
  CHECK(local("") == "unix:");
}

TEST_CASE("a short or unknown address is described") {
  const sockaddr_in here{AF_INET, 0, {}, {}};
  CHECK(said([&](Text& text) { name_address(text, &here, 1); }) == "no address");
  CHECK(said([&](Text& text) { name_address(text, &here, 8); }) == "AF_INET in 8 bytes");
  const sockaddr other{77, {}};
  CHECK(said([&](Text& text) { name_address(text, &other, 16); }) == "77 in 16 bytes");
}

TEST_CASE("flags by name") {
  const auto socket_type = [](int type) {
    return said([&](Text& text) { name_socket_type(text, type); });
  };
  CHECK(socket_type(SOCK_STREAM) == "SOCK_STREAM");
  CHECK(socket_type(SOCK_DGRAM | SOCK_CLOEXEC) == "SOCK_DGRAM|SOCK_CLOEXEC");
  CHECK(said([](Text& text) { name_message_flags(text, MSG_NOSIGNAL | MSG_DONTWAIT); }) ==
        "MSG_DONTWAIT|MSG_NOSIGNAL");
  CHECK(said([](Text& text) { name_message_flags(text, 1 << 29); }) == "0x20000000");
  CHECK(said([](Text& text) { name_message_flags(text, 0); }) == "0");
  CHECK(said([](Text& text) { name_signal(text, SIGPIPE); }) == "SIGPIPE");
  CHECK(said([](Text& text) { name_signal(text, 64); }) == "64");
  CHECK(said([](Text& text) {
          name_signal_flags(text, SA_RESTART | static_cast<int>(SA_RESETHAND));
        }) == "SA_RESTART|SA_RESETHAND");
  CHECK(said([](Text& text) { name_open_flags(text, O_RDWR | O_NONBLOCK); }) ==
        "O_RDWR|O_NONBLOCK");
  CHECK(said([](Text& text) { name_epoll_events(text, EPOLLIN | EPOLLET); }) == "EPOLLIN|EPOLLET");
}

TEST_CASE("options by level and name") {
  const auto option = [](int level, int number) {
    return said([&](Text& text) { name_option(text, level, number); });
  };
  CHECK(option(SOL_SOCKET, SO_REUSEADDR) == "SOL_SOCKET SO_REUSEADDR");
  CHECK(option(IPPROTO_TCP, TCP_NODELAY) == "IPPROTO_TCP TCP_NODELAY");
  CHECK(option(IPPROTO_IPV6, IPV6_V6ONLY) == "IPPROTO_IPV6 IPV6_V6ONLY");
  CHECK(option(99, 98) == "99 98");
  CHECK(option(SOL_SOCKET, 9999) == "SOL_SOCKET 9999");
}

TEST_CASE("sets and what is ready in them") {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(3, &set);
  FD_SET(5, &set);
  CHECK(said([&](Text& text) { name_set(text, "read", set, 6); }) == "read 3,5");
  CHECK(said([&](Text& text) { name_set(text, "read", set, 5); }) == "read 3");
  CHECK(said([&](Text& text) { name_set(text, "read", set, 3); }).empty());
  CHECK(said([&](Text& text) { name_set(text, "read", set, 1 << 30); }) == "read 3,5");
  const pollfd entries[] = {{3, POLLIN, 0}, {5, POLLIN | POLLOUT, POLLOUT | POLLHUP}};
  CHECK(said([&](Text& text) { name_asked(text, entries); }) == "3 POLLIN, 5 POLLIN|POLLOUT");
  CHECK(said([&](Text& text) { name_ready(text, entries); }) == " -> 5 POLLOUT|POLLHUP");
}

TEST_CASE("epoll shows small data as a descriptor and large as a pointer") {
  epoll_event events[2]{};
  events[0].events = EPOLLIN;
  events[0].data.fd = 7;
  events[1].events = EPOLLOUT;
  events[1].data.u64 = 0x7f0000000000;
  CHECK(said([&](Text& text) { name_ready(text, std::span<const epoll_event>(events)); }) ==
        "-> 7 EPOLLIN, 0x7f0000000000 EPOLLOUT");
}

TEST_CASE("timeouts in milliseconds, and none") {
  CHECK(said([](Text& text) { name_timeout(text, 200); }) == "timeout 200 ms");
  CHECK(said([](Text& text) { name_timeout(text, -1); }).empty());
  CHECK(said([](Text& text) { name_timeout(text, timeval{2, 500000}); }) == "timeout 2500 ms");
  CHECK(said([](Text& text) { name_timeout(text, timespec{0, 1000000}); }) == "timeout 1 ms");
}

TEST_CASE("how a child ended") {
  CHECK(said([](Text& text) { name_status(text, 3 << 8); }) == "exited 3");
  CHECK(said([](Text& text) { name_status(text, SIGKILL); }) == "killed by SIGKILL");
  CHECK(said([](Text& text) { name_status(text, SIGSTOP << 8 | 0x7f); }) == "stopped by SIGSTOP");
}

TEST_CASE("a bad pointer is noticed, not followed") {
  int value = 0;
  CHECK_FALSE(peek(value, nullptr));
  CHECK_FALSE(peek(value, reinterpret_cast<const void*>(16)));
  CHECK(said([](Text& text) { peek_string(text, reinterpret_cast<const char*>(16)); }).empty());
  CHECK(said([](Text& text) { peek_string(text, nullptr); }).empty());
}

TEST_CASE("a string may end at the end of memory") {
  const auto page = static_cast<std::size_t>(getpagesize());
  auto* memory = static_cast<char*>(
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  REQUIRE(memory != MAP_FAILED);
  munmap(memory + page, page);
  char* start = memory + page - 5;
  std::memcpy(start, "/a/b", 5);
  CHECK(said([&](Text& text) { peek_string(text, start); }) == "/a/b");
  start[4] = 'c';
  CHECK(said([&](Text& text) { peek_string(text, start); }) == "/a/bc");
  munmap(memory, page);
}
