#include "scenarios/src/scenario/shipped_tables.hpp"

#include <algorithm>

#include "scenarios/src/system/embedded_files.hpp"

namespace tardigrad {

const std::vector<ShippedTable>& shipped_tables() {
  static const std::vector<ShippedTable> all = {
      {"aws-regions", "bandwidths between ten AWS regions (DivShare, WWW 2025)", embedded::aws_regions()},
  };
  return all;
}

const ShippedTable* find_shipped_table(std::string_view name) {
  const auto& all = shipped_tables();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const ShippedTable& table) { return table.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tardigrad
