#include "models/data/movielens_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>
#include <tuple>

#include "models/files/user_files.hpp"
#include "models/unusable.hpp"
#include "netem/base/csv_lines.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestLine = 200;
/// GroupLens' largest set has ids below 300,000.
constexpr std::uint32_t kIdBound = 1'000'000'000;
constexpr double kFewestStars = 0.5;
constexpr double kMostStars = 5;
/// Positions in the ratings are 32 bits.
constexpr std::size_t kMostRatings = std::numeric_limits<std::uint32_t>::max();

const std::vector<std::string_view> kHeader = {"userId", "movieId", "rating", "timestamp"};

/// A line of the file, with the file's ids.
struct RatingLine {
  std::uint32_t user;
  std::uint32_t film;
  float stars;
  std::size_t line;
};

/// The format of a file of this name: its separator, and whether it has a header.
struct Form {
  std::string file;
  std::string separator;
  bool has_header;
};

const std::vector<Form>& forms() {
  static const std::vector<Form> all = {
      {"ratings.csv", ",", true}, {"ratings.dat", "::", false}, {"u.data", "\t", false}};
  return all;
}

const Form* form_of(const fs::path& file) {
  const std::string name = original_name(file.filename().string());
  const auto form = std::find_if(forms().begin(), forms().end(), [&](const Form& known) { return known.file == name; });
  return form == forms().end() ? nullptr : &*form;
}

fs::path file_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const Form& form : forms()) names.push_back(form.file);
  return first_in(folder, names);
}

/// The one folder of a set that this folder has.
fs::path file_below(const fs::path& folder) {
  std::vector<fs::path> files;
  const auto is_set = [](const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.is_directory(ignored) && lower(entry.path().filename().string()).rfind("ml-", 0) == 0;
  };
  for (const std::string& set : names_in(folder, is_set)) {
    const fs::path file = file_in(folder / set);
    if (!file.empty()) files.push_back(file);
  }
  if (files.size() < 2) return files.empty() ? fs::path() : files.front();
  throw Unusable(fmt::format("{} has several sets, {} and {}: expected a root that names one of them", folder.string(),
                             files[0].parent_path().filename().string(), files[1].parent_path().filename().string()));
}

fs::path file_of(const fs::path& root) {
  std::error_code ignored;
  if (form_of(root) && !fs::is_directory(root, ignored)) return root;
  fs::path file = file_in(root);
  if (file.empty()) file = file_below(root);
  if (!file.empty()) return file;
  throw Missing(fmt::format("there is neither ratings.csv, ratings.dat nor u.data in {}", root.string()));
}

RatingLine parsed(CsvLines& csv) {
  RatingLine line{0, 0, 0, csv.line()};
  if (csv.fields().size() != kHeader.size()) {
    csv.fail(fmt::format("{} fields, expected {}", csv.fields().size(), kHeader.size()));
    return line;
  }
  line.user = csv.index(0, "user", kIdBound).value_or(0);
  line.film = csv.index(1, "film", kIdBound).value_or(0);
  const double stars = csv.number(2, "rating", kFewestStars, kMostStars).value_or(kFewestStars);
  if (stars * 2 != std::floor(stars * 2)) csv.fail(fmt::format("rating is {}, expected halves of a star", stars));
  line.stars = static_cast<float>(stars);
  return line;
}

std::vector<RatingLine> read_lines(CsvLines& csv, bool has_header) {
  std::vector<RatingLine> lines;
  if (has_header && csv.next() && csv.fields() != kHeader) {
    csv.fail(fmt::format("expected the line \"{}\"", fmt::join(kHeader, ",")));
  }
  while (csv.next()) {
    lines.push_back(parsed(csv));
    if (lines.size() >= kMostRatings) csv.fail("more ratings than can be numbered");
  }
  if (lines.empty()) csv.fail_file("there are no ratings in it");
  return lines;
}

void sort_by_pair(std::vector<RatingLine>& lines, CsvLines& csv) {
  std::sort(lines.begin(), lines.end(), [](const RatingLine& a, const RatingLine& b) {
    return std::tie(a.user, a.film, a.line) < std::tie(b.user, b.film, b.line);
  });
  const auto same = [](const RatingLine& a, const RatingLine& b) { return a.user == b.user && a.film == b.film; };
  const auto twice = std::adjacent_find(lines.begin(), lines.end(), same);
  if (twice == lines.end()) return;
  const RatingLine& again = *std::next(twice);
  csv.fail_at(again.line,
              fmt::format("user {} has rated film {} before, in line {}", again.user, again.film, twice->line));
}

/// The distinct ids, ascending.
std::vector<std::uint32_t> distinct(const std::vector<RatingLine>& lines, std::uint32_t RatingLine::*id) {
  std::vector<std::uint32_t> ids;
  for (const RatingLine& line : lines) ids.push_back(line.*id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::uint32_t place(const std::vector<std::uint32_t>& ids, std::uint32_t id) {
  return static_cast<std::uint32_t>(std::lower_bound(ids.begin(), ids.end(), id) - ids.begin());
}

Ratings numbered(const std::vector<RatingLine>& lines) {
  const std::vector<std::uint32_t> users = distinct(lines, &RatingLine::user);
  const std::vector<std::uint32_t> films = distinct(lines, &RatingLine::film);
  Ratings ratings{static_cast<std::uint32_t>(users.size()), static_cast<std::uint32_t>(films.size()), {}};
  ratings.all.reserve(lines.size());
  for (const RatingLine& line : lines) {
    ratings.all.push_back({place(users, line.user), place(films, line.film), line.stars});
  }
  return ratings;
}

}  // namespace

RatingsResult read_movielens(const fs::path& root) {
  try {
    const fs::path file = file_of(root);
    size_of_file(file);
    const Form& form = *form_of(file);
    CsvLines csv(file.string(), kLongestLine, form.separator);
    std::vector<RatingLine> lines = read_lines(csv, form.has_header);
    if (!csv.failed()) sort_by_pair(lines, csv);
    if (csv.failed()) return {nullptr, csv.error()};
    return {std::make_shared<const Ratings>(numbered(lines)), ""};
  } catch (const Unusable& problem) {
    return refusal<RatingsResult>(problem);
  }
}

}  // namespace tardigrad
