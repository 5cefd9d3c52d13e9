// A program of 8 GiB.
char huge[8UL << 30] = {1};

int main() { return huge[7]; }
