#pragma once
// Reads the program's memory as the kernel would: a bad pointer is an error of the call that was
// given it, and must not become our crash.

#include <cstddef>

#include "text.hpp"

namespace observer {

// How many of `size` bytes could be read.
std::size_t peek(void* to, const void* from, std::size_t size);

template <typename Value>
bool peek(Value& to, const void* from) {
  return peek(&to, from, sizeof to) == sizeof to;
}

void peek_string(Text& text, const char* string);

}  // namespace observer
