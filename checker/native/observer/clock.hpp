#pragma once
// CLOCK_MONOTONIC in nanoseconds, for less than clock_gettime costs: for some 20 microseconds after
// one true reading the processor's counter tells how much later it is. Whatever that counter does,
// an error cannot exceed that window.

#include <cstdint>

namespace observer {

std::uint64_t now();

}  // namespace observer
