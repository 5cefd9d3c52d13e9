// Asks the compiler whether it sees what the program must not see. Where it does, this is another
// program, which fails.
#include "honest.hpp"

#if __has_include("@ROOT@/checker/checks/test_01_gethostname.py") || \
    __has_include("@ROOT@/solutions/01-gethostname/main.cpp") || \
    __has_include("/etc/passwd") || __has_include("/proc/1/root/etc/passwd") || \
    __has_include("@SECRET@") || __has_include("@BESIDE@")
#define SEES 1
#endif

#ifdef __has_embed
#if __has_embed("@ROOT@/solutions/01-gethostname/main.cpp") || __has_embed("@SECRET@")
#define SEES 1
#endif
#endif

int main() {
#ifdef SEES
  broke_out("the compiler sees it");
#endif
  print_name();
}
