/// The results of a check of the network.
#pragma once

#include <string>

#include "scenarios/src/check/netcheck.hpp"

namespace tardigrad {

/// True if every message was received in the expected time: under the virtual clock to 1e-9 of the formula or a
/// nanosecond; under the real clock 95 % of them within 1 % or 1 ms.
bool holds(const NetworkCheck& check);

/// The introduction, a table of the transfers, and the figures of `holds`. If latencies are drawn, a transfer's
/// formula is shown with the expected draw, beside the range of the measured times; a difference is that of the
/// worst message from the formula with its own draw.
std::string network_check_report(const NetworkCheck& check);

}  // namespace tardigrad
