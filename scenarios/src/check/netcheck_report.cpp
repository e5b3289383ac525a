#include "scenarios/src/check/netcheck_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "scenarios/src/text/text_columns.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

/// How much later than by the formula, or (negative) earlier, the message was received. Needs `measured`.
Time difference(const CheckedMessage& message) { return *message.measured - message.formula; }

/// 1 is the permitted difference.
double in_bounds(const CheckedMessage& message, CheckedClock clock) {
  const bool real = clock == CheckedClock::real_time;
  const double bound = std::max(to_seconds(message.formula) * (real ? 0.01 : 1e-9), real ? 1e-3 : 1e-9);
  return std::abs(to_seconds(difference(message))) / bound;
}

/// For all messages that were received, the least first.
std::vector<double> sorted_in_bounds(const NetworkCheck& check) {
  std::vector<double> shares;
  for (const CheckedTransfer& transfer : check.transfers) {
    for (const CheckedMessage& message : transfer.messages) {
      if (message.measured) shares.push_back(in_bounds(message, check.clock));
    }
  }
  std::sort(shares.begin(), shares.end());
  return shares;
}

/// The smallest of ascending values that this share of them does not exceed.
double percentile(const std::vector<double>& ascending, std::size_t percent) {
  return ascending[(ascending.size() * percent + 99) / 100 - 1];
}

bool all_received(const NetworkCheck& check) {
  return std::all_of(check.transfers.begin(), check.transfers.end(), [](const CheckedTransfer& transfer) {
    return !transfer.messages.empty() &&
           std::all_of(transfer.messages.begin(), transfer.messages.end(),
                       [](const CheckedMessage& message) { return message.measured.has_value(); });
  });
}

std::string time_text(Time time) {
  const double seconds = to_seconds(time);
  if (seconds >= 10) return fmt::format("{:.6g} s", seconds);
  return fmt::format("{:.6g} ms", 1e3 * seconds);
}

std::string difference_text(const CheckedMessage& message) {
  const double seconds = to_seconds(difference(message));
  if (seconds == 0) return "0";
  const double percent = 100 * seconds / std::max(1e-12, to_seconds(message.formula));
  if (std::abs(seconds) < 1e-9) return fmt::format("{:+.0f} ps", 1e12 * seconds);
  return fmt::format("{:+.3g} ms ({:+.2g} %)", 1e3 * seconds, percent);
}

std::string rate_cell(const RateProfile& rate) {
  if (!rate.is_constant()) return "varies";
  return rate.at(Time{}) == kUnlimited ? "-" : rate_text(rate.at(Time{}));
}

std::string latency_cell(const Way& way) {
  const Latency& latency = way.link->latency;
  if (!latency.base.is_constant()) return "varies";
  const Time expected = from_seconds(latency.base.at(Time{})) + latency.jitter.expected();
  return (way.is_jittered() ? "about " : "") + time_text(expected);
}

const CheckedMessage* worst(const CheckedTransfer& transfer) {
  const CheckedMessage* worst = nullptr;
  for (const CheckedMessage& message : transfer.messages) {
    if (!message.measured) continue;
    if (worst == nullptr || std::abs(difference(message).count()) > std::abs(difference(*worst).count())) {
      worst = &message;
    }
  }
  return worst;
}

/// From the shortest to the longest of some durations.
struct Range {
  Time low = kNever;
  Time high{};

  void add(Time duration) {
    low = std::min(low, duration);
    high = std::max(high, duration);
  }
  std::string text() const {
    const std::string from = time_text(low);
    const std::string to = time_text(high);
    return from == to ? from : from + " to " + to;
  }
};

std::string formula_cell(const NetworkCheck& check, const CheckedTransfer& transfer) {
  Range formula;
  for (const CheckedMessage& message : transfer.messages) {
    if (!transfer.way.is_jittered()) {
      formula.add(message.formula);
      continue;
    }
    const Time jitter = transfer.way.link->latency.jitter.expected();
    formula.add(lone_arrival(transfer.way, check.plan.network.sharing, message.sent, transfer.size, jitter) -
                message.sent);
  }
  return transfer.messages.empty() ? "never" : formula.text();
}

std::string measured_cell(const CheckedTransfer& transfer) {
  Range measured;
  std::size_t missing = 0;
  for (const CheckedMessage& message : transfer.messages) {
    if (message.measured) {
      measured.add(*message.measured);
    } else {
      ++missing;
    }
  }
  if (transfer.messages.empty()) return "not played";
  if (missing == transfer.messages.size()) return "not received";
  return measured.text() + (missing > 0 ? fmt::format(", {} not received", missing) : "");
}

TextRow row(const NetworkCheck& check, const CheckedTransfer& transfer) {
  const CheckedMessage* off = worst(transfer);
  return {fmt::format("{} -> {}", transfer.from, transfer.to),
          rate_cell(transfer.way.uplink),
          transfer.way.link->rate ? rate_cell(*transfer.way.link->rate) : "-",
          rate_cell(transfer.way.downlink),
          latency_cell(transfer.way),
          size_text(static_cast<double>(transfer.size)),
          formula_cell(check, transfer),
          measured_cell(transfer),
          off == nullptr ? "" : difference_text(*off)};
}

std::string worst_text(const NetworkCheck& check) {
  const CheckedMessage* most = nullptr;
  for (const CheckedTransfer& transfer : check.transfers) {
    const CheckedMessage* own = worst(transfer);
    if (own == nullptr) continue;
    if (most == nullptr || in_bounds(*own, check.clock) > in_bounds(*most, check.clock)) most = own;
  }
  return most == nullptr ? "none: nothing was received" : difference_text(*most);
}

std::string verdict(const NetworkCheck& check) {
  std::string text;
  const std::vector<double> shares = sorted_in_bounds(check);
  if (check.clock == CheckedClock::real_time && !shares.empty()) {
    text += fmt::format("95th percentile: {} 1 % or 1 ms, whichever is larger ({:.2g} times that)\n",
                        percentile(shares, 95) <= 1 ? "within" : "not within", percentile(shares, 95));
  }
  if (!all_received(check)) text += "not all messages were received\n";
  return text + fmt::format("worst difference {}\n", worst_text(check));
}

}  // namespace

bool holds(const NetworkCheck& check) {
  const std::vector<double> shares = sorted_in_bounds(check);
  if (shares.empty() || !all_received(check)) return false;
  return percentile(shares, check.clock == CheckedClock::real_time ? 95 : 100) <= 1;
}

std::string network_check_report(const NetworkCheck& check) {
  std::vector<TextRow> table = {
      {"path", "uplink", "link", "downlink", "latency", "size", "formula", "measured", "difference"}};
  for (const CheckedTransfer& transfer : check.transfers) table.push_back(row(check, transfer));
  return check.introduction + in_columns(table, 2) + verdict(check);
}

}  // namespace tardigrad
