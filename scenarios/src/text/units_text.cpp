#include "scenarios/src/text/units_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// The parts of "1.25 ms".
struct Quantity {
  std::string_view whole;
  std::string_view fraction;
  std::string_view unit;
};

/// Takes the signs for which `belongs` holds off the front.
template <class Condition>
std::string_view take(std::string_view& text, const Condition& belongs) {
  const auto end = std::find_if_not(text.begin(), text.end(), belongs);
  const std::string_view front = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(front.size());
  return front;
}

/// Nothing if the text does not begin with a plain decimal number.
std::optional<Quantity> split(std::string_view text) {
  take(text, is_blank);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  Quantity quantity;
  quantity.whole = take(text, is_digit);
  if (quantity.whole.empty()) return std::nullopt;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    quantity.fraction = take(text, is_digit);
    if (quantity.fraction.empty()) return std::nullopt;
  }
  take(text, is_blank);
  quantity.unit = text;
  return quantity;
}

/// The reason why a unit cannot be looked up; empty if it can be.
std::string objection_to(const std::optional<Quantity>& quantity, std::string_view text, const std::string& example) {
  if (!quantity) return fmt::format("expected {}, got \"{}\"", example, text);
  if (quantity->unit.empty()) return fmt::format("expected {}, got \"{}\" without a unit", example, text);
  return {};
}

template <class T>
struct Unit {
  const char* name;
  T scale;
};

const std::array<Unit<std::int64_t>, 6> kDurationUnits = {{{"ns", 1'000},
                                                           {"us", 1'000'000},
                                                           {"ms", 1'000'000'000},
                                                           {"s", 1'000'000'000'000},
                                                           {"min", 60'000'000'000'000},
                                                           {"h", 3'600'000'000'000'000}}};
/// The units in which rates are written. Scales are powers of ten, so that digits keep their value exactly.
const std::array<Unit<int>, 4> kRateUnits = {{{"bps", 0}, {"kbps", 3}, {"Mbps", 6}, {"Gbps", 9}}};

/// The value of a unit of rates: 10^tens * 2^twos bit/s.
struct RateScale {
  int tens;
  int twos;
};

/// "Mbps", "Mbit/s" and "Mb/s" are bits a second, "MB/s", "MBps" and "Mbyte/s" bytes a second, each also with
/// Ki, Mi and Gi; nothing for any other text. Only the letter b distinguishes bits from bytes: its case is
/// never guessed.
std::optional<RateScale> rate_scale(std::string_view unit) {
  RateScale scale{0, 0};
  constexpr std::string_view prefixes = "kKMG";
  const std::size_t place = unit.empty() ? std::string_view::npos : prefixes.find(unit.front());
  if (place != std::string_view::npos) {
    const int steps = std::max(1, static_cast<int>(place));  // k and K are the same
    unit.remove_prefix(1);
    const bool binary = !unit.empty() && unit.front() == 'i';
    if (binary) unit.remove_prefix(1);
    (binary ? scale.twos : scale.tens) = steps * (binary ? 10 : 3);
  }
  for (const char* bits : {"bps", "b/s", "bit/s", "bits/s"}) {
    if (unit == bits) return scale;
  }
  for (const char* bytes : {"Bps", "B/s", "byte/s", "bytes/s", "Byte/s", "Bytes/s"}) {
    if (unit == bytes) return RateScale{scale.tens, scale.twos + 3};
  }
  return std::nullopt;
}

/// The unit that was perhaps meant; empty if bits could be taken for bytes. Capitals alone decide nothing.
std::string suggested_rate_unit(std::string_view unit) {
  const bool bytes = unit.find('B') != std::string_view::npos;
  if (bytes && unit.find_first_of("PS") != std::string_view::npos) return {};
  return bytes ? did_you_mean(unit, {"B/s", "kB/s", "MB/s", "GB/s"})
               : did_you_mean(unit, {"bps", "kbps", "Mbps", "Gbps"});
}

/// Names of units, for a message.
template <class T, std::size_t N>
std::vector<std::string> names_of_units(const std::array<Unit<T>, N>& units) {
  std::vector<std::string> names;
  for (const Unit<T>& unit : units) names.emplace_back(unit.name);
  return names;
}

/// The decimal number times a power of ten, correctly rounded; infinite if it is too large.
double to_double(const Quantity& quantity, int power) {
  const std::string digits = fmt::format("{}.{}0e{}", quantity.whole, quantity.fraction, power);
  double value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (status == std::errc()) return value;
  const bool tiny = quantity.whole.find_first_not_of('0') == std::string_view::npos;
  return tiny ? 0 : std::numeric_limits<double>::infinity();
}

/// "12345" with the decimal point `places` further left: exactly value / 10^places.
std::string with_point_moved(std::string digits, int places) {
  std::size_t point = std::min(digits.find('.'), digits.size());
  if (point < digits.size()) digits.erase(point, 1);
  point -= static_cast<std::size_t>(places);
  if (point == digits.size()) return digits;
  digits.insert(point, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

QuantityResult<Time> parse_duration(std::string_view text) {
  const auto quantity = split(text);
  std::string objection = objection_to(quantity, text, "a duration such as \"2ms\"");
  if (!objection.empty()) return {std::nullopt, std::move(objection)};
  const auto known = std::find_if(kDurationUnits.begin(), kDurationUnits.end(),
                                  [&](const auto& unit) { return unit.name == quantity->unit; });
  if (known == kDurationUnits.end()) {
    const std::vector<std::string> names = names_of_units(kDurationUnits);
    return {std::nullopt, fmt::format("unknown unit '{}' in \"{}\": expected {}{}", quantity->unit, text, listed(names),
                                      did_you_mean(quantity->unit, names))};
  }
  const std::int64_t unit = known->scale;
  const std::string too_long =
      fmt::format("\"{}\" is too long: expected at most {}", text, duration_text(kLongestDuration));
  std::int64_t whole = 0;
  const auto parsed = std::from_chars(quantity->whole.data(), quantity->whole.data() + quantity->whole.size(), whole);
  if (parsed.ec != std::errc() || whole > kLongestDuration / Time(unit)) return {std::nullopt, too_long};
  std::int64_t sum = whole * unit;
  std::int64_t digit_value = unit;  // of the digit before
  for (const char digit : quantity->fraction) {
    sum += (digit - '0') * digit_value / 10;
    if (digit_value % 10 != 0) break;
    digit_value /= 10;
  }
  if (Time(sum) > kLongestDuration) return {std::nullopt, too_long};
  return {Time(sum), {}};
}

QuantityResult<BitsPerSecond> parse_rate(std::string_view text) {
  const auto quantity = split(text);
  std::string objection = objection_to(quantity, text, "a rate such as \"60Mbps\"");
  if (!objection.empty()) return {std::nullopt, std::move(objection)};
  const std::optional<RateScale> scale = rate_scale(quantity->unit);
  if (!scale) {
    return {std::nullopt,
            fmt::format("unknown unit '{}' in \"{}\": expected {}, which are bits a second, or kB/s, MB/s "
                        "or GB/s, which are bytes{}",
                        quantity->unit, text, listed(names_of_units(kRateUnits)), suggested_rate_unit(quantity->unit))};
  }
  // A power of two changes no digit.
  const double rate = std::ldexp(to_double(*quantity, scale->tens), scale->twos);
  if (rate > kHighestRate.value) {
    return {std::nullopt, fmt::format("\"{}\" is too high: expected at most {}", text, rate_text(kHighestRate))};
  }
  return {BitsPerSecond{rate}, {}};
}

std::string duration_text(Time duration) {
  if (duration == Time::zero()) return "0s";
  for (auto unit = kDurationUnits.rbegin(); unit != kDurationUnits.rend(); ++unit) {
    if (duration.count() % unit->scale == 0) return fmt::format("{}{}", duration.count() / unit->scale, unit->name);
  }
  // With at least four digits, so that one is left of the point.
  return with_point_moved(fmt::format("{:04}", duration.count()), 3) + "ns";
}

std::string rate_text(BitsPerSecond rate) {
  const std::string digits = fmt::format("{}", rate.value);  // without an exponent below 1e16
  for (auto unit = kRateUnits.rbegin(); unit != kRateUnits.rend(); ++unit) {
    const bool fits = rate.value >= std::pow(10.0, unit->scale);
    if (fits) return with_point_moved(digits, unit->scale) + unit->name;
  }
  return digits + "bps";
}

std::string size_text(double bytes) {
  for (const auto& [scale, name] : {std::pair(1e9, "GB"), std::pair(1e6, "MB"), std::pair(1e3, "kB")}) {
    if (bytes >= scale) return fmt::format("{:.4g} {}", bytes / scale, name);
  }
  return fmt::format("{:.4g} B", bytes);
}

std::string grouped(double whole_number) {
  std::string digits = fmt::format("{:.0f}", whole_number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

}  // namespace tardigrad
