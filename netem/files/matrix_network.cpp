#include "netem/files/matrix_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "netem/base/csv_lines.hpp"

namespace tardigrad {
namespace {

using std::to_string;

constexpr std::size_t kLongestLine = 1'000'000;
constexpr NodeId kMostRegions = 1024;
constexpr NodeId kMostNodesByNode = 4096;
constexpr std::size_t kMostEntries = std::size_t{kMostNodesByNode} * kMostNodesByNode;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

bool known(double number) { return !std::isnan(number); }

enum Quantity : std::size_t { rate = 0, latency = 1 };

struct QuantityRule {
  const char* column;
  double highest;
  double unit;  // the value of 1 in the file, in bit/s or seconds
};

constexpr QuantityRule kRules[] = {{"rate_mbps", 1e9, 1e6}, {"latency_ms", 1e6, 1e-3}};

/// A number for each ordered pair of places; unknown where the file has none.
class Table {
 public:
  explicit Table(std::size_t size) : size_(size), cells_(size * size, kUnknown) {}

  std::size_t size() const { return size_; }
  double& operator()(std::size_t from, std::size_t to) { return cells_[from * size_ + to]; }

  void make_symmetric() {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        double& one = (*this)(i, j);
        double& other = (*this)(j, i);
        if (!known(one)) one = other;
        if (!known(other)) other = one;
      }
    }
  }

  /// Fills in a place's number for itself where the file has none.
  void fill_diagonal(Quantity quantity) {
    double stand_in = kUnknown;
    for (const double cell : cells_) {
      if (known(cell)) stand_in = quantity == rate ? std::fmax(stand_in, cell) : std::fmin(stand_in, cell);
    }
    for (std::size_t i = 0; i < size_; ++i) {
      if (!known((*this)(i, i))) (*this)(i, i) = stand_in;
    }
  }

 private:
  std::size_t size_;
  std::vector<double> cells_;
};

/// The content of one file: the places and the numbers of their pairs.
class MatrixFile {
 public:
  /// `main` is the quantity of a square table's numbers.
  MatrixFile(CsvLines lines, Quantity main, NodeId nodes) : lines_(std::move(lines)), main_(main), nodes_(nodes) {
    read();
  }

  const std::string& error() const { return lines_.error(); }
  void fail(const std::string& what) { lines_.fail(what); }
  void fail_file(const std::string& what) { lines_.fail_file(what); }
  bool by_region() const { return by_region_; }
  const std::vector<std::string>& regions() const { return regions_; }
  std::optional<std::size_t> region(std::string_view name) const {
    const auto found = std::find(regions_.begin(), regions_.end(), name);
    if (found == regions_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - regions_.begin());
  }
  std::string name(std::size_t place) const { return by_region_ ? regions_[place] : "node " + to_string(place); }
  std::string known_regions() const {
    std::string text;
    for (const std::string& name : regions_) text += (text.empty() ? "" : ", ") + name;
    return text;
  }
  bool has(Quantity quantity) const { return column_[quantity] != 0 || (square_ && quantity == main_); }

  Table table(Quantity quantity) {
    Table made(by_region_ ? regions_.size() : nodes_);
    for (const Entry& entry : entries_) {
      const double number = entry.numbers[quantity];
      if (!known(number)) continue;
      double& cell = made(entry.from, entry.to);
      if (known(cell)) {
        lines_.fail_at(entry.line, "a second number from " + name(entry.from) + " to " + name(entry.to));
      }
      cell = number;
    }
    made.make_symmetric();
    made.fill_diagonal(quantity);
    return made;
  }

 private:
  struct Entry {
    NodeId from;
    NodeId to;
    double numbers[2];
    std::size_t line;
  };

  void read() {
    if (!lines_.next())
      return lines_.fail_file("expected a header line that begins with node, region, from or from_region");
    const std::vector<std::string> header(lines_.fields().begin(), lines_.fields().end());
    by_region_ = header[0] == "region" || header[0] == "from_region";
    square_ = header[0] == "node" || header[0] == "region";
    if (!by_region_ && nodes_ > kMostNodesByNode) {
      return lines_.fail("a table by node is for at most " + to_string(kMostNodesByNode) +
                         " nodes, expected one by region for " + to_string(nodes_));
    }
    if (square_) {
      read_square(header);
    } else {
      read_rows(header);
    }
  }

  void read_square(const std::vector<std::string>& header) {
    by_region_ ? take_regions(header) : check_node_header(header);
    std::vector<bool> seen(header.size() - 1, false);
    while (lines_.next()) {
      const std::vector<std::string_view>& fields = lines_.fields();
      if (fields.size() != header.size()) {
        return lines_.fail(to_string(fields.size() - 1) + " numbers, expected " + to_string(header.size() - 1) +
                           " as in the header");
      }
      const std::optional<NodeId> from = by_region_ ? known_region(fields[0]) : lines_.index(0, "node", nodes_);
      if (!from) return;
      if (seen[*from]) return lines_.fail("a second row of " + name(*from));
      seen[*from] = true;
      for (NodeId to = 0; to < seen.size(); ++to) read_cell(*from, to);
    }
  }

  void read_cell(NodeId from, NodeId to) {
    if (lines_.fields()[to + 1].empty()) return;
    Entry entry{from, to, {kUnknown, kUnknown}, lines_.line()};
    entry.numbers[main_] = number(to + 1, main_, from == to && !by_region_, name(from) + " to " + name(to));
    entries_.push_back(entry);
  }

  void take_regions(const std::vector<std::string>& header) {
    for (std::size_t i = 1; i < header.size(); ++i) add_region(header[i]);
    if (regions_.empty()) lines_.fail("expected the names of the regions after \"region\"");
  }

  void check_node_header(const std::vector<std::string>& header) {
    if (header.size() != std::size_t{nodes_} + 1) {
      lines_.fail(to_string(header.size() - 1) + " nodes, expected " + to_string(nodes_));
    }
    for (std::size_t i = 1; i < header.size(); ++i) {
      if (header[i] != to_string(i - 1)) {
        lines_.fail("node " + quoted(header[i]) + " in column " + to_string(i + 1) + ", expected " + to_string(i - 1));
      }
    }
  }

  void read_rows(const std::vector<std::string>& header) {
    const std::vector<std::string> ends =
        by_region_ ? std::vector<std::string>{"from_region", "to_region"} : std::vector<std::string>{"from", "to"};
    if (header.size() < 3 || header[0] != ends[0] || header[1] != ends[1]) {
      return lines_.fail("expected a header line that begins with node, region, from,to or from_region,to_region");
    }
    for (std::size_t i = 2; i < header.size(); ++i) take_column(header[i], i);
    while (lines_.next()) {
      if (lines_.fields().size() != header.size()) {
        return lines_.fail(to_string(lines_.fields().size()) + " fields, expected " + to_string(header.size()) +
                           " as in the header");
      }
      if (entries_.size() == kMostEntries) return lines_.fail("expected at most " + to_string(kMostEntries) + " rows");
      read_row(header);
    }
  }

  void take_column(const std::string& title, std::size_t place) {
    for (const Quantity quantity : {rate, latency}) {
      if (title != kRules[quantity].column) continue;
      if (column_[quantity] != 0) lines_.fail("column " + quoted(title) + " is named twice");
      column_[quantity] = place;
      return;
    }
    lines_.fail("unknown column " + quoted(title) + ": expected rate_mbps or latency_ms");
  }

  void read_row(const std::vector<std::string>& header) {
    const std::optional<NodeId> from = end_of_row(0, header[0]);
    const std::optional<NodeId> to = end_of_row(1, header[1]);
    if (!from || !to) return;
    if (*from == *to && !by_region_) {
      return lines_.fail("expected two different nodes, not " + to_string(*from) + " twice");
    }
    Entry entry{*from, *to, {kUnknown, kUnknown}, lines_.line()};
    for (const Quantity quantity : {rate, latency}) {
      if (column_[quantity] == 0) continue;
      entry.numbers[quantity] = number(column_[quantity], quantity, false, kRules[quantity].column);
    }
    entries_.push_back(entry);
  }

  /// Reads a row's `from` or `to`: a node, or a region, which may be new.
  std::optional<NodeId> end_of_row(std::size_t field, const std::string& title) {
    if (!by_region_) return lines_.index(field, title, nodes_);
    const std::string_view text = lines_.fields()[field];
    if (!region(text)) add_region(text);
    return known_region(text);
  }

  void add_region(std::string_view text) {
    if (regions_.size() == kMostRegions) return lines_.fail("expected at most " + to_string(kMostRegions) + " regions");
    const bool plain = !text.empty() && text.size() <= 100 &&
                       std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!plain) return lines_.fail("region " + quoted(text) + ", expected a name of 1 to 100 plain characters");
    if (region(text)) return lines_.fail("region " + quoted(text) + " is named twice");
    regions_.emplace_back(text);
  }

  std::optional<NodeId> known_region(std::string_view text) {
    if (lines_.failed()) return std::nullopt;
    const auto place = region(text);
    if (!place) lines_.fail("unknown region " + quoted(text) + ", expected one of " + known_regions());
    return place ? std::optional(static_cast<NodeId>(*place)) : std::nullopt;
  }

  double number(std::size_t field, Quantity quantity, bool may_be_zero, const std::string& what) {
    const QuantityRule& rule = kRules[quantity];
    const std::optional<double> value = lines_.number(field, what, 0, rule.highest);
    if (value && *value == 0 && quantity == rate && !may_be_zero) {
      lines_.fail(what + " is 0, expected a rate above 0");
    }
    return value.value_or(0) * rule.unit;
  }

  CsvLines lines_;
  Quantity main_;
  NodeId nodes_;
  bool by_region_ = false;
  bool square_ = false;
  std::size_t column_[2] = {0, 0};  // columns in a row; 0: absent
  std::vector<std::string> regions_;
  std::vector<Entry> entries_;
};

/// The positions of the wanted places in a file: regions by name, nodes by number. Empty after a mistake.
std::vector<std::size_t> places_of(MatrixFile& file, const std::vector<std::string>& regions, NodeId nodes) {
  std::vector<std::size_t> places;
  for (NodeId node = 0; !file.by_region() && node < nodes; ++node) places.push_back(node);
  for (std::size_t i = 0; file.by_region() && i < regions.size(); ++i) {
    const auto place = file.region(regions[i]);
    if (!place) {
      file.fail_file("unknown region " + quoted(regions[i]) + ", expected one of " + file.known_regions());
      return {};
    }
    places.push_back(*place);
  }
  return places;
}

/// The numbers of all ordered pairs of places; a missing number is a mistake.
std::vector<double> numbers(MatrixFile& file, Quantity quantity, const std::vector<std::size_t>& places) {
  if (!file.error().empty()) return {};
  if (!file.has(quantity)) file.fail_file(std::string("expected a column ") + kRules[quantity].column);
  Table table = file.table(quantity);
  std::vector<double> out;
  out.reserve(places.size() * places.size());
  for (const std::size_t from : places) {
    for (const std::size_t to : places) {
      const double number = table(from, to);
      const bool of_itself = from == to && !file.by_region();
      if (!known(number) && !of_itself) {
        file.fail(std::string("ends without a ") + (quantity == rate ? "rate" : "latency") + " from " +
                  file.name(from) + " to " + file.name(to));
        return {};
      }
      out.push_back(number);
    }
  }
  return out;
}

/// The latencies of the pairs of places in seconds, and an error if a file has a mistake.
std::pair<std::vector<double>, std::string> latencies_of(const MatrixSpec& spec, MatrixFile& rates,
                                                         const std::vector<std::size_t>& places,
                                                         const std::vector<std::string>& regions, NodeId nodes) {
  if (!spec.latencies.empty()) {
    MatrixFile file(CsvLines(spec.latencies, kLongestLine), latency, nodes);
    if (file.error().empty() && file.by_region() != rates.by_region()) {
      file.fail_file(std::string("expected a table by ") + (rates.by_region() ? "region" : "node") +
                     " as that of the rates");
    }
    const auto own_places = places_of(file, regions, nodes);
    auto read = numbers(file, latency, own_places);
    return {std::move(read), file.error()};
  }
  if (rates.has(latency)) {
    auto read = numbers(rates, latency, places);
    return {std::move(read), rates.error()};
  }
  return {std::vector<double>(places.size() * places.size(), to_seconds(spec.latency)), ""};
}

}  // namespace

MatrixNetwork::MatrixNetwork(std::vector<PairLink> links, NodeId groups, NodeId replicas,
                             std::vector<std::string> regions)
    : links_(std::move(links)), groups_(groups), replicas_(replicas), regions_(std::move(regions)) {}

MatrixResult read_matrix_network(const MatrixSpec& spec, NodeId nodes) {
  MatrixFile file(
      spec.rates_text ? CsvLines(spec.rates, *spec.rates_text, kLongestLine) : CsvLines(spec.rates, kLongestLine), rate,
      nodes);
  const std::vector<std::string> regions = spec.regions.empty() ? file.regions() : spec.regions;
  const std::vector<std::size_t> places = places_of(file, regions, nodes);
  if (file.error().empty() && (places.empty() || nodes % places.size() != 0)) {
    file.fail_file(to_string(nodes) + " nodes cannot be shared out evenly among " + to_string(places.size()) +
                   " regions");
  }
  const std::vector<double> rates = numbers(file, rate, places);
  if (!file.error().empty()) return {{}, file.error()};
  const auto [latencies, error] = latencies_of(spec, file, places, regions, nodes);
  if (!error.empty()) return {{}, error};

  std::vector<MatrixNetwork::PairLink> links(rates.size());
  for (std::size_t i = 0; i < links.size(); ++i) links[i] = {{rates[i]}, from_seconds(latencies[i])};
  const auto groups = static_cast<NodeId>(places.size());
  return {MatrixNetwork(std::move(links), groups, groups == 0 ? 1 : nodes / groups,
                        file.by_region() ? regions : std::vector<std::string>()),
          ""};
}

}  // namespace tardigrad
