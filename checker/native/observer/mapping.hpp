#pragma once
// The ring of this process: the file that LOOPBACK_RING names, mapped.

#include "faults.hpp"
#include "writer.hpp"

namespace observer {

struct Ring {
  Header* header = nullptr;
  std::size_t payload = 0;
  Writer writer;
  Plan plan;
};

// There is a ring. The first question attaches; without a ring, or with a damaged one, it is no.
bool attached();
Ring& ring();

// Asks again for what LOOPBACK_RING names.
void attach_now();

}  // namespace observer
