/// Tables of link rates that come with the program, for matrix in [network].
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

struct ShippedTable {
  std::string name;
  std::string summary;
  std::string_view text;  ///< in the format of `read_matrix_network`
};

const std::vector<ShippedTable>& shipped_tables();
/// nullptr if there is none of that name.
const ShippedTable* find_shipped_table(std::string_view name);

}  // namespace tardigrad
