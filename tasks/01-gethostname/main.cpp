// 01-gethostname: prints the name of the host that it runs on.

#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

[[noreturn]] void fail(const char* call) {
  // TODO 3: errno holds the reason, until another call overwrites it. Throw an
  // exception whose text is the call, a colon and the reason in words.
  // Look up: errno(3), strerror(3), and std::system_error, which does it all.
  throw std::runtime_error(call);
}

std::string host_name() {
  // TODO 1: Ask the system for the name of this host, and return it. The buffer
  // must hold the longest name that there can be, and the NUL that ends it.
  // Look up: gethostname(2), and HOST_NAME_MAX in <climits>.
  // Call fail("gethostname") when the call returns -1.
  return {};
}

int main() {
  try {
    const std::string name = host_name();
    // TODO 2: Print `host name: `, the name, and the end of the line.
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
