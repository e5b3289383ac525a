#include "scenarios/src/results/energy_meter.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

EnergyMeter::EnergyMeter(std::vector<PowerDraw> draws, const std::vector<NodeAbsence>& absences)
    : draws_(std::move(draws)), absences_(absences), sums_(draws_.size()) {}

double EnergyMeter::add(const RoundRecord& record) {
  const RoundRow& round = record.round;
  if (round.node >= sums_.size()) return 0;
  const double busy_s = present_seconds(absences_, round.node, round.begin, round.trained);
  sums_[round.node].busy += from_seconds(busy_s);
  // The same stretch of time busy and not: what it takes more than a node that idles.
  const NodeUse use{busy_s, busy_s, record.uplink.passed_bytes, record.downlink.passed_bytes};
  return joules(draws_[round.node], use) - joules(draws_[round.node], {busy_s});
}

void EnergyMeter::add_unfinished(const RoundRecord& record) {
  const RoundRow& round = record.round;
  if (round.node >= sums_.size()) return;
  sums_[round.node].begin = round.begin;
  sums_[round.node].trained = round.trained;
}

void EnergyMeter::add(const LinkRow& row) {
  if (row.kind == LinkRow::Kind::uplink && row.from < sums_.size()) sums_[row.from].sent += row.passed.bytes;
  if (row.kind == LinkRow::Kind::downlink && row.to < sums_.size()) sums_[row.to].received += row.passed.bytes;
}

double EnergyMeter::idle_joules(Time until) const {
  double sum = 0;
  for (NodeId node = 0; node < draws_.size(); ++node) {
    sum += joules(draws_[node], {present_seconds(absences_, node, Time{}, until)});
  }
  return sum;
}

std::vector<EnergyRow> EnergyMeter::rows(const std::vector<Time>& until) const {
  std::vector<EnergyRow> rows;
  for (NodeId node = 0; node < draws_.size(); ++node) {
    const Sums& sums = sums_[node];
    const Time trained = std::min(sums.trained, until[node]);
    Time busy = sums.busy;
    if (sums.begin < trained) busy += from_seconds(present_seconds(absences_, node, sums.begin, trained));
    const double present_s = present_seconds(absences_, node, Time{}, until[node]);
    const NodeUse use{present_s, to_seconds(busy), sums.sent, sums.received};
    rows.push_back({node, use, joules(draws_[node], use)});
  }
  return rows;
}

void EnergyMeter::persist(StateArchive& archive) { archive(sums_); }

}  // namespace tardigrad
