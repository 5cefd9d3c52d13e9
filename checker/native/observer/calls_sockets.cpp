// socket, socketpair, bind, listen, accept, accept4, connect, shutdown, close, dup, dup2, dup3,
// getsockname, getpeername.

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "address.hpp"
#include "memory.hpp"
#include "names.hpp"
#include "observed.hpp"
#include "real.hpp"
#include "sockets.hpp"

using namespace observer;

namespace {

void describe_socket(Text& text, int family, int type, int protocol) {
  name_family(text, family);
  text << ' ';
  name_socket_type(text, type);
  if (protocol != 0) text << " protocol " << protocol;
}

void describe_address(Text& text, const void* address, socklen_t size) {
  sockaddr_storage known;
  name_address(text, &known, peek(&known, address, std::min<std::size_t>(size, sizeof known)));
}

// After a call that gave an address and its size.
void describe_answer(Text& text, const void* address, const socklen_t* size) {
  socklen_t known = 0;
  if (address != nullptr && peek(known, size)) describe_address(text, address, known);
}

void describe_peer(Text& text, int fd) {
  const int saved = errno;
  sockaddr_storage peer;
  socklen_t size = sizeof peer;
  if (!text.empty()) text << ' ';
  text << "from ";
  if (syscall(SYS_getpeername, fd, &peer, &size) == 0) {
    name_address(text, &peer, size);
  } else {
    text << "somebody who has gone";
  }
  errno = saved;
}

template <typename RealCall>
int observe_accept(Observed& call, RealCall real_call) {
  return call.through(real_call, [&](int fd) {
    if (fd < 0) return;
    forget(fd);
    describe_peer(call.text, fd);
  });
}

template <typename RealCall>
int observe_dup(Observed& call, RealCall real_call) {
  return call.through(real_call, forget);
}

}  // namespace

OBSERVED(int, socket, int family, int type, int protocol) {
  if (!watching()) return REAL(socket)(family, type, protocol);
  Observed call{Call::socket};
  describe_socket(call.text, family, type, protocol);
  return call.through([&] { return REAL(socket)(family, type, protocol); }, forget);
}

OBSERVED(int, socketpair, int family, int type, int protocol, int* pair) {
  if (!watching()) return REAL(socketpair)(family, type, protocol, pair);
  Observed call{Call::socketpair};
  describe_socket(call.text, family, type, protocol);
  return call.through([&] { return REAL(socketpair)(family, type, protocol, pair); },
                      [&](int result) {
                        if (result < 0) return;
                        forget(pair[0]);
                        forget(pair[1]);
                        call.text << " -> " << pair[0] << ',' << pair[1];
                      });
}

OBSERVED(int, bind, int fd, const sockaddr* address, socklen_t size) {
  if (!watching()) return REAL(bind)(fd, address, size);
  Observed call{Call::bind, fd, size};
  describe_address(call.text, address, size);
  return call.through([&] { return REAL(bind)(fd, address, size); });
}

OBSERVED(int, listen, int fd, int backlog) {
  if (!watching()) return REAL(listen)(fd, backlog);
  Observed call{Call::listen, fd};
  call.text << backlog;
  return call.through([&] { return REAL(listen)(fd, backlog); });
}

OBSERVED(int, accept, int fd, sockaddr* address, socklen_t* size) {
  if (!watching()) return REAL(accept)(fd, address, size);
  Observed call{Call::accept, fd};
  return observe_accept(call, [&] { return REAL(accept)(fd, address, size); });
}

OBSERVED(int, accept4, int fd, sockaddr* address, socklen_t* size, int flags) {
  if (!watching()) return REAL(accept4)(fd, address, size, flags);
  Observed call{Call::accept4, fd};
  name_type_flags(call.text, flags);
  return observe_accept(call, [&] { return REAL(accept4)(fd, address, size, flags); });
}

OBSERVED(int, connect, int fd, const sockaddr* address, socklen_t size) {
  if (!watching()) return REAL(connect)(fd, address, size);
  Observed call{Call::connect, fd, size};
  describe_address(call.text, address, size);
  return call.through([&] { return REAL(connect)(fd, address, size); });
}

OBSERVED(int, shutdown, int fd, int how) {
  if (!watching()) return REAL(shutdown)(fd, how);
  Observed call{Call::shutdown, fd};
  name_shutdown(call.text, how);
  return call.through([&] { return REAL(shutdown)(fd, how); });
}

// An injected error closes nevertheless, as Linux does: close(2), "Dealing with error returns".
OBSERVED(int, close, int fd) {
  if (!watching() || !is_socket(fd)) {
    const int result = REAL(close)(fd);
    forget(fd);
    return result;
  }
  Observed call{Call::close, fd};
  forget(fd);  // before: another thread may have the number at once, for a file
  if (call.fault().kind == Fault::error) REAL(close)(fd);
  // And afterwards: another thread may have asked meanwhile. Who has the number only asks again.
  return call.through([&] { return REAL(close)(fd); }, [&](int) { forget(fd); });
}

OBSERVED(int, dup, int fd) {
  if (!watching() || !is_socket(fd)) return REAL(dup)(fd);
  Observed call{Call::dup, fd};
  return observe_dup(call, [&] { return REAL(dup)(fd); });
}

OBSERVED(int, dup2, int fd, int target) {
  if (!watching() || !is_socket(fd)) {
    const int result = REAL(dup2)(fd, target);
    forget(target);
    return result;
  }
  Observed call{Call::dup2, fd};
  call.text << target;
  return observe_dup(call, [&] { return REAL(dup2)(fd, target); });
}

OBSERVED(int, dup3, int fd, int target, int flags) {
  if (!watching() || !is_socket(fd)) {
    const int result = REAL(dup3)(fd, target, flags);
    forget(target);
    return result;
  }
  Observed call{Call::dup3, fd};
  call.text << target << ' ';
  name_open_flags(call.text, flags);
  return observe_dup(call, [&] { return REAL(dup3)(fd, target, flags); });
}

OBSERVED(int, getsockname, int fd, sockaddr* address, socklen_t* size) {
  if (!watching()) return REAL(getsockname)(fd, address, size);
  Observed call{Call::getsockname, fd};
  return call.through([&] { return REAL(getsockname)(fd, address, size); },
                      [&](int result) {
                        if (result == 0) describe_answer(call.text, address, size);
                      });
}

OBSERVED(int, getpeername, int fd, sockaddr* address, socklen_t* size) {
  if (!watching()) return REAL(getpeername)(fd, address, size);
  Observed call{Call::getpeername, fd};
  return call.through([&] { return REAL(getpeername)(fd, address, size); },
                      [&](int result) {
                        if (result == 0) describe_answer(call.text, address, size);
                      });
}
