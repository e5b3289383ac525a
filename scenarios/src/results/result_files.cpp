#include "scenarios/src/results/result_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include "actors/message_fields.hpp"
#include "scenarios/src/results/result_columns.hpp"

namespace tardigrad {

namespace {

/// The length of a file, as returned by `GrowingTable::sync`; an impossible length if there is none.
std::int64_t length_in(StateArchive& saved) {
  std::int64_t length = 0;
  saved(length);
  return saved.ok() ? length : -1;
}

}  // namespace

std::optional<double> RunTotals::compute_utilisation() const {
  return present_s > 0 ? std::optional(computing_s / present_s) : std::nullopt;
}

void RunTotals::persist(StateArchive& archive) {
  archive(rounds, steps, computing_s, present_s, mixing, sent, flushed, lost, to_absent, delivered, delays,
          longest_queue, diverged_s);
}

ResultFiles::ResultFiles(const std::filesystem::path& folder, CurveOfRun curve, StateArchive* saved)
    : curve_(std::move(curve)), energy_(curve_.draws, curve_.absences) {
  std::error_code failure;
  if (!saved) std::filesystem::create_directories(folder, failure);
  const auto open = [&](GrowingTable& table, const auto& columns) {
    table = saved ? GrowingTable(folder / columns.file()) : GrowingTable(folder / columns.file(), columns.header());
    if (saved) table.cut(length_in(*saved));
  };
  open(evaluations_, evaluation_columns());
  open(rounds_, round_columns());
  open(links_, link_columns());
  if (saved) {
    curve_.curves.cut(length_in(*saved));
    persist_totals(*saved);
  }
  with_tables([](GrowingTable&) {});
}

void ResultFiles::add(const RoundRecord& record) {
  const RoundRow& round = record.round;
  totals_.rounds += 1;
  totals_.steps += round.steps;
  totals_.computing_s += present_seconds(curve_.absences, round.node, round.begin, round.trained);
  totals_.present_s += present_seconds(curve_.absences, round.node, round.begin, round.end);
  totals_.mixing += round.mixing;
  count({to_seconds(round.end), record.uplink.passed_bytes, 1, energy_.add(record)});
  rounds_.write(round_columns().row(record));
}

void ResultFiles::add_of_server(const RoundRecord& record) {
  totals_.mixing += record.round.mixing;
  count({to_seconds(record.round.end), record.uplink.passed_bytes, 0, 0});
  rounds_.write(round_columns().row(record));
}

void ResultFiles::add(const EvaluationRow& measured) {
  EvaluationRow row = measured;
  row.result.loss = without_sign_of_nan(row.result.loss);
  evaluations_.write(evaluation_columns().row(row));
  if (!totals_.diverged_s && !std::isfinite(row.result.loss)) totals_.diverged_s = to_seconds(row.time);
  if (row.node != kAveragedModel) return keep(row);
  add_evaluation(row.time, point_of(row));
  show_latest();
}

void ResultFiles::keep(const EvaluationRow& row) {
  if (row.node == kServerModel) {
    server_result_ = row.result;
  } else {
    node_results_.push_back(row.result);
  }
}

EvaluationPoint ResultFiles::point_of(const EvaluationRow& averaged) {
  const auto nodes = std::exchange(node_results_, {});
  const auto server = std::exchange(server_result_, std::nullopt);
  return evaluation_point(to_seconds(averaged.time), nodes, averaged.result, server);
}

void ResultFiles::add(const LinkRow& row) {
  if (row.kind == LinkRow::Kind::uplink) {
    totals_.sent += row.passed;
    totals_.flushed += row.dropped;
  }
  if (row.kind == LinkRow::Kind::downlink) {
    totals_.delivered += row.passed;
    totals_.delays.add(row.delays);
    totals_.to_absent += row.absent;
  }
  if (row.kind == LinkRow::Kind::link) totals_.to_absent += row.absent;
  totals_.lost += row.lost;
  totals_.longest_queue = std::max(totals_.longest_queue, row.longest_queue);
  energy_.add(row);
  links_.write(link_columns().row(row));
}

void ResultFiles::show_latest() {
  latest_loss_ = evaluated_.back().loss.mean;
  latest_accuracy_ = evaluated_.back().accuracy.mean;
}

/// Rounds that end with an evaluation may come before or after it.
void ResultFiles::count(const RoundEnd& round) {
  recent_rounds_.push_back(round);
  for (auto point = evaluated_.rbegin(); point != evaluated_.rend() && point->time_s >= round.at_s; ++point) {
    round.add_to(*point);
  }
}

void ResultFiles::count_since(const EvaluationPoint& before, EvaluationPoint& point) const {
  point.bytes_sent = before.bytes_sent;
  point.rounds = before.rounds;
  point.round_joules = before.round_joules;
  for (const RoundEnd& round : recent_rounds_) {
    if (round.at_s > before.time_s && round.at_s <= point.time_s) round.add_to(point);
  }
}

void ResultFiles::add_evaluation(Time time, EvaluationPoint point) {
  EvaluationPoint before;
  before.time_s = -1;
  if (!evaluated_.empty()) before = evaluated_.back();
  count_since(before, point);
  const auto over = std::remove_if(recent_rounds_.begin(), recent_rounds_.end(),
                                   [&](const RoundEnd& round) { return round.at_s <= before.time_s; });
  recent_rounds_.erase(over, recent_rounds_.end());
  const bool is_first = evaluated_.empty();
  evaluated_.push_back(point);
  const auto& target = curve_.refined;
  const bool crosses = target && !crossed_ && target->is_reached_by(figure_of(point, *target).mean);
  crossed_ |= crosses;
  const auto& end = curve_.stop_at;
  has_enough_ = has_enough_ || (end && end->is_reached_by(figure_of(point, *end).mean));
  if (crosses && !is_first) {
    held_ = time;
  } else {
    write_curve(time, point);
  }
}

void ResultFiles::add_between(const std::vector<EvaluationRow>& rows) {
  if (evaluated_.size() < 2) return;
  const EvaluationPoint last = evaluated_.back();
  evaluated_.pop_back();
  const EvaluationPoint before = evaluated_.back();
  for (const EvaluationRow& row : rows) {
    if (row.node != kAveragedModel) {
      keep(row);
      continue;
    }
    EvaluationPoint point = point_of(row);
    point.refined = true;
    count_since(before, point);
    evaluated_.push_back(point);
    write_curve(row.time, point);
  }
  evaluated_.push_back(last);
  finish();
}

void ResultFiles::finish() {
  if (held_) write_curve(*held_, evaluated_.back());
  held_.reset();
  commit();
}

void ResultFiles::write_curve(Time time, const EvaluationPoint& point) {
  curve_.curves.write(curve_columns(curve_.has_servers).row({curve_.algorithm, curve_.seed, time, point}));
}

template <class Act>
void ResultFiles::with_tables(Act act) {
  for (GrowingTable* table : {&evaluations_, &rounds_, &links_, &curve_.curves}) {
    act(*table);
    if (error_.empty()) error_ = table->error();
  }
  failed_ = !error_.empty();
}

void ResultFiles::commit() {
  with_tables([](GrowingTable& table) { table.flush(); });
}

void ResultFiles::save(StateArchive& archive) {
  with_tables([&](GrowingTable& table) {
    std::int64_t length = table.sync();
    archive(length);
  });
  persist_totals(archive);
}

void ResultFiles::persist_totals(StateArchive& archive) {
  bool has_enough = has_enough_;
  archive(evaluated_, recent_rounds_, totals_, crossed_, held_, has_enough, energy_);
  has_enough_ = has_enough;
  if (!evaluated_.empty()) show_latest();
}

}  // namespace tardigrad
