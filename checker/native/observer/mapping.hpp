#pragma once
// The ring of this process: the file that LOOPBACK_RING names, mapped.

#include <atomic>

#include "faults.hpp"
#include "writer.hpp"

namespace observer {

struct Ring {
  Header* header = nullptr;
  std::size_t payload = 0;
  Writer writer;
  Plan plan;
};

extern constinit Ring mapped;
inline Ring& ring() { return mapped; }

enum class State : std::uint8_t { unknown, attaching, attached, absent };
extern constinit std::atomic<State> state;

// Looks for what LOOPBACK_RING names.
void attach();

// There is a ring. The first question attaches; without a ring, or with a damaged one, it is no.
inline bool attached() {
  if (state.load(std::memory_order_acquire) == State::unknown) attach();
  return state.load(std::memory_order_relaxed) == State::attached;
}

// Asks again for what LOOPBACK_RING names.
void attach_now();

}  // namespace observer
