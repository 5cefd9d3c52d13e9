// A line of 10^16 words.
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(A(x))))
#define C(x) B(B(B(B(x))))

int main() { return 0 C(+0); }
