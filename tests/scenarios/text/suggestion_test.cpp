#include "scenarios/src/text/suggestion.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

TEST_CASE("a slip is an insertion, a deletion, a substitution or a swap of neighbours") {
  CHECK(edit_distance("uplink", "uplink") == 0);
  CHECK(edit_distance("uplnk", "uplink") == 1);
  CHECK(edit_distance("uplinnk", "uplink") == 1);
  CHECK(edit_distance("uplonk", "uplink") == 1);
  CHECK(edit_distance("ulpink", "uplink") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is found whatever the case") {
  const std::vector<std::string> units = {"bps", "kbps", "Mbps", "Gbps"};
  CHECK(nearest_name("mbps", units) == "Mbps");
  CHECK(nearest_name("GBPS", units) == "Gbps");
  CHECK(nearest_name("Kbps", units) == "kbps");
}

TEST_CASE("the nearer of two names wins, and the first of two as near") {
  CHECK(nearest_name("divshar", {"divshares", "divshare"}) == "divshare");
  CHECK(nearest_name("cat", {"bat", "hat"}) == "bat");
}

TEST_CASE("a name that has little in common with any other is left without a suggestion") {
  CHECK(nearest_name("hypercube", {"ring", "torus", "complete"}).empty());
  CHECK(nearest_name("x", {"s", "h"}).empty());
  CHECK(nearest_name("abc", {}).empty());
  CHECK(nearest_name(std::string(1000, 'a'), {"aaa"}).empty());
  CHECK(did_you_mean("hypercube", {"ring"}).empty());
}

TEST_CASE("a suggestion reads as a question") { CHECK(did_you_mean("rnig", {"ring"}) == "; did you mean 'ring'?"); }

TEST_CASE("names are listed with or before the last") {
  CHECK(listed({}).empty());
  CHECK(listed({"ring"}) == "ring");
  CHECK(listed({"ring", "torus"}) == "ring or torus");
  CHECK(listed({"ring", "torus", "file"}) == "ring, torus or file");
}
