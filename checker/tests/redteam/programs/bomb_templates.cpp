// A tree of 2^800 templates.
template <int n, long which>
struct Tree {
  static constexpr long sum = Tree<n - 1, 2 * which>::sum + Tree<n - 1, 2 * which + 1>::sum;
};

int main() { return static_cast<int>(Tree<800, 1>::sum); }
