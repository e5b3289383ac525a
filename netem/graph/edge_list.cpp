#include "netem/graph/edge_list.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "netem/base/text_lines.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

using std::to_string;
using Id = std::uint64_t;
using Fields = std::vector<std::string_view>;

constexpr std::size_t kLongestLine = std::size_t{1} << 16;
/// Whole numbers up to here are exact as floating-point numbers.
constexpr double kHighestFraction = 9e15;
constexpr char kBlank = ' ';
const char* const kHowToWrite = "an edge a line is expected, as networkx.write_edgelist writes it";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = status == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

/// Reads an id: "12", or as numpy.savetxt and R write it, "1.2e+01" and "\"12\"".
std::optional<Id> id_in(std::string_view text) {
  Id id = 0;
  const char* const end = text.data() + text.size();
  const auto whole = std::from_chars(text.data(), end, id);
  if (whole.ec == std::errc() && whole.ptr == end) return id;
  const auto number = number_in(text);
  const bool is_id = number && *number >= 0 && *number <= kHighestFraction && *number == std::floor(*number);
  return is_id ? std::optional(static_cast<Id>(*number)) : std::nullopt;
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted =
      text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

std::string count_of(std::size_t count, const std::string& what) {
  return to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// The name of the format that begins with this line, if the file is no list of edges; else empty.
std::string foreign_format(std::string_view line) {
  const std::string text = lower(line);
  if (begins_with(text, "<")) return "XML, such as GraphML or GEXF";
  if (begins_with(text, "graph [") || text == "graph" || begins_with(text, "creator")) return "GML";
  if (begins_with(text, "graph ") || begins_with(text, "digraph") || begins_with(text, "strict ")) return "a DOT file";
  if (begins_with(text, "{") || begins_with(text, "[")) return "JSON";
  if (begins_with(text, "*")) return "a Pajek file";
  return {};
}

/// Counts of what a file has beside ids.
struct LeftOut {
  bool header = false;
  bool further_fields = false;
  bool directions = false;
  std::size_t self_loops = 0;
  std::size_t repeated = 0;
};

class EdgeListReader {
 public:
  explicit EdgeListReader(const std::string& file) : lines_(file, kLongestLine) {}

  EdgeListResult read(NodeId nodes) {
    while (lines_.next()) read_line(lines_.text());
    if (ids_.empty()) lines_.fail_file("expected at least one edge");
    if (!lines_.failed() && is_matrix()) {
      lines_.fail_file("is an adjacency matrix, a row a node: " + std::string(kHowToWrite));
    }
    if (!lines_.failed()) number_nodes(nodes);
    return {std::move(result_.edges), std::move(result_.notes), lines_.error()};
  }

 private:
  void read_line(std::string_view text) {
    if (text.empty()) return;
    if (text.front() == '#' || text.front() == '%') return read_comment(text);
    if (first_line_ == 0 && !left_out_.header) {
      const std::string format = foreign_format(text);
      if (!format.empty()) return lines_.fail("is " + format + ": " + kHowToWrite);
    }
    const std::size_t attributes = text.find('{');
    left_out_.further_fields |= attributes != std::string_view::npos;
    split(trimmed(text.substr(0, std::min(attributes, text.find('#')))));
    if (first_line_ == 0 && !left_out_.header && has_names()) return read_header();
    if (std::exchange(sizes_follow_, false)) return;
    read_fields();
  }

  void read_comment(std::string_view text) {
    left_out_.directions |= begins_with(text, "% asym") || contains(lower(text), " directed graph");
    // Two formats of NetworkX could be taken for edges with a weight; both say when they were written.
    is_adjacency_ |= begins_with(text, "# GMT ");
    if (!begins_with(text, "%%MatrixMarket")) return;
    if (!contains(text, " coordinate ")) lines_.fail("is a dense Matrix Market file: expected one of coordinates");
    sizes_follow_ = true;
    left_out_.directions |= contains(text, " general");
  }

  /// The first line shows which separator the file uses. Blanks may be repeated.
  void split(std::string_view text) {
    if (first_line_ == 0 && !left_out_.header) {
      separator_ = contains(text, ";") ? ';' : contains(text, ",") ? ',' : kBlank;
    }
    fields_.clear();
    while (!text.empty()) {
      const auto end = separator_ == kBlank ? std::find_if(text.begin(), text.end(), is_blank)
                                            : std::find(text.begin(), text.end(), separator_);
      const auto size = static_cast<std::size_t>(end - text.begin());
      fields_.push_back(unquoted(trimmed(text.substr(0, size))));
      text = trimmed(text.substr(std::min(text.size(), size + 1)));
    }
  }

  bool has_names() const {
    const auto is_name = [](std::string_view field) {
      return !number_in(field) && std::all_of(field.begin(), field.end(), [](char c) { return c >= ' ' && c <= '~'; });
    };
    return fields_.size() >= 2 && std::all_of(fields_.begin(), fields_.end(), is_name);
  }

  void read_header() {
    left_out_.header = true;
    Fields& names = fields_;
    std::vector<std::string> known;
    for (const std::string_view name : names) known.push_back(lower(name));
    const auto place = [&](const char* name) {
      return static_cast<std::size_t>(std::find(known.begin(), known.end(), name) - known.begin());
    };
    // A first column without a name holds row numbers, as pandas writes them.
    if (known.front().empty()) from_ = 1, to_ = 2;
    for (const auto& [from, to] :
         {std::pair("source", "target"), std::pair("from", "to"), std::pair("fromnodeid", "tonodeid"),
          std::pair("src", "dst"), std::pair("src", "dest"), std::pair("u", "v"), std::pair("id_1", "id_2"),
          std::pair("node_1", "node_2"), std::pair("node1", "node2"), std::pair("i", "j")}) {
      if (place(from) == known.size() || place(to) == known.size()) continue;
      from_ = place(from);
      to_ = place(to);
      return;
    }
  }

  void read_fields() {
    if (first_line_ == 0) {
      first_line_ = lines_.line();
      first_count_ = fields_.size();
    }
    const bool all_ids = std::all_of(fields_.begin(), fields_.end(), [](auto field) { return id_in(field); });
    const bool ragged = fields_.size() != first_count_ && all_ids;
    if (is_adjacency_ || (all_ids && fields_.size() == 1) || ragged) {
      return lines_.fail("is a list of neighbours, a node and all of them a line: " + std::string(kHowToWrite));
    }
    if (fields_.size() <= std::max(from_, to_)) return lines_.fail("expected two node numbers, got " + shown());
    const auto from = id_in(fields_[from_]);
    const auto to = id_in(fields_[to_]);
    if (!from || !to) return lines_.fail("expected two node numbers, got " + shown() + name_hint());
    for (const std::string_view field : fields_) left_out_.directions |= lower(field) == "directed";
    only_bits_ &= std::all_of(fields_.begin(), fields_.end(), [](auto field) { return id_in(field).value_or(2) <= 1; });
    left_out_.further_fields |= fields_.size() > 2;
    ids_.push_back(*from);
    ids_.push_back(*to);
  }

  /// As many rows as columns, and nothing but zeros and ones: edges between two nodes with a weight a line would be
  /// the same edge again and again.
  bool is_matrix() const { return only_bits_ && first_count_ >= 3 && ids_.size() == 2 * first_count_; }

  std::string shown() const {
    std::string text;
    for (const std::string_view field : fields_) text += (text.empty() ? "" : " ") + std::string(field);
    return quoted(text);
  }

  std::string name_hint() const {
    const bool is_tuple = !fields_.empty() && begins_with(fields_.front(), "(");
    const bool is_name = !fields_[from_].empty() && !contains("+-.0123456789", fields_[from_].substr(0, 1));
    return is_tuple || is_name ? "; networkx.convert_node_labels_to_integers numbers the nodes of a graph" : "";
  }

  /// A node's number is the place of its id among all ids.
  void number_nodes(NodeId nodes) {
    std::vector<Id> known = ids_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    if (known.size() != nodes) return lines_.fail_file(wrong_size(known, nodes));
    const auto node_of = [&](Id id) {
      return static_cast<NodeId>(std::lower_bound(known.begin(), known.end(), id) - known.begin());
    };
    std::vector<Edge>& edges = result_.edges;
    for (std::size_t k = 0; k < ids_.size(); k += 2) {
      const Edge edge{node_of(ids_[k]), node_of(ids_[k + 1])};
      edge.first == edge.second ? void(++left_out_.self_loops) : edges.push_back(edge);
    }
    if (edges.empty()) return lines_.fail_file("expected at least one edge between two nodes");
    count_repeated(edges);
    make_notes(known);
  }

  static std::string wrong_size(const std::vector<Id>& known, NodeId nodes) {
    std::string text = "has " + to_string(known.size()) + " nodes (ids " + to_string(known.front()) + " to " +
                       to_string(known.back()) + "), nodes.count is " + to_string(nodes);
    if (known.size() > nodes) return text;
    Id missing = std::min<Id>(known.front(), 1);
    for (auto id = known.begin(); id != known.end() && *id == missing; ++id) ++missing;
    const std::string loop = to_string(missing) + " " + to_string(missing);
    return text + "; a line \"" + loop + "\" would name a node without edges";
  }

  void count_repeated(std::vector<Edge> edges) {
    for (auto& [a, b] : edges) {
      if (a > b) std::swap(a, b);
    }
    std::sort(edges.begin(), edges.end());
    const auto last = std::unique(edges.begin(), edges.end());
    left_out_.repeated = static_cast<std::size_t>(edges.end() - last);
  }

  void make_notes(const std::vector<Id>& known) {
    const std::string last_node = to_string(known.size() - 1);
    if (known.back() != known.size() - 1) {
      const bool has_gaps = known.back() - known.front() != known.size() - 1;
      result_.notes.push_back("ids " + to_string(known.front()) + " to " + to_string(known.back()) +
                              (has_gaps ? ", which have gaps," : "") + " are nodes 0 to " + last_node +
                              " in ascending order");
    }
    std::string ignored;
    const auto add = [&](bool is_there, const std::string& what) {
      if (is_there) ignored += (ignored.empty() ? "ignored: " : ", ") + what;
    };
    add(left_out_.header, "the line with the columns' names");
    add(left_out_.further_fields, "fields beside the two ids, such as weights");
    add(left_out_.directions, "directions (every edge goes both ways)");
    add(left_out_.repeated > 0, count_of(left_out_.repeated, "repeated edge") + ", either way round");
    add(left_out_.self_loops > 0, count_of(left_out_.self_loops, "self loop"));
    if (!ignored.empty()) result_.notes.push_back(ignored);
  }

  TextLines lines_;
  EdgeListResult result_;
  LeftOut left_out_;
  std::vector<Id> ids_;  // two ids an edge
  Fields fields_;        // fields of the present line
  char separator_ = kBlank;
  std::size_t from_ = 0;  // columns of the two ids
  std::size_t to_ = 1;
  std::size_t first_line_ = 0;   // number of the first line with ids
  std::size_t first_count_ = 0;  // the number of its fields
  bool is_adjacency_ = false;
  bool only_bits_ = true;  // whether all fields so far are 0 or 1
  bool sizes_follow_ = false;
};

}  // namespace

EdgeListResult read_edge_list(const std::string& file, NodeId nodes) { return EdgeListReader(file).read(nodes); }

}  // namespace tardigrad
