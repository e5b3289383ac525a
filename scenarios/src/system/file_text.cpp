#include "scenarios/src/system/file_text.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

namespace tardigrad {

std::optional<std::string> file_text(const std::filesystem::path& file, std::uintmax_t longest) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (!fs::is_regular_file(file, failed) || fs::file_size(file, failed) > longest || failed) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace tardigrad
