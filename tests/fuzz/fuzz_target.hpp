/// The interface of a fuzz target: libFuzzer's entry, and inputs that go deep for compilers without libFuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace tardigrad::fuzz {

using Bytes = std::vector<std::uint8_t>;

/// To be changed at random. None is empty.
std::vector<Bytes> deep_inputs();

inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

template <class Range>
void append(Bytes& to, const Range& range) {
  to.insert(to.end(), range.begin(), range.end());
}

}  // namespace tardigrad::fuzz
