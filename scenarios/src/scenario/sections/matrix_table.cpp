#include <fmt/format.h>

#include <memory>
#include <utility>

#include "scenarios/src/scenario/sections/section.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"
#include "scenarios/src/scenario/shipped_tables.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

using MatrixKey = Key<LinkMatrix>;

/// True for the name of a table that comes with the program, false for a path.
bool is_table_name(const std::string& text) { return !text.empty() && text.find_first_of("./") == std::string::npos; }

void read_rates(const TomlSection& table, const MatrixKey& key, const Scenario&, LinkMatrix& matrix) {
  MatrixSpec& spec = matrix.spec;
  const std::string text = table.text(key.name, "");
  if (!is_table_name(text)) {
    spec.rates = table.file_path(key.name);
    return;
  }
  spec.rates = text;
  const ShippedTable* shipped = find_shipped_table(text);
  if (shipped) {
    spec.rates_text = shipped->text;
    return;
  }
  const auto names = names_of(shipped_tables());
  table.complain(key.name,
                 fmt::format("expected the path of a file, such as \"rates.csv\" or \"./rates\", or {}, which comes "
                             "with the program, got \"{}\"{}",
                             listed(names), text.substr(0, 60), did_you_mean(text, names)));
}

void read_latency(const TomlSection& table, const MatrixKey& key, const Scenario& so_far, LinkMatrix& matrix) {
  matrix.spec.latency = table.duration(key.name, so_far.network.latency, true);
}

void read_tables(const TomlSection& table, const Scenario& so_far, LinkMatrix& matrix) {
  matrix.links = std::make_shared<MatrixNetwork>();
  if (matrix.spec.rates.empty() || table.has_mistake()) return;
  MatrixResult read = read_matrix_network(matrix.spec, so_far.nodes.count);
  if (!read.error.empty()) {
    table.complain("rates", read.error);
  } else if (!matrix.spec.regions.empty() && read.network.regions().empty()) {
    table.complain("regions", "expected no regions for a table by node");
  }
  matrix.links = std::make_shared<const MatrixNetwork>(std::move(read.network));
}

}  // namespace

const Section<LinkMatrix>& matrix_table() {
  static const Section<LinkMatrix> section = {
      "[network] matrix = { }",
      {MatrixKey("rates", nested(&LinkMatrix::spec, &MatrixSpec::rates), "the rate of each pair's link")
           .may_be({"file, or see networks", ValueForm::Type::file})
           .required("rates = \"aws-regions\"")
           .read_by(read_rates),
       MatrixKey("latencies", nested(&LinkMatrix::spec, &MatrixSpec::latencies), "their latencies")
           .path()
           .usually("those among the rates")
           .brief()
           .such_as("matrix = { rates = \"rates.csv\", latencies = \"latencies.csv\" }"),
       MatrixKey("regions", nested(&LinkMatrix::spec, &MatrixSpec::regions), "the nodes' regions, in their order")
           .usually("all of them")
           .brief()
           .such_as("matrix = { rates = \"aws-regions\", regions = [\"tokyo\", \"ohio\"] }"),
       MatrixKey("latency", nested(&LinkMatrix::spec, &MatrixSpec::latency), "of links without one in a table")
           .usually("that of [network]")
           .read_by(read_latency)
           .such_as("matrix = { rates = \"rates.csv\", latency = \"20ms\" }")},
      read_tables};
  return section;
}

}  // namespace tardigrad
