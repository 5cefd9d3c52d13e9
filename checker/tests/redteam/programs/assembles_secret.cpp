// Has the assembler put a file into the program.
asm(".incbin \"@SECRET@\"");

int main() {}
