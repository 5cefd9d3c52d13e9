#include "mapping.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>

#include "observed.hpp"
#include "real.hpp"
#include "self.hpp"

namespace observer {

constinit std::atomic<State> state{State::unknown};
constinit Ring mapped;

namespace {

const char* path() {
  constexpr std::string_view kName = "LOOPBACK_RING=";
  // Not getenv(3): some shells bring their own.
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (std::string_view(*variable).starts_with(kName)) return *variable + kName.size();
  }
  return nullptr;
}

bool sound(const Header& header, std::uint64_t file_size) {
  return std::equal(std::begin(kMagic), std::end(kMagic), header.magic) &&
         header.version == kVersion && header.header_size == sizeof(Header) &&
         header.record_size == sizeof(Record) && std::has_single_bit(header.capacity) &&
         header.capacity <= (file_size - sizeof(Header)) / sizeof(Record) &&
         header.payload <= kPayload && header.plan_length <= kPlanSize;
}

// System calls by number: nobody's interposer, not even our own, takes them for the program's.
bool map(const char* file) {
  const auto fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  const auto size = syscall(SYS_lseek, fd, 0, SEEK_END);
  const auto address = size < static_cast<long>(sizeof(Header) + sizeof(Record))
                           ? -1
                           : syscall(SYS_mmap, nullptr, size, PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_POPULATE, fd, 0);
  syscall(SYS_close, fd);
  if (address == -1) return false;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a system call's result
  auto* header = reinterpret_cast<Header*>(address);
  if (!sound(*header, static_cast<std::uint64_t>(size))) {
    syscall(SYS_munmap, address, size);
    return false;
  }
  mapped.header = header;
  mapped.payload = header->payload;
  mapped.writer.use(header, reinterpret_cast<Record*>(header + 1), header->capacity);
  return true;
}

void say_hello() {
  const auto refused = mapped.plan.read({mapped.header->plan, mapped.header->plan_length});
  mapped.header->hello.fetch_add(1, std::memory_order_relaxed);
  Observed hello{Call::hello};
  hello.text << program_invocation_short_name;
  if (refused != 0) {
    hello.mark(kRefused);
    hello.text << ": fault plan refused, rule " << refused;
  }
  hello.enter();
  hello.come_back();
  hello.leave(0, 0);
}

[[gnu::constructor]] void load() {
  look_up_all();
  attach();
}

}  // namespace

void attach() {
  if (environ == nullptr) return;  // a sanitizer's start, before the C library's own
  auto unknown = State::unknown;
  if (!state.compare_exchange_strong(unknown, State::attaching)) return;
  const int saved = errno;
  const char* file = path();
  if (file == nullptr || !map(file)) {
    state.store(State::absent, std::memory_order_release);
  } else {
    remember_self();
    say_hello();
    state.store(State::attached, std::memory_order_release);
  }
  errno = saved;
}

void attach_now() {
  state.store(State::unknown, std::memory_order_release);
  attach();
}

}  // namespace observer
