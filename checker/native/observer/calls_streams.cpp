// read, write, readv, writev, send, sendto, sendmsg, recv, recvfrom, recvmsg.

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "address.hpp"
#include "memory.hpp"
#include "names.hpp"
#include "observed.hpp"
#include "real.hpp"
#include "sockets.hpp"

using namespace observer;

namespace {

void describe_flags(Text& text, int flags) {
  if (flags != 0) name_message_flags(text, flags);
}

void describe_other(Text& text, std::string_view word, const void* address, std::size_t size) {
  if (address == nullptr || size == 0) return;
  sockaddr_storage known;
  if (!text.empty()) text << ' ';
  text << word;
  name_address(text, &known, peek(&known, address, std::min(size, sizeof known)));
}

// With MSG_TRUNC a result may be more than the buffer holds.
std::size_t held(ssize_t result, std::size_t size) {
  return result > 0 ? std::min(static_cast<std::size_t>(result), size) : 0;
}

template <typename RealCall>
ssize_t transfer(Observed& call, const void* data, std::size_t size, RealCall real_call) {
  const auto allowed = call.allowed(size);
  return call.through([&] { return real_call(allowed); },
                      [&](ssize_t result) { call.keep(data, held(result, allowed)); });
}

// The beginning of a list of buffers, as much of it as a fault lets through.
class Shortened {
 public:
  Shortened(Observed& call, const iovec* parts, std::size_t count) : parts_(parts), count_(count) {
    if (call.fault().kind != Fault::shorten) return;
    const auto known = peek(own_, parts, std::min(count, kMost) * sizeof *parts) / sizeof *parts;
    std::size_t size = 0;
    for (std::size_t i = 0; i < known; ++i) size += own_[i].iov_len;
    auto left = call.allowed(size);
    if (left == size) return;
    for (count_ = 0; left > 0; left -= own_[count_++].iov_len) {
      own_[count_].iov_len = std::min(own_[count_].iov_len, left);
    }
    parts_ = own_;
  }
  [[nodiscard]] const iovec* parts() const { return parts_; }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  static constexpr std::size_t kMost = 16;
  iovec own_[kMost];
  const iovec* parts_;
  std::size_t count_;
};

template <typename RealCall>
ssize_t transfer_parts(Observed& call, const iovec* parts, int count, RealCall real_call) {
  const Shortened some{call, parts, count < 0 ? 0 : static_cast<std::size_t>(count)};
  const auto passed = some.parts() == parts ? count : static_cast<int>(some.count());
  return call.through([&] { return real_call(some.parts(), passed); },
                      [&](ssize_t result) { call.keep(some.parts(), some.count(), result); });
}

template <typename Message, typename RealCall>
ssize_t transfer_message(Observed& call, Message* message, std::string_view word,
                         RealCall real_call) {
  msghdr own{};
  const bool known = call.fault().kind == Fault::shorten && peek(own, message);
  const Shortened some{call, known ? own.msg_iov : nullptr, known ? own.msg_iovlen : 0};
  const bool shortened = known && some.parts() != own.msg_iov;
  if (shortened) {
    own.msg_iov = const_cast<iovec*>(some.parts());
    own.msg_iovlen = some.count();
  }
  return call.through([&] { return real_call(shortened ? &own : message); },
                      [&](ssize_t result) {
                        if (result < 0) return;
                        const msghdr& done = shortened ? own : *message;
                        if constexpr (!std::is_const_v<Message>) {
                          if (shortened) {
                            message->msg_namelen = done.msg_namelen;
                            message->msg_controllen = done.msg_controllen;
                            message->msg_flags = done.msg_flags;
                          }
                        }
                        describe_other(call.text, word, done.msg_name, done.msg_namelen);
                        call.keep(done.msg_iov, done.msg_iovlen, result);
                      });
}

// Descriptors that came with a message have numbers that may have meant something else before.
void forget_received(const msghdr& message) {
  auto* any = const_cast<msghdr*>(&message);
  for (auto* part = CMSG_FIRSTHDR(any); part != nullptr; part = CMSG_NXTHDR(any, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= part->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      copy(&fd, CMSG_DATA(part) + at, sizeof fd);
      forget(fd);
    }
  }
}

}  // namespace

OBSERVED(ssize_t, read, int fd, void* data, size_t size) {
  if (!watching() || !is_socket(fd)) return REAL(read)(fd, data, size);
  Observed call{Call::read, fd, size};
  return transfer(call, data, size, [&](size_t most) { return REAL(read)(fd, data, most); });
}

OBSERVED(ssize_t, write, int fd, const void* data, size_t size) {
  if (!watching() || !is_socket(fd)) return REAL(write)(fd, data, size);
  Observed call{Call::write, fd, size};
  return transfer(call, data, size, [&](size_t most) { return REAL(write)(fd, data, most); });
}

OBSERVED(ssize_t, readv, int fd, const iovec* parts, int count) {
  if (!watching() || !is_socket(fd)) return REAL(readv)(fd, parts, count);
  Observed call{Call::readv, fd};
  return transfer_parts(call, parts, count,
                        [&](auto some, int number) { return REAL(readv)(fd, some, number); });
}

OBSERVED(ssize_t, writev, int fd, const iovec* parts, int count) {
  if (!watching() || !is_socket(fd)) return REAL(writev)(fd, parts, count);
  Observed call{Call::writev, fd};
  return transfer_parts(call, parts, count,
                        [&](auto some, int number) { return REAL(writev)(fd, some, number); });
}

OBSERVED(ssize_t, send, int fd, const void* data, size_t size, int flags) {
  if (!watching()) return REAL(send)(fd, data, size, flags);
  Observed call{Call::send, fd, size};
  describe_flags(call.text, flags);
  return transfer(call, data, size, [&](size_t most) { return REAL(send)(fd, data, most, flags); });
}

OBSERVED(ssize_t, sendto, int fd, const void* data, size_t size, int flags, const sockaddr* to,
         socklen_t to_size) {
  if (!watching()) return REAL(sendto)(fd, data, size, flags, to, to_size);
  Observed call{Call::sendto, fd, size};
  describe_flags(call.text, flags);
  describe_other(call.text, "to ", to, to_size);
  return transfer(call, data, size,
                  [&](size_t most) { return REAL(sendto)(fd, data, most, flags, to, to_size); });
}

OBSERVED(ssize_t, sendmsg, int fd, const msghdr* message, int flags) {
  if (!watching()) return REAL(sendmsg)(fd, message, flags);
  Observed call{Call::sendmsg, fd};
  describe_flags(call.text, flags);
  return transfer_message(call, message, "to ",
                          [&](auto some) { return REAL(sendmsg)(fd, some, flags); });
}

OBSERVED(ssize_t, recv, int fd, void* data, size_t size, int flags) {
  if (!watching()) return REAL(recv)(fd, data, size, flags);
  Observed call{Call::recv, fd, size};
  describe_flags(call.text, flags);
  return transfer(call, data, size, [&](size_t most) { return REAL(recv)(fd, data, most, flags); });
}

OBSERVED(ssize_t, recvfrom, int fd, void* data, size_t size, int flags, sockaddr* from,
         socklen_t* from_size) {
  if (!watching()) return REAL(recvfrom)(fd, data, size, flags, from, from_size);
  Observed call{Call::recvfrom, fd, size};
  describe_flags(call.text, flags);
  return transfer(call, data, size, [&](size_t most) {
    const auto result = REAL(recvfrom)(fd, data, most, flags, from, from_size);
    if (result >= 0 && from_size != nullptr) describe_other(call.text, "from ", from, *from_size);
    return result;
  });
}

OBSERVED(ssize_t, recvmsg, int fd, msghdr* message, int flags) {
  if (!watching()) {
    const auto result = REAL(recvmsg)(fd, message, flags);
    if (result >= 0) forget_received(*message);
    return result;
  }
  Observed call{Call::recvmsg, fd};
  describe_flags(call.text, flags);
  const auto result = transfer_message(call, message, "from ",
                                       [&](auto some) { return REAL(recvmsg)(fd, some, flags); });
  if (result >= 0) forget_received(*message);
  return result;
}
