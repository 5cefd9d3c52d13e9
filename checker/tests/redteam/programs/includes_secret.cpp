// Has the compiler quote a file in its message.
#include "@SECRET@"

int main() {}
