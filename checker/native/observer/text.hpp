#pragma once
// A short text that is put together without allocating; what does not fit is cut, marked by "...".

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ring.hpp"

namespace observer {

// Loops instead of memcpy: a sanitizer's memcpy would take our writes for the program's.
inline void copy(void* to, const void* from, std::size_t size) {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  for (; size >= 16; size -= 16, target += 16, source += 16) __builtin_memcpy(target, source, 16);
  if (size >= 8) {
    __builtin_memcpy(target, source, 8);
    size -= 8, target += 8, source += 8;
  }
  for (; size > 0; --size) {
    *target++ = *source++;
    asm volatile("");  // or the compiler makes a memcpy of it
  }
}

class Text {
 public:
  // Not initialised on purpose: most records have no text.
  Text() {}  // NOLINT(modernize-use-equals-default)

  Text& operator<<(char letter) {
    if (length_ < kText) {
      data_[length_++] = letter;
    } else {
      for (std::size_t i = kText - 3; i < kText; ++i) data_[i] = '.';
    }
    return *this;
  }

  Text& operator<<(std::string_view piece) {
    for (const char letter : piece) *this << letter;
    return *this;
  }

  template <std::integral Number>
  Text& operator<<(Number number) {
    if constexpr (std::signed_integral<Number>) {
      if (number < 0) *this << '-';
    }
    const bool negative = number < 0;
    const auto value = static_cast<std::uint64_t>(number);
    return digits(negative ? std::uint64_t{0} - value : value, 10);
  }

  Text& hex(std::uint64_t number) { return digits(number, 16); }

  [[nodiscard]] bool empty() const { return length_ == 0; }
  [[nodiscard]] bool full() const { return length_ == kText; }
  [[nodiscard]] std::string_view view() const { return {data_, length_}; }

 private:
  Text& digits(std::uint64_t number, unsigned base) {
    char reversed[20];
    std::size_t count = 0;
    do reversed[count++] = "0123456789abcdef"[number % base];
    while ((number /= base) != 0);
    while (count > 0) *this << reversed[--count];
    return *this;
  }

  char data_[kText];
  std::size_t length_ = 0;
};

}  // namespace observer
