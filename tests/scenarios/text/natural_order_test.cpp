#include "scenarios/src/text/natural_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tardigrad {

TEST_CASE("numbers within names are ordered as numbers, everything else sign by sign") {
  const std::vector<std::string> ordered = {"",
                                            "diloco (steps=1,uplink=50Mbps)",
                                            "diloco (steps=1,uplink=200Mbps)",
                                            "diloco (steps=8,uplink=50Mbps)",
                                            "diloco (steps=32,uplink=50Mbps)",
                                            "diloco (steps=128,uplink=50Mbps)",
                                            "swift",
                                            "swift-2",
                                            "swift-02",
                                            "swift-10",
                                            "swift-push"};
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t k = 0; k < ordered.size(); ++k) {
      INFO(ordered[i] << " and " << ordered[k]);
      CHECK(natural_less(ordered[i], ordered[k]) == (i < k));
    }
  }
  CHECK(natural_less("a99999999999999999999", "a100000000000000000000"));
}

}  // namespace tardigrad
