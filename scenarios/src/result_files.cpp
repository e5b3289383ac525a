#include "scenarios/src/result_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <system_error>

#include "actors/message_fields.hpp"
#include "netem/emulated_network.hpp"

namespace tardigrad {

namespace {

const char* name_of(LinkRow::Kind kind) {
  switch (kind) {
    case LinkRow::Kind::uplink:
      return "uplink";
    case LinkRow::Kind::downlink:
      return "downlink";
    case LinkRow::Kind::link:
      return "link";
    case LinkRow::Kind::pair_server:
      return "pair";
  }
  return "";
}

std::string link_name(const LinkRow& row) {
  return row.from == row.to ? fmt::format("{}-{}", name_of(row.kind), row.from)
                            : fmt::format("{}-{}-{}", name_of(row.kind), row.from, row.to);
}

/// Which sign a NaN has tells nothing, and is the processor's choice.
double without_sign_of_nan(double value) { return std::isnan(value) ? std::fabs(value) : value; }

}  // namespace

std::string seconds_text(Time time) {
  constexpr std::int64_t second = 1'000'000'000'000;
  std::string text = fmt::format("{}.{:012}", time.count() / second, time.count() % second);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void RunTotals::persist(StateArchive& archive) {
  archive(rounds, mixed, staleness_sum, missed, sent, flushed, lost, to_absent, delivered, diverged_s);
}

ResultFiles::ResultFiles(const std::filesystem::path& folder, StateArchive* saved) {
  if (saved) {
    evaluations_ = reopen(folder / "evaluations.csv", *saved);
    rounds_ = reopen(folder / "rounds.csv", *saved);
    links_ = reopen(folder / "links.csv", *saved);
    persist_totals(*saved);
    return;
  }
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  evaluations_ = open(folder / "evaluations.csv", "time_s,node,round,accuracy,loss\n");
  rounds_ = open(folder / "rounds.csv",
                 "node,round,begin_s,end_s,trained_s,training_loss,queued,sent,received,dropped,bytes_sent,"
                 "bytes_received,mixed,staleness,missed\n");
  links_ = open(folder / "links.csv",
                "link,from,to,kind,rate_bps,messages,bytes,busy_s,longest_queue,dropped_messages,dropped_bytes,"
                "lost_messages,lost_bytes,accepted_messages,accepted_bytes\n");
}

void ResultFiles::add(const RoundRecord& record) {
  const RoundRow& round = record.round;
  totals_.rounds += 1;
  totals_.mixed += round.mixed;
  totals_.staleness_sum += round.staleness_sum;
  totals_.missed += round.missed;
  count_bytes(to_seconds(round.end), record.uplink.passed_bytes);
  const std::string staleness =
      round.mixed == 0
          ? std::string()
          : fmt::format("{:.6g}", static_cast<double>(round.staleness_sum) / static_cast<double>(round.mixed));
  write(rounds_, fmt::format("{},{},{},{},{},{:.9g},{},{},{},{},{},{},{},{},{}\n", round.node, round.round,
                             seconds_text(round.begin), seconds_text(round.end), seconds_text(round.trained),
                             without_sign_of_nan(round.training_loss), record.uplink.queued, record.uplink.passed,
                             record.downlink.passed, record.uplink.dropped, record.uplink.passed_bytes,
                             record.downlink.passed_bytes, round.mixed, staleness, round.missed));
}

void ResultFiles::add(const EvaluationRow& measured) {
  EvaluationRow row = measured;
  row.result.loss = without_sign_of_nan(row.result.loss);
  const bool averaged = row.node == kAveragedModel;
  write(evaluations_,
        fmt::format("{},{},{},{:.9g},{:.9g}\n", seconds_text(row.time), averaged ? "mean" : std::to_string(row.node),
                    row.round, row.result.accuracy, row.result.loss));
  if (!totals_.diverged_s && !std::isfinite(row.result.loss)) totals_.diverged_s = to_seconds(row.time);
  if (!averaged) {
    node_results_.push_back(row.result);
    return;
  }
  add_evaluation(evaluation_point(to_seconds(row.time), node_results_, row.result));
  node_results_.clear();
  show_latest();
}

void ResultFiles::add(const LinkRow& row) {
  if (row.kind == LinkRow::Kind::uplink) {
    totals_.sent += row.passed;
    totals_.flushed += row.dropped;
  }
  if (row.kind == LinkRow::Kind::downlink) {
    totals_.delivered += row.passed;
    totals_.to_absent += row.absent;
  }
  if (row.kind == LinkRow::Kind::link) totals_.to_absent += row.absent;
  totals_.lost += row.lost;
  const bool has_rate = row.rate > 0 && row.rate < kUnlimited.value;
  write(links_,
        fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", link_name(row), row.from, row.to,
                    name_of(row.kind), has_rate ? fmt::format("{}", row.rate) : std::string(), row.passed.messages,
                    row.passed.bytes, seconds_text(row.busy), row.longest_queue, row.dropped.messages,
                    row.dropped.bytes, row.lost.messages, row.lost.bytes, row.accepted.messages, row.accepted.bytes));
}

void ResultFiles::show_latest() {
  latest_loss_ = evaluated_.back().loss.mean;
  latest_accuracy_ = evaluated_.back().accuracy.mean;
}

/// Rounds that end with an evaluation may come before or after it.
void ResultFiles::count_bytes(double end_s, std::uint64_t bytes) {
  if (evaluated_.empty() || end_s > evaluated_.back().time_s) {
    later_bytes_.push_back({end_s, bytes});
    return;
  }
  for (auto point = evaluated_.rbegin(); point != evaluated_.rend() && point->time_s >= end_s; ++point) {
    point->bytes_sent += static_cast<double>(bytes);
  }
}

void ResultFiles::add_evaluation(EvaluationPoint point) {
  if (!evaluated_.empty()) point.bytes_sent = evaluated_.back().bytes_sent;
  const auto later = std::partition(later_bytes_.begin(), later_bytes_.end(),
                                    [&](const RoundBytes& round) { return round.end_s <= point.time_s; });
  std::for_each(later_bytes_.begin(), later,
                [&](const RoundBytes& round) { point.bytes_sent += static_cast<double>(round.bytes); });
  later_bytes_.erase(later_bytes_.begin(), later);
  evaluated_.push_back(point);
}

void ResultFiles::commit() {
  flush(evaluations_);
  flush(rounds_);
  flush(links_);
}

void ResultFiles::save(StateArchive& archive) {
  save_length(evaluations_, archive);
  save_length(rounds_, archive);
  save_length(links_, archive);
  persist_totals(archive);
}

void ResultFiles::save_length(Table& table, StateArchive& archive) {
  flush(table);
  std::int64_t length = error_.empty() ? std::ftell(table.file.get()) : 0;
  if (error_.empty() && (length < 0 || fsync(fileno(table.file.get())) != 0)) fail(table);
  archive(length);
}

void ResultFiles::persist_totals(StateArchive& archive) {
  archive(evaluated_, later_bytes_, totals_);
  if (!evaluated_.empty()) show_latest();
}

ResultFiles::Table ResultFiles::reopen(const std::filesystem::path& path, StateArchive& saved) {
  std::int64_t length = 0;
  saved(length);
  Table table{path, OpenFile(std::fopen(path.c_str(), "r+"))};
  if (!table.file || std::fseek(table.file.get(), 0, SEEK_END) != 0) {
    fail(table);
  } else if (!saved.ok() || length < 0 || std::ftell(table.file.get()) < length) {
    fail(table, "is shorter than it was when the checkpoint was written");
  } else if (ftruncate(fileno(table.file.get()), length) != 0 || std::fseek(table.file.get(), length, SEEK_SET) != 0) {
    fail(table);
  }
  return table;
}

ResultFiles::Table ResultFiles::open(const std::filesystem::path& path, const char* header) {
  Table table{path, OpenFile(std::fopen(path.c_str(), "w"))};
  if (!table.file) {
    fail(table);
  } else {
    write(table, header);
  }
  return table;
}

void ResultFiles::write(Table& table, const std::string& line) {
  if (!error_.empty()) return;
  if (std::fwrite(line.data(), 1, line.size(), table.file.get()) != line.size()) fail(table);
}

void ResultFiles::flush(Table& table) {
  if (error_.empty() && std::fflush(table.file.get()) != 0) fail(table);
}

void ResultFiles::fail(const Table& table) { fail(table, fmt::format("cannot write: {}", std::strerror(errno))); }

void ResultFiles::fail(const Table& table, const std::string& why) {
  if (error_.empty()) error_ = fmt::format("{}: {}", table.path.string(), why);
  failed_ = true;
}

}  // namespace tardigrad
