#pragma once
// The triple of an interposer: `observed_x` is exported under the name `x`, REAL(x) is the next
// library's `x`. All of them are looked up when the library is loaded (dlsym(3) may not be called
// in a signal handler); a call that comes even earlier looks its own up.

#include <dlfcn.h>

#include <atomic>

namespace observer {

class Real {
 public:
  constexpr explicit Real(const char* name) : name_(name) {}

  void* pointer() {
    void* known = pointer_.load(std::memory_order_relaxed);
    return known != nullptr ? known : look_up();
  }

  void* look_up() {
    void* found = dlsym(RTLD_NEXT, name_);
    pointer_.store(found, std::memory_order_relaxed);
    return found;
  }

 private:
  const char* name_;
  std::atomic<void*> pointer_ = nullptr;
};

void look_up_all();

}  // namespace observer

// The asm label keeps the definition apart from the system header's declaration of the same name.
#define OBSERVED(type, name, ...)                                                         \
  namespace observer {                                                                    \
  [[gnu::used, gnu::section("observed")]] static constinit Real real_##name{#name};       \
  }                                                                                       \
  extern "C" [[gnu::visibility("default")]] type observed_##name(__VA_ARGS__) asm(#name); \
  extern "C" type observed_##name(__VA_ARGS__)

#define REAL(name) (reinterpret_cast<decltype(&observed_##name)>(observer::real_##name.pointer()))
