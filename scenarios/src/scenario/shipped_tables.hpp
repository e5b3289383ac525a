/// Tables of link rates that come with the program, to be named in [network] matrix.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

struct ShippedTable {
  std::string name;
  std::string summary;
  std::string_view text;  ///< as `read_matrix_network` takes it
};

const std::vector<ShippedTable>& shipped_tables();
/// nullptr if there is none of that name.
const ShippedTable* find_shipped_table(std::string_view name);

}  // namespace tardigrad
