#include "real.hpp"

// The linker's names for where the section of all `Real` objects begins and ends.
extern "C" {
[[gnu::visibility("hidden")]] extern observer::Real first_real[] asm("__start_observed");
[[gnu::visibility("hidden")]] extern observer::Real last_real[] asm("__stop_observed");
}

namespace observer {

void look_up_all() {
  for (Real* real = first_real; real != last_real; ++real) real->look_up();
}

}  // namespace observer
