#pragma once
// The calls that are observed, by number. The numbers are part of the ring's format: append only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#define OBSERVED_CALLS(call)                                                                    \
  call(hello) call(socket) call(socketpair) call(bind) call(listen) call(accept) call(accept4)  \
      call(connect) call(shutdown) call(close) call(dup) call(dup2) call(dup3) call(read)       \
          call(write) call(readv) call(writev) call(send) call(sendto) call(sendmsg) call(recv) \
              call(recvfrom) call(recvmsg) call(select) call(pselect) call(poll) call(ppoll)    \
                  call(epoll_create) call(epoll_create1) call(epoll_ctl) call(epoll_wait)       \
                      call(epoll_pwait) call(setsockopt) call(getsockopt) call(getsockname)     \
                          call(getpeername) call(fcntl) call(ioctl) call(getaddrinfo)           \
                              call(freeaddrinfo) call(getnameinfo) call(gethostname) call(fork) \
                                  call(vfork) call(execve) call(waitpid) call(wait) call(wait4) \
                                      call(sigaction) call(signal) call(kill) call(exit)        \
                                          call(_exit)

namespace observer {

enum class Call : std::uint8_t {
#define AS_ENUMERATOR(name) name,
  OBSERVED_CALLS(AS_ENUMERATOR)
#undef AS_ENUMERATOR
};

inline constexpr std::array kCallNames{
#define AS_NAME(name) std::string_view{#name},
    OBSERVED_CALLS(AS_NAME)
#undef AS_NAME
};

inline constexpr std::size_t kCalls = kCallNames.size();

}  // namespace observer
