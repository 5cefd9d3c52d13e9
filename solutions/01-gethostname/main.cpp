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
  //> 3 fail
  //| errno holds the reason, until another call overwrites it. Throw an
  //| exception whose text is the call, a colon and the reason in words.
  //| Look up: errno(3), strerror(3), and std::system_error, which does it all.
  //+ throw std::runtime_error(call);
  throw std::system_error(errno, std::generic_category(), call);
  //<
}

std::string host_name() {
  //> 1 host-name
  //| Ask the system for the name of this host, and return it. The buffer
  //| must hold the longest name that there can be, and the NUL that ends it.
  //| Look up: gethostname(2), and HOST_NAME_MAX in <climits>.
  //| Call fail("gethostname") when the call returns -1.
  //+ return {};
  std::array<char, HOST_NAME_MAX + 1> name;  // a name of HOST_NAME_MAX, and its NUL
  if (gethostname(name.data(), name.size()) < 0) fail("gethostname");
  return name.data();
  //<
}

int main() {
  try {
    const std::string name = host_name();
    //> 2 print
    //| Print `host name: `, the name, and the end of the line.
    std::cout << "host name: " << name << '\n';
    //<
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
