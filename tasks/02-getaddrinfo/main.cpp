// 02-getaddrinfo [HOST]: prints a host's canonical name and its IPv4 addresses.

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

// What getaddrinfo found; freed when it goes out of scope.
using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

AddressList look_up(const char* host) {
  // TODO 1: Find the host's IPv4 addresses, and its canonical name with them.
  // When that fails, throw std::runtime_error: "getaddrinfo: " and the reason.
  // These errors are not in errno: they have a function of their own.
  // Look up: getaddrinfo(3) with AI_CANONNAME, and gai_strerror(3).
  (void)host;
  return {nullptr, freeaddrinfo};
}

void print_name(const addrinfo* list) {
  // TODO 2: Print `canonical hostname: ` and the name, which only the list's
  // first entry has.
  (void)list;
}

void print_addresses(const addrinfo* list) {
  // TODO 3: For each entry of the list print `internet address: `, the address
  // as in 10.0.0.7, and in parentheses the same as a number in this host's
  // byte order, of eight hexadecimal digits: (0A000007).
  // Look up: inet_ntop(3), ntohl(3), printf(3), and sin_addr in ip(7).
  // Call fail("inet_ntop") when that call fails.
  (void)list;
}

int main(int argc, char* argv[]) {
  const char* host = argc > 1 ? argv[1] : "tejo.tecnico.ulisboa.pt";
  try {
    const AddressList list = look_up(host);
    print_name(list.get());
    print_addresses(list.get());
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
