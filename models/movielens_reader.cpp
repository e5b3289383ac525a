#include "models/movielens_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>
#include <tuple>

#include "models/regular_file.hpp"
#include "netem/csv_lines.hpp"

namespace tardigrad {
namespace {

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

std::filesystem::path file_in(const std::filesystem::path& folder) {
  for (const char* name : {"ratings.csv", "u.data", "ml-latest-small/ratings.csv", "ml-100k/u.data"}) {
    std::error_code ignored;
    if (std::filesystem::exists(folder / name, ignored)) return folder / name;
  }
  return {};
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

/// The ids that there are, ascending.
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

RatingsResult read_movielens(const std::filesystem::path& folder) {
  const std::filesystem::path file = file_in(folder);
  if (file.empty()) return {nullptr, fmt::format("there is neither ratings.csv nor u.data in {}", folder.string())};
  const RegularFile on_disk = regular_file(file);
  if (!on_disk.error.empty()) return {nullptr, on_disk.error};
  const bool is_csv = file.filename() == "ratings.csv";
  CsvLines csv(file.string(), kLongestLine, is_csv ? ',' : '\t');
  std::vector<RatingLine> lines = read_lines(csv, is_csv);
  if (!csv.failed()) sort_by_pair(lines, csv);
  if (csv.failed()) return {nullptr, csv.error()};
  return {std::make_shared<const Ratings>(numbered(lines)), ""};
}

}  // namespace tardigrad
