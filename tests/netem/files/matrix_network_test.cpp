#include "netem/files/matrix_network.hpp"

#include <doctest/doctest.h>

#include <map>

#include "tests/netem/text_file.hpp"
#include "tests/places.hpp"

using namespace tardigrad;

namespace {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }

MatrixResult read(const std::string& text, NodeId nodes, const std::vector<std::string>& regions = {}) {
  const TextFile file(text);
  return read_matrix_network({file.path(), "", ms(1), regions}, nodes);
}

double mbps(const MatrixNetwork& network, NodeId from, NodeId to) { return network.between(from, to).rate.value / 1e6; }

/// The message without the file's name.
std::string error_of(const std::string& text, NodeId nodes, const std::vector<std::string>& regions = {}) {
  const TextFile file(text);
  const std::string error = read_matrix_network({file.path(), "", ms(1), regions}, nodes).error;
  CHECK(error.find('\n') == std::string::npos);
  REQUIRE(error.substr(0, file.path().size() + 1) == file.path() + ":");
  return error.substr(file.path().size());
}

const std::string kThreeRegions = "region,tokyo,mumbai,oregon\ntokyo,,89,109\nmumbai,,,49\n";

}  // namespace

TEST_CASE("a square by node gives every ordered pair its own rate") {
  const auto [network, error] = read("node,0,1,2\n0,0,10,20\n1,30,0,40\n2,50,60,0\n", 3);
  REQUIRE(error == "");
  CHECK(network.size() == 3);
  CHECK(mbps(network, 0, 1) == 10);
  CHECK(mbps(network, 1, 0) == 30);
  CHECK(mbps(network, 2, 1) == 60);
  CHECK(network.between(0, 1).latency == ms(1));
  CHECK(network.regions().empty());
}

TEST_CASE("a table may come from memory, under a name") {
  MatrixSpec spec{"cloud", "", ms(1), {"tokyo", "oregon"}};
  spec.rates_text = kThreeRegions;
  CHECK(mbps(read_matrix_network(spec, 2).network, 0, 1) == 109);
  spec.rates_text = "region,a,b\na,,x\n";
  CHECK(read_matrix_network(spec, 2).error == "cloud:2: a to b is \"x\", expected a number from 0 to 1000000000");
}

TEST_CASE("an upper triangle by region is enough, and regions have whole blocks of nodes") {
  const auto [network, error] = read(kThreeRegions, 6);
  REQUIRE(error == "");
  CHECK(network.replicas() == 2);
  CHECK(network.regions() == std::vector<std::string>{"tokyo", "mumbai", "oregon"});
  CHECK(mbps(network, 0, 2) == 89);
  CHECK(mbps(network, 3, 1) == 89);
  CHECK(mbps(network, 5, 0) == 109);
  CHECK(mbps(network, 2, 5) == 49);
}

TEST_CASE("nodes of one region get the table's highest rate unless it says another") {
  CHECK(mbps(read(kThreeRegions, 6).network, 0, 1) == 109);
  const auto [network, error] = read("region,a,b\na,500,5\nb,,\n", 4);
  REQUIRE(error == "");
  CHECK(mbps(network, 0, 1) == 500);
  CHECK(mbps(network, 2, 3) == 500);
  CHECK(mbps(network, 0, 3) == 5);
}

TEST_CASE("a scenario may take some of the regions in an order of its own") {
  const auto [network, error] = read(kThreeRegions, 2, {"oregon", "tokyo"});
  REQUIRE(error == "");
  CHECK(network.regions() == std::vector<std::string>{"oregon", "tokyo"});
  CHECK(mbps(network, 0, 1) == 109);
}

TEST_CASE("rows of pairs have rates and latencies, one way for both unless both are given") {
  const auto [network, error] = read("from,to,rate_mbps,latency_ms\n0,1,10,5\n0,2,20,6\n2,1,30,7\n1,2,31,8\n", 3);
  REQUIRE(error == "");
  CHECK(mbps(network, 1, 0) == 10);
  CHECK(network.between(1, 0).latency == ms(5));
  CHECK(mbps(network, 2, 1) == 30);
  CHECK(mbps(network, 1, 2) == 31);
  CHECK(network.between(1, 2).latency == ms(8));
}

TEST_CASE("rows of regions include a region and itself, else it has the lowest latency") {
  const auto [network, error] =
      read("from_region,to_region,latency_ms,rate_mbps\na,b,80,10\na,a,1,1000\nb,c,90,11\na,c,70,12\n", 6);
  REQUIRE(error == "");
  CHECK(mbps(network, 0, 1) == 1000);
  CHECK(network.between(0, 1).latency == ms(1));
  CHECK(mbps(network, 2, 3) == 1000);
  CHECK(network.between(2, 3).latency == ms(1));
  CHECK(network.between(4, 1).latency == ms(70));
}

TEST_CASE("latencies may have a file of their own, its regions in any order") {
  const TextFile rates(kThreeRegions);
  const TextFile latencies("region,oregon,tokyo,mumbai\noregon,0.5,48,110\ntokyo,,0.5,60\n");
  const auto [network, error] = read_matrix_network({rates.path(), latencies.path(), ms(1), {}}, 6);
  REQUIRE(error == "");
  CHECK(network.between(0, 2).latency == ms(60));
  CHECK(network.between(5, 0).latency == ms(48));
  CHECK(network.between(4, 5).latency == std::chrono::microseconds(500));
  CHECK(mbps(network, 0, 2) == 89);

  const TextFile fewer("region,oregon,tokyo\noregon,,48\n");
  CHECK(read_matrix_network({rates.path(), fewer.path(), ms(1), {}}, 6).error ==
        fewer.path() + ": unknown region \"mumbai\", expected one of oregon, tokyo");
  const TextFile by_node("from,to,latency_ms\n0,1,5\n");
  CHECK(read_matrix_network({rates.path(), by_node.path(), ms(1), {}}, 6).error ==
        by_node.path() + ": expected a table by region as that of the rates");
}

TEST_CASE("the shipped table of ten AWS regions is the paper's") {
  const auto [network, error] =
      read_matrix_network({TARDIGRAD_SOURCE_DIR "/scenarios/networks/aws-regions.csv", "", ms(1), {}}, 60);
  REQUIRE(error == "");
  const std::vector<std::string> names = {"capetown", "tokyo",   "mumbai",   "sydney", "stockholm",
                                          "milan",    "bahrain", "saopaulo", "ohio",   "oregon"};
  const std::vector<std::vector<double>> upper = {{26, 36, 21, 60, 67, 34, 27, 44, 36},
                                                  {89, 112, 42, 48, 67, 39, 86, 109},
                                                  {76, 81, 103, 336, 31, 53, 49},
                                                  {32, 42, 60, 31, 57, 81},
                                                  {405, 82, 48, 95, 68},
                                                  {106, 49, 105, 70},
                                                  {30, 49, 39},
                                                  {92, 61},
                                                  {105}};
  CHECK(network.regions() == names);
  CHECK(network.replicas() == 6);
  for (NodeId a = 0; a < 60; ++a) {
    for (NodeId b = 0; b < 60; ++b) {
      const NodeId low = std::min(a, b) / 6;
      const NodeId high = std::max(a, b) / 6;
      const double expected = low == high ? 405 : upper[low][high - low - 1];
      CHECK(mbps(network, a, b) == expected);
      CHECK(network.between(a, b).latency == ms(1));
    }
  }
}

TEST_CASE("a table of the wrong size is refused") {
  CHECK(error_of("node,0,1\n0,,5\n", 3) == ":1: 2 nodes, expected 3");
  CHECK(error_of("node,0,1,2\n0,,5\n", 3) == ":2: 2 numbers, expected 3 as in the header");
  CHECK(error_of("node,0,2,1\n", 3) == ":1: node \"2\" in column 3, expected 1");
  CHECK(error_of("node,0,1,2\n3,,5,5\n", 3) == ":2: node is \"3\", expected a whole number from 0 to 2");
  CHECK(error_of(kThreeRegions, 7) == ": 7 nodes cannot be shared out evenly among 3 regions");
  CHECK(error_of("from,to,rate_mbps\n0,1\n", 3) == ":2: 2 fields, expected 3 as in the header");
  CHECK(error_of("from,to,rate_mbps\n0,3,1\n", 3) == ":2: to is \"3\", expected a whole number from 0 to 2");
  CHECK(error_of("from,to,rate_mbps\n1,1,1\n", 3) == ":2: expected two different nodes, not 1 twice");
  CHECK(error_of("node,0\n", 5000) == ":1: a table by node is for at most 4096 nodes, expected one by region for 5000");
}

TEST_CASE("an unknown region is refused with those that are known") {
  CHECK(error_of("region,tokyo,mumbai\ntokio,,5\n", 2) ==
        ":2: unknown region \"tokio\", expected one of tokyo, mumbai");
  CHECK(error_of(kThreeRegions, 2, {"tokyo", "milan"}) ==
        ": unknown region \"milan\", expected one of tokyo, mumbai, oregon");
  CHECK(error_of("region,a,a\n", 2) == ":1: region \"a\" is named twice");
  CHECK(error_of("region,a,\n", 2) == ":1: region \"\", expected a name of 1 to 100 plain characters");
}

TEST_CASE("numbers that are none are refused") {
  CHECK(error_of("node,0,1\n0,,nan\n", 2) == ":2: node 0 to node 1 is \"nan\", expected a number from 0 to 1000000000");
  CHECK(error_of("region,a,b\na,,-5\n", 2) == ":2: a to b is \"-5\", expected a number from 0 to 1000000000");
  CHECK(error_of("region,a,b\na,,0\n", 2) == ":2: a to b is 0, expected a rate above 0");
  CHECK(error_of("region,a,b\na,0,5\n", 2) == ":2: a to a is 0, expected a rate above 0");
  CHECK(error_of("from,to,rate_mbps,latency_ms\n0,1,5,-1\n", 2) ==
        ":2: latency_ms is \"-1\", expected a number from 0 to 1000000");
  CHECK(error_of("from,to,rate_mbps\n0,1,\n", 2) == ":2: rate_mbps is \"\", expected a number from 0 to 1000000000");
}

TEST_CASE("a pair without a rate or with two is refused") {
  CHECK(error_of("node,0,1,2\n0,,5,5\n1,,,\n2,,,\n", 3) == ":4: ends without a rate from node 1 to node 2");
  CHECK(error_of("region,a,b,c\na,,5,5\n", 3) == ":2: ends without a rate from b to c");
  CHECK(error_of("from,to,rate_mbps\n0,1,5\n", 3) == ":2: ends without a rate from node 0 to node 2");
  CHECK(error_of("from,to,rate_mbps\n0,1,5\n0,1,6\n", 2) == ":3: a second number from node 0 to node 1");
  CHECK(error_of("region,a,b\na,,5\na,,6\n", 2) == ":3: a second row of a");
  CHECK(error_of("from,to,latency_ms\n0,1,5\n", 2) == ": expected a column rate_mbps");
}

TEST_CASE("a header that names no form is refused") {
  CHECK(error_of("", 2) == ": expected a header line that begins with node, region, from or from_region");
  CHECK(error_of("tokyo,mumbai\n", 2) ==
        ":1: expected a header line that begins with node, region, from,to or from_region,to_region");
  CHECK(error_of("region;a;b\na;0,5;1,5\n", 2) == ":1: expected commas between the fields, not semicolons");
  CHECK(error_of("node\t0\t1\n0\t\t5\n", 2) == ":1: expected commas between the fields, not tabs");
  CHECK(error_of("from,to,speed\n", 2) == ":1: unknown column \"speed\": expected rate_mbps or latency_ms");
  CHECK(error_of("from,to,rate_mbps,rate_mbps\n", 2) == ":1: column \"rate_mbps\" is named twice");
  CHECK(error_of("region,a,b\na,," + std::string(2'000'000, '5') + "\n", 2) ==
        ":2: expected a line of at most 1000000 characters");
}

TEST_CASE("a thousand nodes of ten regions keep ten regions' table") {
  const auto [network, error] =
      read_matrix_network({TARDIGRAD_SOURCE_DIR "/scenarios/networks/aws-regions.csv", "", ms(1), {}}, 1000);
  REQUIRE(error == "");
  CHECK(network.size() == 1000);
  CHECK(network.replicas() == 100);
  CHECK(mbps(network, 0, 100) == 26);
  CHECK(mbps(network, 999, 0) == 36);
}
