#include "scenarios/src/results/sweep_folder.hpp"

#include <algorithm>
#include <system_error>

#include "scenarios/src/text/natural_order.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

std::vector<fs::path> run_folders_of(const fs::path& results) {
  std::error_code failed;
  if (!fs::exists(results / "sweep.csv", failed) || fs::exists(results / "scenario.toml", failed)) return {results};
  std::vector<fs::path> points;
  for (fs::directory_iterator entry(results, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code none;
    if (fs::exists(entry->path() / "scenario.toml", none)) points.push_back(entry->path());
  }
  std::sort(points.begin(), points.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return points.empty() ? std::vector<fs::path>{results} : points;
}

}  // namespace tardigrad
