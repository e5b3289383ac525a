#include "netem/graph/topology.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "netem/graph/trees.hpp"

using namespace tardigrad;

namespace {

Graph built(const std::string& kind, NodeId size, NodeId degree = 0, std::uint64_t seed = 1) {
  TopologyResult result = build_topology({kind, degree, ""}, size, seed);
  REQUIRE(result.error == "");
  REQUIRE(result.graph.size() == size);
  return result.graph;
}

std::string error_of(const std::string& kind, NodeId size, NodeId degree = 0) {
  return build_topology({kind, degree, ""}, size, 1).error;
}

std::vector<Edge> edges_of(const Graph& graph) {
  std::vector<Edge> edges;
  for (NodeId a = 0; a < graph.size(); ++a) {
    for (const NodeId b : graph.neighbours(a)) {
      if (a < b) edges.emplace_back(a, b);
    }
  }
  return edges;
}

bool has_degree_everywhere(const Graph& graph, NodeId degree) {
  for (NodeId i = 0; i < graph.size(); ++i) {
    if (graph.degree(i) != degree) return false;
  }
  return true;
}

/// A file of its own in the temporary directory, gone with the test.
class EdgeList {
 public:
  explicit EdgeList(const std::string& text)
      : path_((std::filesystem::temp_directory_path() / ("tardigrad_" + std::to_string(::getpid()) + ".edges"))
                  .string()) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~EdgeList() { std::filesystem::remove(path_); }
  EdgeList(const EdgeList&) = delete;
  EdgeList& operator=(const EdgeList&) = delete;

  TopologyResult read(NodeId size) const { return build_topology({"file", 0, path_}, size, 1); }
  /// The error without the file's own path in front of it.
  std::string error(NodeId size) const {
    const std::string error = read(size).error;
    REQUIRE(error.rfind(path_ + ":", 0) == 0);
    return error.substr(path_.size() + 1);
  }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("every listed kind of topology is known") {
  for (const TopologyKind& kind : topology_kinds()) {
    CAPTURE(kind.name);
    CHECK_FALSE(kind.summary.empty());
    CHECK(error_of(kind.name, 12, 4).find("unknown") == std::string::npos);
  }
  CHECK(error_of("rign", 12) ==
        "unknown topology \"rign\": expected one of complete, ring, torus, random-regular, erdos-renyi, exponential, "
        "bipartite, bipartite-exponential, chain, binary-tree, double-binary-trees, spanning-tree, directed-ring, "
        "directed-exponential, one-peer-exponential, base-k, matcha, file");
}

TEST_CASE("every named topology is connected and simple") {
  for (const char* kind :
       {"complete", "ring", "torus", "random-regular", "exponential", "bipartite", "bipartite-exponential", "chain",
        "binary-tree", "double-binary-trees", "directed-ring", "directed-exponential", "one-peer-exponential"}) {
    for (const NodeId size : {12U, 60U, 100U}) {
      CAPTURE(kind);
      CAPTURE(size);
      const Graph graph = built(kind, size, 4);
      CHECK(is_connected(graph));
      for (NodeId i = 0; i < size; ++i) CHECK_FALSE(graph.has_edge(i, i));
    }
  }
}

TEST_CASE("one node is a graph of every kind, none is of no kind") {
  for (const TopologyKind& kind : topology_kinds()) {
    const TopologyResult one = build_topology({kind.name, 0, ""}, 1, 1);
    CHECK(one.error == "");
    CHECK(one.graph.size() == 1);
    CHECK(one.graph.edge_count() == 0);
    CHECK(build_topology({kind.name, 0, ""}, 0, 1).error != "");
  }
  CHECK(error_of("rings", 1).find("unknown topology") == 0);
  CHECK(error_of("complete", 0) == "topology complete needs at least 1 node, not 0");
}

TEST_CASE("an erdos-renyi graph has each edge with probability p, is connected, and another one with another seed") {
  const auto drawn = [](NodeId size, double p, std::uint64_t seed) {
    TopologySpec spec;
    spec.kind = "erdos-renyi";
    spec.p = p;
    return build_topology(spec, size, seed);
  };
  constexpr NodeId size = 60;
  constexpr double p = 0.15;
  std::vector<double> times(std::size_t{size} * size);
  constexpr int draws = 2000;
  double edges = 0;
  for (int seed = 0; seed < draws; ++seed) {
    const TopologyResult result = drawn(size, p, static_cast<std::uint64_t>(seed));
    REQUIRE(result.error == "");
    REQUIRE(is_connected(result.graph));
    edges += static_cast<double>(result.graph.edge_count());
    for (NodeId a = 0; a < size; ++a) {
      for (const NodeId b : result.graph.neighbours(a)) times[std::size_t{a} * size + b] += 1;
    }
  }
  // Nearly every draw is connected here, so that the share of each pair is p within five standard deviations.
  const double pairs = size * (size - 1) / 2.0;
  CHECK(edges / draws == doctest::Approx(p * pairs).epsilon(0.005));
  for (NodeId a = 0; a < size; ++a) {
    for (NodeId b = 0; b < size; ++b) {
      const double share = times[std::size_t{a} * size + b] / draws;
      if (a != b) CHECK(std::abs(share - p) < 5 * std::sqrt(p * (1 - p) / draws));
    }
  }
  CHECK(edges_of(drawn(size, p, 1).graph) == edges_of(drawn(size, p, 1).graph));
  CHECK(edges_of(drawn(size, p, 1).graph) != edges_of(drawn(size, p, 2).graph));
  CHECK(is_drawn({"erdos-renyi", 0, ""}));
}

TEST_CASE("an erdos-renyi graph that is hardly ever connected is refused, one with every edge is complete") {
  TopologySpec spec;
  spec.kind = "erdos-renyi";
  spec.p = 0.02;
  CHECK(build_topology(spec, 60, 1).error ==
        "topology erdos-renyi: none of 1000 draws of 60 nodes is connected; expected a larger p (from about ln n / n = "
        "0.06824 on they often are)");
  spec.p = 1;
  CHECK(build_topology(spec, 5, 1).graph.edge_count() == Graph::complete(5).edge_count());
  CHECK(build_topology(spec, 1, 1).error == "");
  spec.p = 0;
  CHECK(build_topology(spec, 5, 1).error == "topology erdos-renyi needs a probability p above 0 and at most 1");
  spec.p = 0.00002;
  CHECK(build_topology(spec, 200'000, 1).error.find("topology erdos-renyi: none of ") == 0);
}

TEST_CASE("a ring joins every node to the next") {
  CHECK(edges_of(built("ring", 4)) == std::vector<Edge>{{0, 1}, {0, 3}, {1, 2}, {2, 3}});
  CHECK(edges_of(built("ring", 3)) == std::vector<Edge>{{0, 1}, {0, 2}, {1, 2}});
  CHECK(edges_of(built("ring", 2)) == std::vector<Edge>{{0, 1}});
  CHECK(error_of("ring", 0) == "topology ring needs at least 2 nodes, not 0");
}

TEST_CASE("a torus is the most square grid with its sides joined") {
  const Graph graph = built("torus", 60);  // 6 x 10
  CHECK(has_degree_everywhere(graph, 4));
  CHECK(graph.neighbours(0) == std::vector<NodeId>{1, 9, 10, 50});
  CHECK(graph.neighbours(59) == std::vector<NodeId>{9, 49, 50, 58});
  CHECK(has_degree_everywhere(built("torus", 9), 4));
}

TEST_CASE("a torus that does not exist names the nearest that do") {
  CHECK(error_of("torus", 62) ==
        "topology torus of 62 nodes is impossible, both sides must be 3 or more (nearest possible: 60 and 63)");
  CHECK(error_of("torus", 13).find("12 and 15)") != std::string::npos);
  CHECK(error_of("torus", 10).find("9 and 12)") != std::string::npos);
  CHECK(error_of("torus", 6).find("possible: 9)") != std::string::npos);
  CHECK(error_of("torus", 2).find("of 2 nodes is") != std::string::npos);
  CHECK(error_of("torus", 0).find("possible: 9)") != std::string::npos);
}

TEST_CASE("an exponential graph joins nodes 1, 2, 4, ... places apart") {
  const Graph graph = built("exponential", 12);
  CHECK(graph.neighbours(0) == std::vector<NodeId>{1, 2, 4, 8, 10, 11});
  CHECK(built("exponential", 2).edge_count() == 1);
  CHECK(built("exponential", 5).is_complete());
  CHECK(error_of("exponential", 0) == "topology exponential needs at least 2 nodes, not 0");
}

TEST_CASE("a bipartite graph joins every even node to every odd node") {
  const Graph graph = built("bipartite", 6);
  CHECK(edges_of(graph) == std::vector<Edge>{{0, 1}, {0, 3}, {0, 5}, {1, 2}, {1, 4}, {2, 3}, {2, 5}, {3, 4}, {4, 5}});
  CHECK(built("bipartite", 2).edge_count() == 1);
  CHECK(error_of("bipartite", 7) == "topology bipartite needs an even number of nodes, not 7");
  CHECK(error_of("bipartite", 0) == "topology bipartite needs an even number of nodes, not 0");
}

TEST_CASE("AD-PSGD's graph joins nodes 1, 3, 5, 9, ... places apart, always even to odd") {
  const Graph graph = built("bipartite-exponential", 24);
  CHECK(graph.neighbours(0) == std::vector<NodeId>{1, 3, 5, 9, 15, 19, 21, 23});
  for (const NodeId size : {2U, 4U, 6U, 8U, 10U, 16U, 18U, 20U, 34U, 60U}) {
    CAPTURE(size);
    const auto sides = bipartition(built("bipartite-exponential", size));
    REQUIRE(sides.has_value());
    for (NodeId i = 0; i < size; ++i) CHECK((*sides)[i] == i % 2);
  }
  // Hops go up to half the ring, which is met from both sides: 18 / 2 = 9.
  CHECK(has_degree_everywhere(built("bipartite-exponential", 18), 7));
  CHECK(has_degree_everywhere(built("bipartite-exponential", 16), 6));
  CHECK(error_of("bipartite-exponential", 5) == "topology bipartite-exponential needs an even number of nodes, not 5");
}

TEST_CASE("a random regular graph has its degree everywhere and is connected") {
  for (NodeId size = 3; size <= 14; ++size) {
    for (NodeId degree = 2; degree < size; ++degree) {
      if (size * degree % 2 != 0) continue;
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(size);
        CAPTURE(degree);
        CAPTURE(seed);
        const Graph graph = built("random-regular", size, degree, seed);
        CHECK(has_degree_everywhere(graph, degree));
        CHECK(is_connected(graph));
      }
    }
  }
}

TEST_CASE("random regular graphs are had large and sparse as well as dense") {
  for (const auto& [size, degree] : std::vector<Edge>{{10'000, 6},
                                                      {10'000, 2},
                                                      {10'000, 3},
                                                      {60, 29},
                                                      {60, 30},
                                                      {60, 40},
                                                      {60, 58},
                                                      {60, 59},
                                                      {61, 58},
                                                      {1000, 100}}) {
    CAPTURE(size);
    CAPTURE(degree);
    const Graph graph = built("random-regular", size, degree);
    CHECK(has_degree_everywhere(graph, degree));
    CHECK(is_connected(graph));
  }
  CHECK(built("random-regular", 60, 59).is_complete());
  CHECK(built("random-regular", 2, 1).edge_count() == 1);
}

TEST_CASE("a random regular graph follows from its seed alone") {
  CHECK(edges_of(built("random-regular", 60, 6, 1)) == edges_of(built("random-regular", 60, 6, 1)));
  CHECK(edges_of(built("random-regular", 60, 6, 1)) != edges_of(built("random-regular", 60, 6, 2)));
  CHECK(edges_of(built("random-regular", 60, 2, 1)) != edges_of(built("random-regular", 60, 2, 2)));
  CHECK(edges_of(built("random-regular", 60, 40, 1)) != edges_of(built("random-regular", 60, 40, 2)));
}

TEST_CASE("every pair is as likely to be joined in a random regular graph") {
  for (const NodeId degree : {2U, 3U, 4U, 6U}) {
    CAPTURE(degree);
    constexpr NodeId size = 10;
    constexpr int graphs = 2000;
    std::vector<std::vector<int>> joined(size, std::vector<int>(size));
    for (std::uint64_t seed = 0; seed < graphs; ++seed) {
      for (const auto& [a, b] : edges_of(built("random-regular", size, degree, seed))) ++joined[a][b];
    }
    const double share = degree / 9.0;
    const double deviation = std::sqrt(graphs * share * (1 - share));
    for (NodeId a = 0; a < size; ++a) {
      for (NodeId b = a + 1; b < size; ++b) CHECK(std::abs(joined[a][b] - graphs * share) < 6 * deviation);
    }
  }
}

TEST_CASE("a random regular graph that cannot be says why") {
  CHECK(error_of("random-regular", 7, 3) == "topology random-regular of 7 nodes needs an even degree, not 3");
  CHECK(error_of("random-regular", 7, 7) ==
        "topology random-regular of degree 7 is impossible for 7 nodes: expected at most 6");
  CHECK(error_of("random-regular", 8, 1) ==
        "topology random-regular of 8 nodes needs a degree of at least 2 to be connected, not 1");
  CHECK(error_of("random-regular", 8, 0) ==
        "topology random-regular of 8 nodes needs a degree of at least 2 to be connected, not 0");
  CHECK(error_of("random-regular", 0, 0) == "topology random-regular needs at least 2 nodes, not 0");
}

TEST_CASE("an edge list may have comments, blank lines, tabs, CRLF and repeated edges") {
  const EdgeList list("# a triangle and a tail\n\n0 1 # first\n \t\n1\t2\r\n2 0\n0 2\n  3 2  ");
  const TopologyResult result = list.read(4);
  CHECK(result.error == "");
  CHECK(edges_of(result.graph) == std::vector<Edge>{{0, 1}, {0, 2}, {1, 2}, {2, 3}});
  const TopologyResult with_lone_node = EdgeList("0 1\n1 2\n3 3\n").read(4);
  CHECK(with_lone_node.error == "");
  CHECK_FALSE(is_connected(with_lone_node.graph));  // for the algorithm to judge
}

TEST_CASE("a mistake in an edge list is named with its line") {
  CHECK(EdgeList("0 1\n1 two\n").error(3) == "2: expected two node numbers, got \"1 two\"");
  CHECK(EdgeList("0 -1\n").error(3) == "1: expected two node numbers, got \"0 -1\"");
  CHECK(EdgeList("0 1.5\n").error(3) == "1: expected two node numbers, got \"0 1.5\"");
  CHECK(EdgeList("0 1\n1 2\n2 3\n").error(3) == " has 4 nodes (ids 0 to 3), nodes.count is 3");
  CHECK(EdgeList("0 1\n3 4\n").error(5) ==
        " has 4 nodes (ids 0 to 4), nodes.count is 5; a line \"2 2\" would name a node without edges");
  CHECK(EdgeList("0 99999999999999999999\n").error(3) ==
        "1: expected two node numbers, got \"0 99999999999999999999\"");
}

TEST_CASE("an edge list of garbage is refused in one line") {
  CHECK(EdgeList(std::string("\x7f"
                             "ELF\0\0\x01\xff\n\xfe",
                             10))
            .error(3) == "1: expected two node numbers, got \"?ELF????\"");
  CHECK(EdgeList(std::string(3, '\0')).error(3) == "1: expected two node numbers, got \"???\"");
  CHECK(EdgeList("").error(3) == " expected at least one edge");
  CHECK(EdgeList("# nothing\n\n").error(3) == " expected at least one edge");
}

TEST_CASE("a line of an edge list may be as long as 65536 characters") {
  const std::string longest = "0 1 {" + std::string(65530, ' ') + "}";
  CHECK(EdgeList(longest + "\n1 2").read(3).error == "");
  CHECK(EdgeList(longest).read(2).error == "");
  CHECK(EdgeList("0 1\n" + longest + " \n").error(3) == "2: expected a line of at most 65536 characters");
  CHECK(EdgeList(longest + " ").error(3) == "1: expected a line of at most 65536 characters");
  CHECK(EdgeList(std::string(1 << 20, '7')).error(3) == "1: expected a line of at most 65536 characters");
}

TEST_CASE("an edge list that cannot be read is named") {
  CHECK(build_topology({"file", 0, "/nonexistent/graph.edges"}, 3, 1).error ==
        "/nonexistent/graph.edges: cannot be opened: No such file or directory");
  const std::string folder = std::filesystem::temp_directory_path().string();
  CHECK(build_topology({"file", 0, folder}, 3, 1).error == folder + ": cannot be read: expected a text file");
  CHECK(error_of("file", 3) == "topology file needs the path of an edge list");
  CHECK(build_topology({"file", 0, "graph.edges"}, 0, 1).error == "topology file needs at least 2 nodes, not 0");
}

TEST_CASE("in a directed ring a node sends to the next, in a directed exponential graph 1, 2, 4, ... places on") {
  CHECK(built("directed-ring", 3) == Graph::from_arcs(3, {{0, 1}, {1, 2}, {2, 0}}));
  const Graph graph = built("directed-exponential", 12);
  CHECK(graph.neighbours(5) == std::vector<NodeId>{1, 6, 7, 9});
  CHECK(graph.sources(5) == std::vector<NodeId>{1, 3, 4, 9});
  CHECK(built("directed-ring", 2).neighbours(1) == std::vector<NodeId>{0});
  CHECK(error_of("directed-ring", 0) == "topology directed-ring needs at least 2 nodes, not 0");
  CHECK(error_of("one-peer-exponential", 0) == "topology one-peer-exponential needs at least 2 nodes, not 0");
}

TEST_CASE("with one peer a round the hop doubles every round, and begins anew when it has gone round") {
  const auto schedule = graph_schedule({"one-peer-exponential", 0, ""}, 6, 1);
  CHECK(schedule->changes());
  std::vector<NodeId> recipients;
  for (Round round = 0; round < 5; ++round) {
    CHECK(has_degree_everywhere(*schedule->at(round), 1));
    recipients.push_back(schedule->at(round)->neighbour(4, 0));
  }
  CHECK(recipients == std::vector<NodeId>{5, 0, 2, 5, 0});
}

TEST_CASE("a random regular graph that is redrawn is another one every round, and begins with the one that stays") {
  TopologySpec spec{"random-regular", 4, ""};
  CHECK_FALSE(graph_schedule(spec, 20, 1)->changes());
  spec.redraw = true;
  for (const NodeId degree : {2U, 4U, 15U}) {
    spec.degree = degree;
    const auto schedule = graph_schedule(spec, 20, 1);
    CHECK(schedule->changes());
    CHECK(*schedule->at(0) == built("random-regular", 20, degree));
    for (Round round = 1; round < 10; ++round) {
      CHECK(has_degree_everywhere(*schedule->at(round), degree));
      CHECK(is_connected(*schedule->at(round)));
      CHECK_FALSE(*schedule->at(round) == *schedule->at(round - 1));
    }
    CHECK(*graph_schedule(spec, 20, 1)->at(7) == *schedule->at(7));
    CHECK_FALSE(*graph_schedule(spec, 20, 2)->at(7) == *schedule->at(7));
  }
}

TEST_CASE("a spanning tree is had of any graph that is connected and goes both ways") {
  const auto tree_of = [](TopologySpec of, NodeId size) {
    TopologySpec spec;
    spec.kind = "spanning-tree";
    spec.of = std::make_shared<const TopologySpec>(std::move(of));
    return build_topology(spec, size, 1);
  };
  CHECK(tree_of({"torus", 0, ""}, 60).graph.edge_count() == 59);
  CHECK(tree_of({"torus", 0, ""}, 13).error.find("topology torus of 13 nodes is impossible") == 0);
  CHECK(tree_of({"random-regular", 3, ""}, 60).graph == breadth_first_tree(built("random-regular", 60, 3)));
  CHECK(tree_of({"directed-ring", 0, ""}, 4).error ==
        "topology spanning-tree needs edges that go both ways, those of directed-ring do not");
  CHECK(
      tree_of({"one-peer-exponential", 0, ""}, 4).error ==
      "topology spanning-tree needs a graph that stays the same, but one-peer-exponential is another one every round");
  CHECK(error_of("spanning-tree", 4) == "topology spanning-tree needs to know of which graph");
}

TEST_CASE("a base-k graph begins anew after its rounds, and is connected by all of them") {
  const TopologyResult result = build_topology({"base-k", 1, ""}, 6, 1);
  REQUIRE(result.error == "");
  CHECK(result.period == 4);
  CHECK(is_connected(result.graph));
  CHECK(result.rounds(1) == result.rounds(5));
  CHECK_FALSE(result.rounds(0) == result.rounds(1));
  CHECK(result.rounds(0).has_weights());
  CHECK(graph_schedule({"base-k", 1, ""}, 6, 1)->changes());
  CHECK(error_of("base-k", 6) == "topology base-k needs a degree of at least 1");
  // No node has more neighbours than there are.
  CHECK(build_topology({"base-k", 100, ""}, 6, 1).period == 1);
}

TEST_CASE("matcha draws the matchings of another graph, another seed draws others") {
  TopologySpec spec{"matcha", 0, ""};
  spec.of = std::make_shared<const TopologySpec>(TopologySpec{"torus", 0, ""});
  const TopologyResult result = build_topology(spec, 12, 1);
  REQUIRE(result.error == "");
  CHECK(result.graph == built("torus", 12));
  CHECK(changes_by_round(spec));
  CHECK(is_drawn(spec));
  bool differ = false;
  for (Round round = 0; round < 10; ++round) {
    differ = differ || !(result.rounds(round) == build_topology(spec, 12, 2).rounds(round));
  }
  CHECK(differ);
  CHECK(build_topology(spec, 289, 1).error.find("topology matcha of 289 nodes: expected at most 256") == 0);
  spec.budget = 0;
  CHECK(build_topology(spec, 12, 1).error == "topology matcha needs a budget above 0 and at most 1");
  CHECK(error_of("matcha", 4) == "topology matcha needs to know of which graph");
  spec.of = std::make_shared<const TopologySpec>(TopologySpec{"directed-ring", 0, ""});
  CHECK(build_topology(spec, 12, 1).error.find("topology matcha needs edges that go both ways") == 0);
}

TEST_CASE("what a seed decides of a topology is known") {
  TopologySpec tree;
  tree.kind = "spanning-tree";
  tree.of = std::make_shared<const TopologySpec>(TopologySpec{"random-regular", 3, ""});
  CHECK(is_drawn(tree));
  CHECK(is_drawn({"random-regular", 3, ""}));
  CHECK_FALSE(is_drawn({"one-peer-exponential", 0, ""}));
}
