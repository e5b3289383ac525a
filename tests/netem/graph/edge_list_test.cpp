#include "netem/graph/edge_list.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "netem/base/text_parts.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::TemporaryFolder;
using Edges = std::vector<Edge>;

namespace {

/// The list in a file with this text; the error is without the file's path.
EdgeListResult read(const std::string& text, NodeId nodes) {
  const TemporaryFolder folder;
  const std::string path = folder.write("graph", text);
  EdgeListResult result = read_edge_list(path, nodes);
  if (result.error.rfind(path + ":", 0) == 0) result.error.erase(0, path.size() + 1);
  CHECK(result.error.find('\n') == std::string::npos);
  return result;
}

std::string notes_of(const EdgeListResult& result) {
  std::string text;
  for (const std::string& note : result.notes) text += (text.empty() ? "" : "; ") + note;
  return text;
}

const std::string kWrite = ": an edge a line is expected, as networkx.write_edgelist writes it";
const Edges kPath{{0, 1}, {1, 2}};

}  // namespace

TEST_CASE("edge lists of NetworkX are read, attributes and weights left out") {
  for (const char* text : {"0 1 {}\n1 2 {}\n", "0 1 {'weight': 1.0}\n1 2 {'weight': 0.5, 'color': 'red #3'}\n",
                           "0 1 1.0\n1 2 0.5\n", "0 1\n1 2 2.5\n", "0,1,{}\n1,2,{}\n", "0 1 red\n1 2 blue\n"}) {
    INFO(text);
    const EdgeListResult result = read(text, 3);
    CHECK(result.error == "");
    CHECK(result.edges == kPath);
    CHECK(notes_of(result) == "ignored: fields beside the two ids, such as weights");
  }
  CHECK(notes_of(read("0 1\n1 2\n", 3)) == "");
}

TEST_CASE("lists of neighbours are no edge lists") {
  const std::string list = " is a list of neighbours, a node and all of them a line" + kWrite;
  CHECK(read("0 1 2\n1 2\n2\n", 3).error == "2:" + list);
  CHECK(read("0\n1 2\n", 3).error == "1:" + list);
  CHECK(read("#/usr/bin/graph.py\n# GMT Sun Nov 29 12:00:00 2026\n#\n0 1 2\n1 2 3\n", 4).error == "4:" + list);
}

TEST_CASE("an adjacency matrix is no edge list") {
  const std::string matrix = " is an adjacency matrix, a row a node" + kWrite;
  CHECK(contains(read("0 1 0\n1 0 1\n0 1 0\n", 3).error, matrix));
  CHECK(contains(read("0,1,0,1\n1,0,1,0\n0,1,0,1\n1,0,1,0\n", 2).error, matrix));
  CHECK(read("0 1 1\n0 2 1\n1 2 1\n", 3).error == "");
}

TEST_CASE("KONECT counts from 1 and has weights and times behind the ids") {
  const EdgeListResult plain = read("% sym unweighted\n% 2 3 3\n1 2 \n2 3 \n", 3);
  CHECK(plain.error == "");
  CHECK(plain.edges == kPath);
  CHECK(notes_of(plain) == "ids 1 to 3 are nodes 0 to 2 in ascending order");
  const EdgeListResult timed = read("% asym posweighted\n1 2\t1 1082040961\n2 3\t1 1082040962\n", 3);
  CHECK(timed.edges == kPath);
  CHECK(notes_of(timed) ==
        "ids 1 to 3 are nodes 0 to 2 in ascending order; "
        "ignored: fields beside the two ids, such as weights, directions (every edge goes both ways)");
}

TEST_CASE("SNAP lists both directions, self loops and ids with gaps") {
  const EdgeListResult result = read(
      "# Directed graph (each unordered pair of nodes is saved once): a.txt\r\n# Nodes: 3 Edges: 4\r\n"
      "# FromNodeId\tToNodeId\r\n17\t40\r\n40\t17\r\n40\t9021\r\n9021\t40\r\n40\t40\r\n\r\n\r\n",
      3);
  CHECK(result.error == "");
  CHECK(result.edges == Edges{{0, 1}, {1, 0}, {1, 2}, {2, 1}});
  CHECK(notes_of(result) ==
        "ids 17 to 9021, which have gaps, are nodes 0 to 2 in ascending order; "
        "ignored: directions (every edge goes both ways), 2 repeated edges, either way round, 1 self loop");
}

TEST_CASE("CSV files name their columns, or have the ids in the first two") {
  for (const char* text :
       {"\xEF\xBB\xBFsource,target\r\n0,1\r\n1,2\r\n", "from;to\n0;1\n1;2\n", "a, b\n0 , 1\n1 , 2\n",
        "Weight,Target,Source\n5,1,0\n5,2,1\n", ",source,target\n0,0,1\n1,1,2\n", ",x,y\n7,0,1\n8,1,2\n",
        "\"Source\",\"Target\",\"Type\"\n\"0\",\"1\",\"Undirected\"\n\"1\",\"2\",\"Undirected\"\n",
        "FromNodeId\tToNodeId\n0\t1\n1\t2\n", "0.0e+00 1.0e+00\n1.0e+00 2.0e+00\n"}) {
    INFO(text);
    const EdgeListResult result = read(text, 3);
    CHECK(result.error == "");
    CHECK(result.edges == kPath);
  }
  CHECK(notes_of(read("Source,Target,Type\n0,1,Directed\n1,2,Directed\n", 3)) ==
        "ignored: the line with the columns' names, fields beside the two ids, such as weights, directions (every edge "
        "goes both ways)");
}

TEST_CASE("a Matrix Market file of coordinates is an edge list behind its sizes") {
  const EdgeListResult result = read("%%MatrixMarket matrix coordinate pattern symmetric\n%\n3 3 2\n2 1\n3 2\n", 3);
  CHECK(result.error == "");
  CHECK(result.edges == Edges{{1, 0}, {2, 1}});
  CHECK(read("%%MatrixMarket matrix array real general\n2 2\n1\n0\n", 2).error ==
        "1: is a dense Matrix Market file: expected one of coordinates");
}

TEST_CASE("the number of nodes must be that of the scenario") {
  CHECK(read("1 2\n2 3\n", 2).error == " has 3 nodes (ids 1 to 3), nodes.count is 2");
  CHECK(read("1 2\n2 4\n", 4).error ==
        " has 3 nodes (ids 1 to 4), nodes.count is 4; a line \"3 3\" would name a node without edges");
  CHECK(read("1 2\n2 4\n3 3\n", 4).edges == Edges{{0, 1}, {1, 3}});
  CHECK(read("1 1\n2 2\n", 2).error == " expected at least one edge between two nodes");
  CHECK(read("0 18446744073709551615\n", 2).edges == Edges{{0, 1}});
}

TEST_CASE("other formats are named") {
  CHECK(read("<?xml version='1.0'?>\n<graphml>\n", 3).error == "1: is XML, such as GraphML or GEXF" + kWrite);
  CHECK(read("graph [\n  node [\n", 3).error == "1: is GML" + kWrite);
  CHECK(read("{\"nodes\": []}\n", 3).error == "1: is JSON" + kWrite);
  CHECK(read("*Vertices 3\n", 3).error == "1: is a Pajek file" + kWrite);
  CHECK(read("digraph {\n", 3).error == "1: is a DOT file" + kWrite);
  CHECK(read("\x1F\x8B\x08\x00", 3).error == " is compressed (gzip): unpack it first");
  CHECK(read("BZh91AY", 3).error == " is compressed (bzip2): unpack it first");
  CHECK(read("\xFF\xFE"
             "0",
             3)
            .error == " is UTF-16 text: save it as UTF-8");
}

TEST_CASE("numbers that are no ids are no names of columns either") {
  CHECK(read("-1 -2\n0 1\n", 2).error == "1: expected two node numbers, got \"-1 -2\"");
  CHECK(read("0.5 1.5\n0 1\n", 2).error == "1: expected two node numbers, got \"0.5 1.5\"");
}

TEST_CASE("names and places are no node numbers, and NetworkX knows how to number them") {
  const std::string hint = "; networkx.convert_node_labels_to_integers numbers the nodes of a graph";
  CHECK(read("alice bob {}\nbob carol {}\n", 3).error == "2: expected two node numbers, got \"bob carol\"" + hint);
  CHECK(read("(0, 0) (0, 1) {}\n(0, 1) (1, 1) {}\n", 3).error ==
        "2: expected two node numbers, got \"(0 1) (1 1)\"" + hint);
}
