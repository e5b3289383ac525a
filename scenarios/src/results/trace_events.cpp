#include "scenarios/src/results/trace_events.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

namespace tardigrad {

namespace {

using Place = Hop::Place;
using Fate = Hop::Fate;

// Millions of events are written: plain appending is several times faster than formatting.

void put(std::string& out, std::string_view text) { out.append(text); }

void put(std::string& out, std::uint64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, std::end(digits), number).ptr);
}

/// A time of the run, as readers store it.
struct Nanoseconds {
  std::uint64_t count = 0;
};

Nanoseconds nearest(Time time) { return {(static_cast<std::uint64_t>(time.count()) + 500) / 1000}; }

/// In microseconds, with three decimal places.
void put(std::string& out, Nanoseconds time) {
  put(out, time.count / 1000);
  const auto rest = static_cast<unsigned>(time.count % 1000);
  const char places[4] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                          static_cast<char>('0' + rest % 10)};
  out.append(places, 4);
}

/// The double that a reader makes of a number of microseconds.
double as_read(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; }
std::uint64_t truncated(double microseconds) { return static_cast<std::uint64_t>(microseconds * 1000); }

/// True if a reader would place the slice's end after `end`, where the next one may begin: readers add doubles,
/// and older versions of Perfetto truncate them to whole nanoseconds one by one.
bool seems_longer(std::uint64_t begin, std::uint64_t duration, std::uint64_t end) {
  const double ends = as_read(begin) + as_read(duration);
  return ends > as_read(end) || truncated(as_read(begin)) + truncated(as_read(duration)) > truncated(as_read(end));
}

/// From one rounded moment to the other; a nanosecond less if readers would see an overlap with the next slice.
Nanoseconds duration(Time begin, Time end) {
  const std::uint64_t from = nearest(begin).count;
  const std::uint64_t to = nearest(end).count;
  std::uint64_t length = to - from;
  while (length > 0 && seems_longer(from, length, to)) --length;
  return {length};
}

void put_hexadecimal(std::string& out, std::uint64_t number) {
  char digits[16];
  put(out, "\"0x");
  out.append(digits, std::to_chars(digits, std::end(digits), number, 16).ptr);
  out += '"';
}

template <class... Parts>
void write(std::string& out, const Parts&... parts) {
  (put(out, parts), ...);
}

template <class Number>
std::uint64_t number(Number value) {
  return static_cast<std::uint64_t>(value);
}

std::string_view name_of(Fate fate) { return fate == Fate::lost ? "lost" : "dropped"; }

void put_args(std::string& out, const Hop& hop) {
  write(out, R"("args":{"fragment":)", number(hop.fragment), R"(,"round":)", number(hop.round), R"(,"bytes":)",
        hop.size);
  if (hop.fate == Fate::cut) put(out, R"(,"cut":true)");
  put(out, "}}");
}

}  // namespace

void TraceEvents::begin(const TimelineRun& run, std::string& out) {
  run_ = run;
  ++number_;
  first_thread_ += named_.size();
  named_.assign(3 * std::size_t{run.nodes}, false);
  first_id_ = next_id_;
  if (number_ > 1) put(out, ",\n");
  write(out, R"({"ph":"M","pid":)", number(number_), R"(,"name":"process_name","args":{"name":)",
        nlohmann::json(run.name).dump(), R"(}},)", "\n", R"({"ph":"M","pid":)", number(number_),
        R"(,"name":"process_sort_index","args":{"sort_index":)", number(number_), "}}");
}

void TraceEvents::add(const RoundRecord& record, std::string& out) {
  add_computing(record.round, out);
  for (const AccessRow* access : {&record.uplink, &record.downlink}) {
    if (!access->hops) continue;
    for (const Hop& hop : *access->hops) add_hop(record.round.node, hop, out);
  }
}

void TraceEvents::add_computing(const RoundRow& round, std::string& out) {
  if (round.begin == kNever) return;
  const bool has_trained = round.trained < kNever;
  const bool is_over = round.end < kNever;
  open(has_trained ? 'X' : 'B', Track::node, round.node, round.begin, out);
  if (has_trained) write(out, R"(,"dur":)", duration(round.begin, round.trained));
  put(out, R"(,"cat":"train","name":"train")");
  if (is_over) {
    write(out, R"(,"args":{"round":)", number(round.round));
    if (round.steps > 0 && std::isfinite(round.training_loss)) {
      fmt::format_to(std::back_inserter(out), R"(,"loss":{:.9g})", round.training_loss);
    }
    put(out, "}");
  }
  put(out, "}");
  if (has_trained && round.end > round.trained) {
    open(is_over ? 'X' : 'B', Track::node, round.node, round.trained, out);
    if (is_over) write(out, R"(,"dur":)", duration(round.trained, round.end));
    put(out, R"(,"cat":"wait","name":"wait"})");
  }
  if (is_over && round.mixing.mixed > 0) add_staleness(round, out);
}

void TraceEvents::add_staleness(const RoundRow& round, std::string& out) {
  open('C', Track::node, round.node, round.end, out);
  write(out, R"(,"name":"node )", number(round.node), R"( staleness","args":{"rounds":)");
  const double mean = round.mixing.mean_staleness();
  fmt::format_to(std::back_inserter(out), "{:.6g}}}}}", mean);
}

void TraceEvents::add_hop(NodeId node, const Hop& hop, std::string& out) {
  if (hop.fate != Fate::dropped && hop.fate != Fate::lost) {
    const bool is_alone = hop.place == Place::uplink || hop.place == Place::downlink;
    return is_alone ? add_slice(node, hop, out) : add_concurrent(node, hop, out);
  }
  const bool comes_in = hop.place == Place::downlink;
  open('i', comes_in ? Track::downlink : Track::uplink, node, hop.end, out);
  write(out, R"(,"s":"t","cat":")", name_of(hop.fate), R"(","name":")", name_of(hop.fate), comes_in ? " from " : " to ",
        number(hop.peer), R"(",)");
  put_args(out, hop);
}

void TraceEvents::add_slice(NodeId node, const Hop& hop, std::string& out) {
  const bool comes_in = hop.place == Place::downlink;
  const bool has_end = hop.fate != Fate::under_way;
  open(has_end ? 'X' : 'B', comes_in ? Track::downlink : Track::uplink, node, hop.begin, out);
  if (has_end) write(out, R"(,"dur":)", duration(hop.begin, hop.end));
  write(out, R"(,"cat":")", comes_in ? "receive" : "send", R"(","name":")", comes_in ? "from " : "to ",
        number(hop.peer), R"(",)");
  if (hop.fate == Fate::passed && !run_.shares_uplinks) {
    put(out, R"("bind_id":)");
    put_hexadecimal(out, id_of(node, hop));
    put(out, comes_in ? R"(,"flow_in":true,)" : R"(,"flow_out":true,)");
  }
  put_args(out, hop);
}

void TraceEvents::add_concurrent(NodeId node, const Hop& hop, std::string& out) {
  const std::string_view place = hop.place == Place::pair ? " links" : " sends";
  const auto put_rest = [&] {
    put(out, R"(,"cat":"send","id":)");
    put_hexadecimal(out, id_of(node, hop));
    write(out, R"(,"name":"node )", number(node), place, "\"");
  };
  open('b', Track::uplink, node, hop.begin, out);
  put_rest();
  write(out, R"(,"args":{"to":)", number(hop.peer), R"(,"fragment":)", number(hop.fragment), R"(,"round":)",
        number(hop.round), R"(,"bytes":)", hop.size, hop.fate == Fate::cut ? R"(,"cut":true}})" : "}}");
  open('e', Track::uplink, node, hop.end, out);
  put_rest();
  put(out, "}");
}

void TraceEvents::open(char phase, Track track, NodeId node, Time at, std::string& out) {
  const std::size_t place = 3 * std::size_t{node} + static_cast<std::size_t>(track);
  if (!named_[place]) {
    named_[place] = true;
    name_track(track, node, out);
  }
  write(out, ",\n{\"ph\":\"", std::string_view(&phase, 1), R"(","pid":)", number(number_), R"(,"tid":)",
        first_thread_ + place, R"(,"ts":)", nearest(at));
}

void TraceEvents::name_track(Track track, NodeId node, std::string& out) {
  const std::uint64_t thread = first_thread_ + 3 * number(node) + number(track);
  const char* what = track == Track::node ? "" : track == Track::uplink ? " uplink" : " downlink";
  fmt::format_to(std::back_inserter(out),
                 ",\n"
                 R"({{"ph":"M","pid":{0},"tid":{1},"name":"thread_name","args":{{"name":"node {2}{3}"}}}},)"
                 "\n"
                 R"({{"ph":"M","pid":{0},"tid":{1},"name":"thread_sort_index","args":{{"sort_index":{1}}}}})",
                 number_, thread, node, what);
}

std::uint64_t TraceEvents::id_of(NodeId node, const Hop& hop) {
  const NodeId sender = hop.place == Place::downlink ? hop.peer : node;
  const std::uint64_t id = first_id_ + (hop.number * run_.fragments + hop.fragment) * run_.nodes + sender;
  next_id_ = std::max(next_id_, id + 1);
  return id;
}

}  // namespace tardigrad
