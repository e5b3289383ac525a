#include "scenarios/src/results/result_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/printable.hpp"
#include "netem/emulated_network.hpp"
#include "scenarios/src/text/csv_text.hpp"

namespace tardigrad {

namespace {

/// Later than any run, and less than a Time can hold.
constexpr Time kLatestTime = std::chrono::seconds(9'000'000);
constexpr double kStalest = std::numeric_limits<Round>::max();
constexpr std::uint64_t kHighestNode = std::numeric_limits<NodeId>::max();
/// The greatest number in one row. Sums over all rows of a file stay within 64 bits.
constexpr std::uint64_t kHighestCount = std::uint64_t{1} << 40;
constexpr const char* kAveragedName = "averaged";
constexpr const char* kServerName = "server";
/// An earlier name of the averaged model's row.
constexpr const char* kAveragedOnce = "mean";

/// A field of a row, constant or not: member(&Row::a, &A::b) is row.a.b.
template <class... Path>
auto member(Path... path) {
  return [=](auto& row) -> auto& { return (row.*....*path); };
}

template <class Row, class Field>
Column<Row> count_column(const std::string& name, const std::string& summary, const Field& field,
                         std::uint64_t highest = kHighestCount) {
  return {name, summary, [=](const Row& row) { return fmt::format("{}", field(row)); },
          [=](CsvReader& csv, std::size_t place, Row& row) {
            field(row) = static_cast<std::decay_t<decltype(field(row))>>(csv.count(place, highest));
          }};
}

/// A number that may be anything, which nothing reads back.
template <class Row, class Value>
Column<Row> number_column(const std::string& name, const std::string& summary, const Value& value) {
  return {name, summary, [=](const Row& row) { return fmt::format("{:.9g}", without_sign_of_nan(value(row))); }};
}

struct TimeRange {
  Time earliest{};
  Time latest = kLatestTime;
};

/// `range` returns the times that the field may have beside those of its row that were read before.
template <class Row, class Field, class Range>
Column<Row> time_column(const std::string& name, const std::string& summary, const Field& field, const Range& range) {
  return {name, summary, [=](const Row& row) { return seconds_text(field(row)); },
          [=](CsvReader& csv, std::size_t place, Row& row) {
            const TimeRange times = range(row);
            field(row) = csv.time(place, times.earliest, times.latest);
          },
          "s"};
}

template <class Row, class Field>
Column<Row> time_column(const std::string& name, const std::string& summary, const Field& field) {
  return time_column<Row>(name, summary, field, [](const Row&) { return TimeRange{}; });
}

std::string staleness_text(const MixingCount& count) {
  return count.mixed == 0 ? std::string() : fmt::format("{:.6g}", count.mean_staleness());
}

void read_staleness(CsvReader& csv, std::size_t place, MixingCount& count) {
  const double mean = csv.empty(place) ? 0 : csv.number(place, 0, kStalest);
  count.staleness_sum = static_cast<std::uint64_t>(std::llround(mean * static_cast<double>(count.mixed)));
}

struct LinkKind {
  LinkRow::Kind kind;
  const char* name;
};

constexpr std::array<LinkKind, 3> kLinkKinds{
    {{LinkRow::Kind::uplink, "uplink"}, {LinkRow::Kind::downlink, "downlink"}, {LinkRow::Kind::link, "link"}}};
/// An earlier name of a link whose pair of nodes has a rate of its own.
constexpr const char* kPairOnce = "pair";

const char* name_of(LinkRow::Kind kind) {
  return std::find_if(kLinkKinds.begin(), kLinkKinds.end(), [&](const LinkKind& one) { return one.kind == kind; })
      ->name;
}

void read_kind(CsvReader& csv, std::size_t place, LinkRow& row) {
  const std::string_view text = csv.text(place);
  const auto found =
      std::find_if(kLinkKinds.begin(), kLinkKinds.end(), [&](const LinkKind& one) { return one.name == text; });
  if (found != kLinkKinds.end()) {
    row.kind = found->kind;
  } else if (text == kPairOnce) {
    row.kind = LinkRow::Kind::link;
  } else if (!csv.failed()) {
    csv.fail(fmt::format("kind is \"{}\", expected uplink, downlink or link", printable(text, 40)));
  }
}

std::string link_name(const LinkRow& row) {
  return row.from == row.to ? fmt::format("{}-{}", name_of(row.kind), row.from)
                            : fmt::format("{}-{}-{}", name_of(row.kind), row.from, row.to);
}

std::string rate_text(const LinkRow& row) {
  const bool has_rate = row.rate > 0 && row.rate < kUnlimited.value;
  return has_rate ? fmt::format("{}", row.rate) : std::string();
}

void read_rate(CsvReader& csv, std::size_t place, LinkRow& row) {
  row.rate = csv.empty(place) ? 0 : csv.any_number(place);
}

const char* unit_of(const std::string& figure) { return figure == "accuracy" ? kShareUnit : kLossUnit; }

/// The five columns of one figure over nodes.
void add_figure(const std::string& figure, FigureOverNodes EvaluationPoint::*member,
                std::vector<Column<CurveRow>>& columns) {
  const auto add = [&](const char* name, const std::string& summary, double FigureOverNodes::*part) {
    columns.push_back(number_column<CurveRow>(figure + "_" + name, summary, [=](const CurveRow& row) {
                        return row.point.*member.*part;
                      }).in(unit_of(figure)));
  };
  add("mean", "mean over nodes", &FigureOverNodes::mean);
  add("std", "standard deviation over nodes, which are the whole population: divided by their number",
      &FigureOverNodes::std);
  add("min", "least of all nodes", &FigureOverNodes::min);
  add("max", "greatest of all nodes", &FigureOverNodes::max);
  add("averaged", "of the average of all nodes' models", &FigureOverNodes::averaged_model);
}

std::vector<Column<CurveRow>> made_curve_columns() {
  std::vector<Column<CurveRow>> columns{
      {"algorithm", "name of the run's algorithm", [](const CurveRow& row) { return csv_text(row.algorithm); }},
      {"seed", "of the run", [](const CurveRow& row) { return fmt::format("{}", row.seed); }},
      {"time_s", "of the evaluation, in exact decimal", [](const CurveRow& row) { return seconds_text(row.time); },
       nullptr, "s"},
      {"bytes", "sent by all nodes in rounds that had ended by then",
       [](const CurveRow& row) { return fmt::format("{:.0f}", row.point.bytes_sent); }, nullptr, "bytes"},
      {"rounds", "number of these rounds", [](const CurveRow& row) { return fmt::format("{}", row.point.rounds); },
       nullptr, "rounds"},
      {"refined", "1: tested between two evaluations, to find the time at which the target was reached; else 0",
       [](const CurveRow& row) { return std::string(row.point.refined ? "1" : "0"); }}};
  add_figure("accuracy", &EvaluationPoint::accuracy, columns);
  add_figure("loss", &EvaluationPoint::loss, columns);
  return columns;
}

Column<CurveRow> server_column(const std::string& figure, FigureOverNodes EvaluationPoint::*member) {
  return {figure + "_server", "of the server's model; empty for an algorithm without; only in scenarios with servers",
          [=](const CurveRow& row) {
            const double value = (row.point.*member).server;
            return row.point.has_server ? fmt::format("{:.9g}", without_sign_of_nan(value)) : std::string();
          },
          nullptr, unit_of(figure)};
}

std::vector<Column<CurveRow>> with_server(std::vector<Column<CurveRow>> columns) {
  columns.push_back(server_column("accuracy", &EvaluationPoint::accuracy));
  columns.push_back(server_column("loss", &EvaluationPoint::loss));
  return columns;
}

}  // namespace

double without_sign_of_nan(double value) { return std::isnan(value) ? std::fabs(value) : value; }

std::string seconds_text(Time time) {
  constexpr std::int64_t second = 1'000'000'000'000;
  std::string text = fmt::format("{}.{:012}", time.count() / second, time.count() % second);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

const Columns<EvaluationRow>& evaluation_columns() {
  using Row = EvaluationRow;
  static const Columns<Row> columns(
      "evaluations.csv", "one model at one evaluation; the averaged model's row is the last of its evaluation",
      {time_column<Row>("time_s", "of the evaluation", member(&Row::time),
                        [](const Row& before) {
                          return TimeRange{before.time, kLatestTime};
                        }),
       {"node", "whose model; \"averaged\": the average of all nodes' models",
        [](const Row& row) {
          if (row.node == kAveragedModel) return std::string(kAveragedName);
          return row.node == kServerModel ? std::string(kServerName) : fmt::format("{}", row.node);
        },
        [](CsvReader& csv, std::size_t place, Row& row) {
          const std::string_view text = csv.text(place);
          if (text == kAveragedName || text == kAveragedOnce) {
            row.node = kAveragedModel;
          } else if (text == kServerName) {
            row.node = kServerModel;
          } else {
            row.node = static_cast<NodeId>(csv.count(place, kHighestNode));
          }
        }},
       count_column<Row>("round", "number of rounds that the node had finished", member(&Row::round))
           .only_written()
           .in("rounds"),
       {"accuracy", "share of right answers, 0 to 1",
        [](const Row& row) { return fmt::format("{:.9g}", row.result.accuracy); },
        [](CsvReader& csv, std::size_t place, Row& row) { row.result.accuracy = csv.number(place, 0, 1); }, kShareUnit},
       {"loss", "mean over the test samples; of ratings the root mean squared error",
        [](const Row& row) { return fmt::format("{:.9g}", without_sign_of_nan(row.result.loss)); },
        [](CsvReader& csv, std::size_t place, Row& row) { row.result.loss = csv.any_number(place); }, kLossUnit}});
  return columns;
}

const Columns<RoundRecord>& round_columns() {
  using Row = RoundRecord;
  static const Columns<Row> columns(
      "rounds.csv", "one finished round of one node",
      {count_column<Row>("node", "whose round", member(&Row::round, &RoundRow::node), kHighestNode),
       count_column<Row>("round", "its number, from 0", member(&Row::round, &RoundRow::round)).only_written(),
       time_column<Row>("begin_s", "when its local steps began", member(&Row::round, &RoundRow::begin)),
       time_column<Row>("end_s", "when the next round began", member(&Row::round, &RoundRow::end),
                        [](const Row& row) {
                          return TimeRange{row.round.begin, kLatestTime};
                        }),
       time_column<Row>("trained_s", "when its local steps ended; it waited from then on",
                        member(&Row::round, &RoundRow::trained),
                        [](const Row& row) {
                          return TimeRange{row.round.begin, row.round.end};
                        }),
       {"training_loss", "mean over the local steps; empty without any",
        [](const Row& row) {
          return row.round.steps == 0 ? std::string() : fmt::format("{:.9g}", row.round.training_loss);
        },
        nullptr, kLossUnit},
       count_column<Row>("queued", "messages that its uplink accepted", member(&Row::uplink, &AccessRow::queued))
           .only_written()
           .in("messages"),
       count_column<Row>("sent", "messages that left its uplink whole", member(&Row::uplink, &AccessRow::passed))
           .in("messages"),
       count_column<Row>("received", "messages that its downlink delivered", member(&Row::downlink, &AccessRow::passed))
           .only_written()
           .in("messages"),
       count_column<Row>("dropped", "messages that were flushed before they had left its uplink",
                         member(&Row::uplink, &AccessRow::dropped))
           .in("messages"),
       count_column<Row>("bytes_sent", "of the messages sent", member(&Row::uplink, &AccessRow::passed_bytes))
           .in("bytes"),
       count_column<Row>("bytes_received", "of the messages received", member(&Row::downlink, &AccessRow::passed_bytes))
           .only_written()
           .in("bytes"),
       count_column<Row>("mixed", "received models that took part in averaging",
                         member(&Row::round, &RoundRow::mixing, &MixingCount::mixed))
           .in("models"),
       {"staleness", "their mean age in rounds, against the receiver's; empty without any",
        [](const Row& row) { return staleness_text(row.round.mixing); },
        [](CsvReader& csv, std::size_t place, Row& row) { read_staleness(csv, place, row.round.mixing); }, "rounds"},
       count_column<Row>("missed", "models that should have taken part and did not arrive",
                         member(&Row::round, &RoundRow::mixing, &MixingCount::missed))
           .only_written()
           .in("models"),
       {"staleness_max", "the age of the oldest of those mixed; empty without any",
        [](const Row& row) {
          const MixingCount& count = row.round.mixing;
          return count.mixed == 0 ? std::string() : fmt::format("{}", count.staleness_max);
        },
        nullptr, "rounds"},
       count_column<Row>("steps", "its local steps", member(&Row::round, &RoundRow::steps))
           .only_written()
           .in("local steps")});
  return columns;
}

/// Empty but for the downlinks that delivered something.
Column<LinkRow> delay_column(const std::string& name, const std::string& summary, double share) {
  return {name, summary,
          [=](const LinkRow& row) {
            const auto delay = row.delays.quantile(share);
            return delay ? fmt::format("{:.9g}", to_seconds(*delay)) : std::string();
          },
          nullptr, "s"};
}

const Columns<LinkRow>& link_columns() {
  using Row = LinkRow;
  static const Columns<Row> columns(
      "links.csv", "one uplink, downlink or link over the whole run",
      {{"link", "its name", [](const Row& row) { return link_name(row); }},
       count_column<Row>("from", "the sending node", member(&Row::from), kHighestNode),
       count_column<Row>("to", "the receiving node; of an access link the same", member(&Row::to), kHighestNode),
       {"kind", "uplink, downlink or link", [](const Row& row) { return std::string(name_of(row.kind)); }, read_kind},
       {"rate_bps", "at the start of the run; empty: no limit, or none of its own", rate_text, read_rate, "bit/s"},
       count_column<Row>("messages", "that passed it", member(&Row::passed, &Traffic::messages))
           .only_written()
           .in("messages"),
       count_column<Row>("bytes", "of these", member(&Row::passed, &Traffic::bytes)).only_written().in("bytes"),
       time_column<Row>(
           "busy_s",
           "the time for which it transmitted, also what was dropped on the way; under fair sharing at its full rate",
           member(&Row::busy)),
       count_column<Row>("longest_queue", "greatest number of messages that waited", member(&Row::longest_queue))
           .only_written()
           .in("messages"),
       count_column<Row>("dropped_messages", "flushed, or given up because the node was away",
                         member(&Row::dropped, &Traffic::messages))
           .only_written()
           .in("messages"),
       count_column<Row>("dropped_bytes", "of these", member(&Row::dropped, &Traffic::bytes))
           .only_written()
           .in("bytes"),
       count_column<Row>("lost_messages", "on the link", member(&Row::lost, &Traffic::messages))
           .only_written()
           .in("messages"),
       count_column<Row>("lost_bytes", "of these", member(&Row::lost, &Traffic::bytes)).only_written().in("bytes"),
       count_column<Row>("accepted_messages", "all that came, each retransmission counted",
                         member(&Row::accepted, &Traffic::messages))
           .only_written()
           .in("messages"),
       count_column<Row>("accepted_bytes", "of these", member(&Row::accepted, &Traffic::bytes))
           .only_written()
           .in("bytes"),
       delay_column(
           "delay_median_s",
           "downlinks: median over the messages delivered of the time since their sender queued them, to 0.4 %", 0.5),
       delay_column("delay_p95_s", "the same: 95 % took no longer", 0.95)});
  return columns;
}

const Columns<EnergyRow>& energy_columns() {
  using Row = EnergyRow;
  const auto exact = [](const std::string& name, const std::string& summary, auto value) {
    return Column<Row>{name, summary, [=](const Row& row) { return fmt::format("{}", value(row)); }};
  };
  static const Columns<Row> columns(
      "energy.csv", "one node that trains, over the whole run; only in scenarios with [energy]",
      {exact("node", "its number", member(&Row::node)),
       exact("present_s", "for how long it was not away", member(&Row::use, &NodeUse::present_s)),
       exact("busy_s", "for how long it did local steps, also those of a round in which it was interrupted",
             member(&Row::use, &NodeUse::busy_s)),
       exact("bytes_sent", "that left its uplink, retransmissions included", member(&Row::use, &NodeUse::bytes_sent)),
       exact("bytes_received", "that its downlink delivered", member(&Row::use, &NodeUse::bytes_received)),
       exact("joules", "that it took for all of this", member(&Row::joules))});
  return columns;
}

const Columns<CurveRow>& curve_columns(bool has_servers) {
  static const Columns<CurveRow> columns("curves.csv", "one evaluation of one run", made_curve_columns());
  static const Columns<CurveRow> of_servers("curves.csv", "one evaluation of one run",
                                            with_server(made_curve_columns()));
  return has_servers ? of_servers : columns;
}

}  // namespace tardigrad
