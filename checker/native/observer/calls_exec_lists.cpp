// execl, execlp, execle: their arguments come one by one; the real call takes them as a list.

#include <alloca.h>
#include <unistd.h>

#include <cstdarg>
#include <cstddef>

#include "real.hpp"

extern "C" {
int observed_execv(const char*, char* const*) asm("execv");
int observed_execvp(const char*, char* const*) asm("execvp");
int observed_execve(const char*, char* const*, char* const*) asm("execve");
}

namespace {

std::size_t count(std::va_list list) {
  std::va_list again;
  va_copy(again, list);
  std::size_t number = 1;
  // NOLINTNEXTLINE(clang-analyzer-optin.core.UnconditionalVAArg): a null pointer ends the list
  while (va_arg(again, char*) != nullptr) ++number;
  va_end(again);
  return number;
}

}  // namespace

// On the stack, as in the C library: between fork and exec there may be no allocating.
// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names
#define LIST_OF(first, arguments)                                               \
  std::va_list list;                                                            \
  va_start(list, first);                                                        \
  const auto number = count(list);                                              \
  auto** arguments = static_cast<char**>(alloca((number + 1) * sizeof(char*))); \
  arguments[0] = const_cast<char*>(first);                                      \
  for (std::size_t i = 1; i <= number; ++i) arguments[i] = va_arg(list, char*);

// NOLINTEND(bugprone-macro-parentheses)

OBSERVED(int, execl, const char* path, const char* first, ...) {
  LIST_OF(first, arguments)
  va_end(list);
  return observed_execv(path, arguments);
}

OBSERVED(int, execlp, const char* file, const char* first, ...) {
  LIST_OF(first, arguments)
  va_end(list);
  return observed_execvp(file, arguments);
}

OBSERVED(int, execle, const char* path, const char* first, ...) {
  LIST_OF(first, arguments)
  auto* const* environment = va_arg(list, char* const*);
  va_end(list);
  return observed_execve(path, arguments, environment);
}
