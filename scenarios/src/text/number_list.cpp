#include "scenarios/src/text/number_list.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>

#include "models/printable.hpp"
#include "netem/base/text_lines.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

std::optional<std::uint64_t> number_in(std::string_view text, std::uint64_t highest) {
  text = trimmed(text);
  std::uint64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = status == std::errc() && end == text.data() + text.size();
  return whole && number <= highest ? std::optional(number) : std::nullopt;
}

class NumberListReader {
 public:
  explicit NumberListReader(const ListedKind& kind) : kind_(kind) {}

  /// Adds a number or a range; returns one line if the text is neither.
  std::string add(std::string_view part) {
    const std::size_t dash = part.find('-');
    const auto first = number_in(part.substr(0, dash), kind_.highest);
    const auto last = dash == std::string_view::npos ? first : number_in(part.substr(dash + 1), kind_.highest);
    const std::string shown = printable(trimmed(part), 40);
    if (!first || !last) return fmt::format("expected {} such as {}, got \"{}\"", kind_.many, kind_.example, shown);
    if (*last < *first) return fmt::format("\"{}\" goes backwards: expected {}-{}", shown, *last, *first);
    if (*last - *first >= kind_.most - numbers_.size()) {
      return fmt::format("\"{}\" makes more than {} {}", shown, kind_.most, kind_.many);
    }
    for (std::uint64_t k = 0; k <= *last - *first; ++k) {
      if (!known_.insert(*first + k).second) return fmt::format("{} {} comes twice", kind_.one, *first + k);
      numbers_.push_back(*first + k);
    }
    return {};
  }

  std::vector<std::uint64_t> take() { return std::move(numbers_); }

 private:
  const ListedKind& kind_;
  std::set<std::uint64_t> known_;
  std::vector<std::uint64_t> numbers_;
};

}  // namespace

NumberListResult parse_number_list(std::string_view text, const ListedKind& kind) {
  NumberListReader reader(kind);
  for (;;) {
    const std::size_t comma = text.find(',');
    std::string error = reader.add(text.substr(0, comma));
    if (!error.empty()) return {{}, std::move(error)};
    if (comma == std::string_view::npos) return {reader.take(), {}};
    text.remove_prefix(comma + 1);
  }
}

}  // namespace tardigrad
