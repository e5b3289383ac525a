#include "models/data/femnist_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "models/data/leaf_files.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::int64_t kClasses = 62;
constexpr std::size_t kSide = 28;

struct Writer {
  Pixels pixels;
  std::vector<Label> labels;
};

void add_picture(const Json& numbers, const fs::path& file, Pixels& pixels) {
  if (!numbers.is_array() || numbers.size() != kSide * kSide) {
    throw Unusable(
        fmt::format("{} has something else where a picture of {} numbers is expected", file.string(), kSide * kSide));
  }
  for (const Json& number : numbers) {
    const double value = number.is_number() ? number.get<double>() : -1;
    if (!(value >= 0 && value <= 1)) {
      throw Unusable(fmt::format("{} has something else where a pixel from 0 to 1 is expected", file.string()));
    }
    pixels.push_back(static_cast<std::uint8_t>(std::lround(255 * value)));
  }
}

Label class_of(const Json& label, const fs::path& file) {
  if (label.is_number_unsigned() && label.get<std::uint64_t>() < kClasses) return label.get<Label>();
  throw Unusable(
      fmt::format("{} has something else where a class from 0 to {} is expected", file.string(), kClasses - 1));
}

Samples read_part(const fs::path& folder) {
  std::map<std::string, Writer> writers;
  for_leaf_samples(folder, [&](const std::string& user, const Json& x, const Json& y, const fs::path& file) {
    Writer& writer = writers[user];
    add_picture(x, file, writer.pixels);
    writer.labels.push_back(class_of(y, file));
  });
  LabelledImages all;
  all.shape = {1, kSide, kSide};
  std::vector<std::uint32_t> users;
  std::uint32_t number = 0;
  for (auto& [name, writer] : writers) {
    all.pixels.insert(all.pixels.end(), writer.pixels.begin(), writer.pixels.end());
    all.labels.insert(all.labels.end(), writer.labels.begin(), writer.labels.end());
    users.insert(users.end(), writer.labels.size(), number++);
    writer = {};
  }
  Samples samples = samples_of(std::move(all));
  samples.users = std::move(users);
  return samples;
}

}  // namespace

DatasetResult read_femnist(const fs::path& folder) {
  try {
    return {std::make_shared<const Dataset>(Dataset{read_part(folder / "train"), read_part(folder / "test"), kClasses}),
            ""};
  } catch (const Unusable& problem) {
    return refusal<DatasetResult>(problem);
  }
}

}  // namespace tardigrad
