// Fills the memory with pages that are shared, which no limit on a process counts.
#include "honest.hpp"

int main() {
  must_be_alone();
  const size_t size = 1500UL << 20;
  void* all = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (size_t at = 0; at < size; at += 4096) static_cast<char*>(all)[at] = 1;
  for (;;) pause();
}
