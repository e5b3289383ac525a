#include "models/data/leaf_files.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "models/files/user_files.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// The JSON member of this name; throws if there is none.
const Json& member(const Json& object, std::string_view name, const fs::path& path) {
  if (object.is_object() && object.contains(name)) return object.at(name);
  throw Unusable(fmt::format("{} is not in LEAF's layout: expected \"{}\"", path.string(), name));
}

/// Returns the number of samples.
std::size_t visit_file(const fs::path& path, const VisitLeafSample& visit) {
  const Json content = Json::parse(content_of(path), nullptr, false);
  if (content.is_discarded()) throw Unusable(fmt::format("{} is not JSON", path.string()));
  const Json& data = member(content, "user_data", path);
  if (!data.is_object()) throw Unusable(fmt::format("{} has no users", path.string()));
  std::size_t count = 0;
  for (const auto& [user, samples] : data.items()) {
    const Json& inputs = member(samples, "x", path);
    const Json& labels = member(samples, "y", path);
    if (!inputs.is_array() || !labels.is_array() || inputs.size() != labels.size()) {
      throw Unusable(fmt::format("{} does not have as many \"y\" as \"x\" of every user", path.string()));
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) visit(user, inputs[i], labels[i], path);
    count += inputs.size();
  }
  return count;
}

}  // namespace

void for_leaf_samples(const fs::path& folder, const VisitLeafSample& visit) {
  const auto is_json = [](const fs::directory_entry& entry) { return entry.path().extension() == ".json"; };
  std::size_t count = 0;
  for (const std::string& name : names_in(folder, is_json)) count += visit_file(folder / name, visit);
  if (count == 0) throw Unusable(fmt::format("{} has no samples: expected LEAF's .json files", folder.string()));
}

}  // namespace tardigrad
