// Does not compile, and words the compiler's complaint itself: commands to a terminal, and to the
// services that read what a grader prints.
static_assert(sizeof(int) == 5,
              "owned\n::notice title=Autograding complete::owned\n  ::add-mask::failed\n"
              "##[error]owned\n\033]0;owned\007\033[2J\033[31mred\033[0m");
