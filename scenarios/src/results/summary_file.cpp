#include "scenarios/src/results/summary_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "models/printable.hpp"
#include "scenarios/src/system/file_text.hpp"

namespace tardigrad {

namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t kLongestSummary = std::uintmax_t{64} << 20;

/// Takes values out of the JSON object; the first invalid one sets `error`.
class SummaryReader {
 public:
  RunSummary take(const Json& json);
  const std::string& error() const { return error_; }

 private:
  template <class Number>
  void take(const Json& json, const char* key, std::optional<Number>& number);
  /// `list`: the name of the nodes in an error.
  void take(const Json& json, const char* key, const char* list, std::set<NodeId>& nodes);
  /// `read` makes a row of each element of a list.
  template <class Row, class Read>
  void take_rows(const Json& json, const char* key, std::vector<Row>& rows, Read read);
  SlowNode slow_node(const Json& json);
  LostHost lost_host(const Json& json);
  std::optional<Target> target(const Json& json);
  std::optional<FinalFigure> final_figure(const Json& json, const char* key);
  void fail(const std::string& what) {
    if (error_.empty()) error_ = what;
  }

  std::string error_;
};

/// The value under this key, or null, also if `json` is no object.
const Json& value_of(const Json& json, const char* key) {
  static const Json null;
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found == json.end() ? null : *found;
}

std::string text_of(const Json& json) {
  return json.is_string() ? printable(json.get_ref<const std::string&>()) : std::string();
}

template <class Number>
void SummaryReader::take(const Json& json, const char* key, std::optional<Number>& number) {
  const Json& value = value_of(json, key);
  if (value.is_null()) return;
  const bool fits = std::is_integral_v<Number> ? value.is_number_unsigned() : value.is_number();
  if (!fits || value.get<double>() < 0) return fail(fmt::format("{}: expected a number, 0 or more", key));
  number = value.get<Number>();
}

void SummaryReader::take(const Json& json, const char* key, const char* list, std::set<NodeId>& nodes) {
  const Json& ids = value_of(json, key);
  if (ids.is_null()) return;
  const auto is_node = [](const Json& id) {
    return id.is_number_unsigned() && id.get<std::uint64_t>() <= std::numeric_limits<NodeId>::max();
  };
  if (!ids.is_array() || !std::all_of(ids.begin(), ids.end(), is_node)) {
    return fail(fmt::format("{}: expected a list of nodes", list));
  }
  for (const Json& id : ids) nodes.insert(id.get<NodeId>());
}

template <class Row, class Read>
void SummaryReader::take_rows(const Json& json, const char* key, std::vector<Row>& rows, Read read) {
  const Json& list = value_of(json, key);
  if (list.is_null()) return;
  if (!list.is_array()) return fail(fmt::format("{}: expected a list", key));
  for (const Json& row : list) rows.push_back(read(row));
}

SlowNode SummaryReader::slow_node(const Json& json) {
  std::optional<std::uint64_t> node, rounds;
  std::optional<double> worst_ratio;
  take(json, "node", node);
  take(json, "rounds", rounds);
  take(json, "worst_ratio", worst_ratio);
  if (!node || *node > std::numeric_limits<NodeId>::max()) fail("slow_nodes: expected a node");
  return {static_cast<NodeId>(node.value_or(0)), rounds.value_or(0), worst_ratio.value_or(1)};
}

LostHost SummaryReader::lost_host(const Json& json) {
  std::optional<std::uint64_t> host;
  std::optional<double> at_s;
  std::set<NodeId> nodes;
  take(json, "host", host);
  take(json, "at_s", at_s);
  take(json, "nodes", "lost_hosts", nodes);
  if (!host || *host > std::numeric_limits<std::uint32_t>::max()) fail("lost_hosts: expected a host");
  return {static_cast<std::uint32_t>(host.value_or(0)),
          from_seconds(at_s.value_or(0)),
          {nodes.begin(), nodes.end()},
          text_of(value_of(json, "what"))};
}

std::optional<Target> SummaryReader::target(const Json& json) {
  std::optional<Target> target;
  for (const TargetKey& key : kTargetKeys) {
    std::optional<double> value;
    take(json, key.name, value);
    if (!value) continue;
    if (key.figure == Figure::accuracy && *value > 1) fail("target: expected an accuracy from 0 to 1");
    if (target) fail(fmt::format("{}: expected none beside a target", key.name));
    target = Target{key.figure, *value, key.unit};
  }
  return target;
}

/// Figures that are not finite are null in the file.
std::optional<FinalFigure> SummaryReader::final_figure(const Json& summary, const char* key) {
  const Json& json = value_of(summary, key);
  if (json.is_null()) return std::nullopt;
  if (!json.is_object() || !json.contains("mean")) fail(fmt::format("{}: expected a mean", key));
  std::optional<double> mean, std, min, max, averaged_model, server;
  take(json, "mean", mean);
  take(json, "std", std);
  take(json, "min", min);
  take(json, "max", max);
  take(json, "averaged_model", averaged_model);
  take(json, "server", server);
  if (!mean) return std::nullopt;
  return FinalFigure{*mean, std.value_or(0), min.value_or(*mean), max.value_or(*mean), averaged_model, server};
}

RunSummary SummaryReader::take(const Json& json) {
  RunSummary summary;
  const Json& complete = value_of(json, "complete");
  if (!complete.is_boolean()) fail("complete: expected true or false");
  summary.complete = complete == true;
  summary.kind = text_of(value_of(json, "kind"));
  summary.stopped_because = text_of(value_of(json, "stopped_because"));
  summary.target = target(json);
  take(json, "time_to_target_s", summary.time_to_target_s);
  take(json, "time_to_target_averaged_model_s", summary.time_to_target_averaged_model_s);
  take(json, "time_to_target_server_s", summary.time_to_target_server_s);
  take(json, "time_to_target_within_s", summary.time_to_target_within_s);
  take(json, "diverged_s", summary.diverged_s);
  take(json, "bytes_to_target", summary.bytes_to_target);
  take(json, "joules", summary.joules);
  take(json, "joules_to_target", summary.joules_to_target);
  summary.final_accuracy = final_figure(json, "final_accuracy");
  summary.final_loss = final_figure(json, "final_loss");
  take(json, "final_perplexity", summary.final_perplexity);
  take(json, "final_bits", summary.final_bits);
  take(json, "final_distance_between_nodes", summary.final_distance_between_nodes);
  take(json, "final_time_s", summary.final_time_s);
  take(json, "virtual_s", summary.virtual_s);
  take(json, "nodes", summary.nodes);
  take(json, "servers", summary.servers);
  take(json, "rounds", summary.rounds);
  take(json, "local_steps", summary.local_steps);
  take(json, "rounds_before_consensus", summary.rounds_before_consensus);
  take(json, "bytes_sent", summary.bytes_sent);
  take(json, "bytes_dropped", summary.bytes_dropped);
  take(json, "bytes_delivered", summary.bytes_delivered);
  take(json, "messages_sent", summary.messages_sent);
  take(json, "messages_dropped", summary.messages_dropped);
  take(json, "messages_delivered", summary.messages_delivered);
  take(json, "messages_lost", summary.messages_lost);
  take(json, "messages_to_absent_nodes", summary.messages_to_absent_nodes);
  take(json, "message_delay_median_s", summary.message_delay_median_s);
  take(json, "message_delay_p95_s", summary.message_delay_p95_s);
  take(json, "longest_queue", summary.longest_queue);
  take(json, "mean_staleness", summary.mean_staleness);
  take(json, "compute_utilisation", summary.compute_utilisation);
  take(value_of(json, "stragglers"), "network", "stragglers.network", summary.network_stragglers);
  take(value_of(json, "stragglers"), "compute", "stragglers.compute", summary.compute_stragglers);
  take_rows(json, "slow_nodes", summary.slow_nodes, [this](const Json& row) { return slow_node(row); });
  take_rows(json, "lost_hosts", summary.lost_hosts, [this](const Json& row) { return lost_host(row); });
  if (const Json& versions = value_of(json, "versions"); versions.is_object()) {
    for (const auto& [name, version] : versions.items()) summary.versions[printable(name)] = text_of(version);
  }
  return summary;
}

}  // namespace

RunSummaryResult read_summary_file(const std::filesystem::path& file) {
  const std::string name = printable(file.string(), 400);
  const auto text = file_text(file, kLongestSummary);
  if (!text) return {{}, false, fmt::format("{}: cannot be read", name)};
  try {
    SummaryReader reader;
    RunSummary summary = reader.take(Json::parse(*text));
    if (!reader.error().empty()) return {{}, false, fmt::format("{}: {}", name, reader.error())};
    return {std::move(summary), false, {}};
  } catch (const Json::out_of_range&) {
    return {{}, false, fmt::format("{}: a number is out of range", name)};
  } catch (const Json::parse_error& mistake) {
    if (mistake.byte > text->size()) return {{}, true, {}};
    const auto line = 1 + std::count_if(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(mistake.byte),
                                        [](char c) { return c == '\n'; });
    return {{}, false, fmt::format("{}:{}: not JSON", name, line)};
  }
}

}  // namespace tardigrad
