/// Stands in for libFuzzer where the compiler has none. With files as arguments it runs those; without,
/// a fixed number of inputs made by changing a few that go deep, the same ones each time.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "netem/random_stream.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace tardigrad;
using fuzz::Bytes;

constexpr int kRuns = 200'000;

std::size_t below(RandomStream& random, std::size_t bound) { return static_cast<std::size_t>(random.below(bound)); }

void change(Bytes& input, RandomStream& random) {
  const std::size_t at = below(random, input.size());
  const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(random, 5)) {
    case 0:
      *place = static_cast<std::uint8_t>(below(random, 256));
      return;
    case 1:
      *place = static_cast<std::uint8_t>(*place ^ (1U << below(random, 8)));
      return;
    case 2:
      input.erase(place, place + static_cast<std::ptrdiff_t>(below(random, input.size() - at)));
      if (input.empty()) input.push_back(0);
      return;
    case 3:
      input.insert(place, below(random, 20), static_cast<std::uint8_t>(below(random, 256)));
      return;
    default:
      std::fill(place, input.end(), std::uint8_t{0});
      return;
  }
}

int run_files(int count, char** names) {
  for (int i = 0; i < count; ++i) {
    std::ifstream file(names[i], std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const Bytes input(content.begin(), content.end());
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) return run_files(count - 1, arguments + 1);
  const std::vector<Bytes> deep = fuzz::deep_inputs();
  for (int run = 0; run < kRuns; ++run) {
    RandomStream random(1, Purpose::test, static_cast<std::uint64_t>(run));
    Bytes input = deep[below(random, deep.size())];
    for (std::size_t changes = below(random, 8); changes > 0; --changes) change(input, random);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%d inputs\n", kRuns);
  return 0;
}
