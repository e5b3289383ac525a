/// Stands in for libFuzzer where the compiler has none. With files as arguments it runs those; without,
/// a fixed number of inputs made by changing a few that go deep, the same ones each time. As there, -runs=N,
/// -seed=N and -max_total_time=SECONDS say how many, which, and for how long.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace tardigrad;
using fuzz::Bytes;

struct Choice {
  std::uint64_t runs = 200'000;
  std::uint64_t seed = 1;
  std::uint64_t seconds = 0;  ///< 0: as long as it takes
};

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

void run_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const Bytes input(content.begin(), content.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

/// True if `argument` is this option; sets its value then.
bool is_option(const std::string& argument, const std::string& name, std::uint64_t& value) {
  if (argument.rfind(name, 0) != 0) return false;
  value = std::strtoull(argument.c_str() + name.size(), nullptr, 10);
  return true;
}

void run_changed(const Choice& choice) {
  using std::chrono::steady_clock;
  const auto begin = steady_clock::now();
  const auto is_over = [&] {
    return choice.seconds > 0 && steady_clock::now() - begin >= std::chrono::seconds(choice.seconds);
  };
  const std::vector<Bytes> deep = fuzz::deep_inputs();
  std::uint64_t run = 0;
  for (; run < choice.runs && !is_over(); ++run) {
    RandomStream random(choice.seed, Purpose::test, run);
    Bytes input = deep[below(random, deep.size())];
    for (std::size_t changes = below(random, 8); changes > 0; --changes) change(input, random);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%llu inputs\n", static_cast<unsigned long long>(run));
}

}  // namespace

int main(int count, char** arguments) {
  Choice choice;
  bool has_files = false;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (is_option(argument, "-runs=", choice.runs) || is_option(argument, "-seed=", choice.seed)) continue;
    if (is_option(argument, "-max_total_time=", choice.seconds)) continue;
    run_file(argument);
    has_files = true;
  }
  if (!has_files) run_changed(choice);
  return 0;
}
