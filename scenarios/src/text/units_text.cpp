#include "scenarios/src/text/units_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "netem/base/text_parts.hpp"
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

/// The form in which units are compared: a unit that is spelled out, as "MBit/s", may have any capitals, and
/// "/sec" is "/s".
std::string plain_unit(std::string_view unit) {
  std::string plain(unit);
  const std::string small = lower(unit);
  if (contains(small, "bit") || contains(small, "byte")) {
    plain = small;
    for (const std::string_view prefix : {"kilo", "mega", "giga", "tera"}) {
      if (begins_with(plain, prefix)) plain.erase(1, prefix.size() - 1);
    }
    if (plain.find_first_of("mgt") == 0) plain[0] = static_cast<char>(plain[0] - 'a' + 'A');
  }
  if (begins_with(plain, "K")) plain[0] = 'k';
  for (const std::string_view ending : {"/sec", "/second", " per second"}) {
    if (ends_with(plain, ending)) plain.replace(plain.size() - ending.size(), ending.size(), "/s");
  }
  return plain;
}

/// Takes "M" or "Mi" off the front of a unit.
RateScale take_prefix(std::string_view& unit, std::string_view prefixes = "kMGT") {
  const std::size_t place = unit.empty() ? std::string_view::npos : prefixes.find(unit.front());
  if (place == std::string_view::npos) return {0, 0};
  unit.remove_prefix(1);
  const int steps = static_cast<int>(place) + 1;
  if (!begins_with(unit, "i")) return {3 * steps, 0};
  unit.remove_prefix(1);
  return {0, 10 * steps};
}

/// "Mbps", "Mb/s", "Mbit/s" and "Mbit" are bits a second, "MB/s", "MBps" and "Mbyte/s" bytes a second, each also with
/// Ki, Mi, Gi and Ti; nothing if it is none of them. Where one letter b tells bits from bytes its case is never
/// guessed.
std::optional<RateScale> rate_scale(std::string_view unit) {
  const std::string plain = plain_unit(unit);
  std::string_view name = plain;
  const RateScale scale = take_prefix(name);
  for (const char* bits : {"bps", "b/s", "bit/s", "bits/s", "bit", "bits"}) {
    if (name == bits) return scale;
  }
  for (const char* bytes : {"Bps", "B/s", "byte/s", "bytes/s"}) {
    if (name == bytes) return RateScale{scale.tens, scale.twos + 3};
  }
  return std::nullopt;
}

/// Names of units, for a message.
template <class T, std::size_t N>
std::vector<std::string> names_of_units(const std::array<Unit<T>, N>& units) {
  std::vector<std::string> names;
  for (const Unit<T>& unit : units) names.emplace_back(unit.name);
  return names;
}

/// The reason why a unit is none of rates, and the unit to write instead.
std::string objection_to_rate_unit(std::string_view unit, std::string_view text) {
  const std::string small = lower(unit);
  std::string_view name = small;
  const bool has_prefix = take_prefix(name, "kmgt").tens > 0;
  const bool has_byte = contains(unit, "B") && ends_with(unit, "s");
  if (!has_byte && (name == "bps" || name == "b/s" || (has_prefix && name.empty()))) {
    const std::string prefix = !has_prefix ? "" : small[0] == 'k' ? "k" : std::string(1, small[0] - 'a' + 'A');
    return fmt::format(
        "'{0}' in \"{1}\" may mean bits or bytes: expected {2}bps or {2}bit/s for bits a second, {2}B/s for "
        "bytes",
        unit, text, prefix);
  }
  const std::string nearest = contains(unit, "B") ? did_you_mean(unit, {"B/s", "kB/s", "MB/s", "GB/s"})
                                                  : did_you_mean(unit, {"bps", "kbps", "Mbps", "Gbps"});
  return fmt::format(
      "unknown unit '{}' in \"{}\": expected {}, which are bits a second, or kB/s, MB/s or GB/s, which are "
      "bytes{}",
      unit, text, listed(names_of_units(kRateUnits)), nearest);
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

std::string duration_units() { return listed(names_of_units(kDurationUnits)); }

std::string rate_units() { return listed(names_of_units(kRateUnits)); }

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
  if (!scale) return {std::nullopt, objection_to_rate_unit(quantity->unit, text)};
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

std::string energy_text(double joules) {
  for (const auto& [scale, name] :
       {std::pair(1e9, "GJ"), std::pair(1e6, "MJ"), std::pair(1e3, "kJ"), std::pair(1.0, "J")}) {
    if (joules >= scale) return fmt::format("{:.4g} {}", joules / scale, name);
  }
  return fmt::format("{:.4g} mJ", joules * 1e3);
}

std::string grouped(double whole_number) {
  std::string digits = fmt::format("{:.0f}", whole_number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

}  // namespace tardigrad
