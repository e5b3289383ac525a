/// What a check of the network found.
#pragma once

#include <string>

#include "scenarios/src/check/netcheck.hpp"

namespace tardigrad {

/// Whether every message was received and took as long as it should: under the virtual clock to 1e-9 of
/// the formula or a nanosecond; under the real clock 95 % of them within 1 % or 1 ms.
bool holds(const NetworkCheck& check);

/// The introduction, a table of the transfers, and what `holds` goes by. Where latencies are drawn, a
/// transfer's formula is shown with the expected draw, the range of what was measured beside it; a
/// difference is that of the worst message from the formula with its own draw.
std::string network_check_report(const NetworkCheck& check);

}  // namespace tardigrad
