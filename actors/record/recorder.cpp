#include "actors/record/recorder.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "actors/message_fields.hpp"
#include "actors/moments_between.hpp"

namespace tardigrad {

namespace {

/// The greatest number of a timeline's hops that are kept before they are passed on.
constexpr std::size_t kMostHops = 1 << 16;
/// The files of a run grow so often at least, as long as rounds end. What they hold in the end does not depend on it.
constexpr std::chrono::seconds kReliefInterval{1};
/// A round's three parts arrive soon after each other; between hosts, a window of virtual time may lie in
/// between.
constexpr std::size_t kMostPartialRounds = 1 << 20;

/// The order of access links and links.
struct PlaceOrder {
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return std::tie(a.kind, a.from, a.to) < std::tie(b.kind, b.from, b.to);
  }
};

/// The mean over nodes, summed in the order of nodes in double precision.
Values average(const std::map<NodeId, SharedValues>& models) {
  const std::size_t size = models.begin()->second->size();
  std::vector<double> sum(size, 0.0);
  for (const auto& [node, model] : models) {
    for (std::size_t p = 0; p < size; ++p) sum[p] += (*model)[p];
  }
  Values mean(size);
  for (std::size_t p = 0; p < size; ++p) mean[p] = static_cast<float>(sum[p] / static_cast<double>(models.size()));
  return mean;
}

}  // namespace

Recorder::Recorder(caf::actor_config& config, Settings settings, const RunContext& context,
                   std::shared_ptr<const std::vector<NodeActor>> nodes, RecordSink& sink, std::vector<WaitRow>& waits)
    : RecorderActor::base(config),
      settings_(std::move(settings)),
      context_(context),
      nodes_(std::move(nodes)),
      sink_(sink),
      waits_(waits),
      events_(EntityId(EntityKind::evaluation, settings_.workers + settings_.servers)),
      may_look_between_(!settings_.moments_between.empty()) {
  relief_due_ = std::chrono::steady_clock::now() + kReliefInterval;
  for (NodeId node = 0; node < settings_.tested(); ++node) {
    request_events_.emplace_back(EntityId(EntityKind::evaluation_request, node));
    present_.insert(present_.end(), node);
  }
}

Recorder::behavior_type Recorder::make_behavior() {
  stop_run_if_it_throws(*this, context_.clock);
  return {
      [this](const Begin&) { schedule_next_evaluation(); },
      [this](const RoundRow& row) { join(row, &RoundRecord::round); },
      [this](const AccessRow& row) { join(row, row.uplink ? &RoundRecord::uplink : &RoundRecord::downlink); },
      [this](const LinkRow& row) { links_.push_back(row); },
      [this](const BusyRows& busy) { busy_.insert(busy_.end(), busy.rows.begin(), busy.rows.end()); },
      [this](const EvaluationRow& row) { add_evaluation(row); },
      [this](const WaitRow& row) { waits_.push_back(row); },
      [this](const ModelSnapshot& snapshot) { add_snapshot(snapshot); },
      [this](const Evaluated& evaluated) { finish_evaluation(evaluated.time); },
      [this](const NodesGone& gone) { forget(gone.nodes); },
      [](const Taken&) {},
      [this](const Finish&) {
        if (averaging_) keep_evaluation(*averaging_);
        commit(kNever);
        quit();
      },
  };
}

std::size_t RoundRecord::hops() const {
  const auto count = [](const Hops& hops) { return hops ? hops->size() : 0; };
  return count(uplink.hops) + count(downlink.hops);
}

void RoundRecord::persist(StateArchive& archive) { archive(round, uplink, downlink); }

void Recorder::Averaging::persist(StateArchive& archive) {
  archive(time, asked, unheard, models, rounds, result, rows);
}

// Rows of links and waiting nodes arrive at the end of a run only.
void Recorder::persist(ActorArchive& archive) {
  archive(events_, partial_rounds_, rounds_, evaluations_, next_evaluation_, present_, averaging_, may_look_between_,
          between_, untested_);
  for (EventSource& events : request_events_) archive(events);
  if (next_evaluation_ > settings_.evaluations.size()) archive.fields().fail();
  for (const auto& [time, averaging] : between_) {
    if (!averaging) archive.fields().fail();
  }
}

void Recorder::schedule_next_evaluation() {
  const auto& times = settings_.evaluations;
  if (next_evaluation_ == times.size()) {
    context_.counters.evaluated = true;
    return;
  }
  const Time now = context_.clock.now();
  while (next_evaluation_ + 1 < times.size() && times[next_evaluation_ + 1] <= now) ++next_evaluation_;
  // A late evaluation is about the models at the time it starts.
  const Time time = std::max(times[next_evaluation_++], std::min(now, times.back()));
  begin_evaluation(time);
}

void Recorder::begin_evaluation(Time time) {
  averaging_ = std::make_shared<Averaging>();
  averaging_->time = averaging_->asked = time;
  averaging_->unheard = present_;
  for (const NodeId node : present_) {
    context_.clock.schedule(time, request_events_[node].next(), (*nodes_)[node], Evaluate{time});
  }
}

Recorder::AveragingPtr Recorder::averaging_of(Time time) const {
  if (averaging_ && averaging_->time == time) return averaging_;
  const auto between = between_.find(time);
  return between == between_.end() ? nullptr : between->second;
}

void Recorder::add_evaluation(EvaluationRow row) {
  if (settings_.is_server(row.node)) row.node = kServerModel;
  if (const AveragingPtr averaging = averaging_of(row.time)) averaging->rows.emplace(row.node, row);
}

void Recorder::keep_evaluation(const Averaging& averaging) {
  for (const auto& [node, row] : averaging.rows) evaluations_.push_back(row);
}

void Recorder::add_snapshot(const ModelSnapshot& snapshot) {
  const AveragingPtr averaging = averaging_of(snapshot.time);
  if (!averaging || averaging->unheard.erase(snapshot.node) == 0) return;  // nobody has requested it
  if (!settings_.is_server(snapshot.node)) add_to_average(snapshot, *averaging);
  average_if_complete(averaging);
}

void Recorder::add_to_average(const ModelSnapshot& snapshot, Averaging& averaging) {
  averaging.rounds = averaging.models.empty() ? snapshot.round : std::min(averaging.rounds, snapshot.round);
  averaging.models[snapshot.node] = snapshot.model;
}

void Recorder::forget(const std::vector<NodeId>& nodes) {
  const bool was_complete = averaging_ && averaging_->unheard.empty();
  for (const NodeId node : nodes) {
    present_.erase(node);
    if (averaging_) averaging_->unheard.erase(node);
  }
  if (averaging_ && !was_complete) average_if_complete(averaging_);
}

void Recorder::average_if_complete(const AveragingPtr& averaging) {
  if (!averaging->unheard.empty() || averaging->models.empty()) return;
  const Time asked = averaging->asked;
  auto job = context_.pool.submit(asked, [averaging, &learner = context_.learner](unsigned worker) {
    averaging->result = learner.evaluate(worker, average(averaging->models), std::nullopt);
  });
  context_.clock.schedule_after(std::move(job), asked, asked, events_.next(), this, Evaluated{averaging->time});
}

void Recorder::finish_evaluation(Time time) {
  const auto between = between_.find(time);
  if (between != between_.end()) return finish_between(*between->second);
  averaging_->rows[kAveragedModel] = {time, kAveragedModel, averaging_->rounds, averaging_->result};
  keep_evaluation(*averaging_);
  averaging_.reset();
  commit(time);
  look_between();
  schedule_next_evaluation();
}

void Recorder::look_between() {
  if (!may_look_between_ || !sink_.looks_between()) return;
  may_look_between_ = false;
  const auto& times = settings_.evaluations;
  const std::size_t last = next_evaluation_ - 1;
  const EvaluateBetween request{times[last == 0 ? last : last - 1], times[last]};
  const Time asked = asking_time(times, last);
  for (const Time moment : settings_.moments_between) {
    if (moment <= request.after || moment >= request.before) continue;
    between_[moment] = std::make_shared<Averaging>();
    between_[moment]->time = moment;
    between_[moment]->asked = asked;
    between_[moment]->unheard = present_;
  }
  untested_ = between_.size();
  for (const NodeId node : present_) {
    context_.clock.schedule(asked, request_events_[node].next(), (*nodes_)[node], request);
  }
}

void Recorder::finish_between(Averaging& averaging) {
  averaging.models.clear();
  averaging.rows[kAveragedModel] = {averaging.time, kAveragedModel, averaging.rounds, averaging.result};
  if (--untested_ > 0) return;
  std::vector<EvaluationRow> rows;
  for (const auto& [time, tested] : between_) {
    for (const auto& [node, row] : tested->rows) rows.push_back(row);
  }
  between_.clear();
  sink_.add_between(rows);
  sink_.commit();
}

template <class Part>
void Recorder::join(const Part& part, Part RoundRecord::*place) {
  const auto key = std::make_pair(part.node, part.round);
  Partial& partial = partial_rounds_[key];
  partial.record.*place = part;
  if (++partial.parts < 3) {
    if (partial_rounds_.size() > kMostPartialRounds) throw std::runtime_error("rounds are reported in part only");
    return;
  }
  hops_ += partial.record.hops();
  rounds_.push_back(std::move(partial.record));
  partial_rounds_.erase(key);
  if (hops_ > kMostHops || std::chrono::steady_clock::now() >= relief_due_) relieve();
}

void Recorder::relieve() {
  relief_due_ = std::chrono::steady_clock::now() + kReliefInterval;
  const Time settled = context_.clock.settled();
  if (settled == relieved_) return;
  relieved_ = settled;
  pass_on_rounds(settled);
  sink_.commit();
}

void Recorder::pass_on_rounds(Time until) {
  std::sort(rounds_.begin(), rounds_.end(), [](const RoundRecord& a, const RoundRecord& b) {
    return std::tie(a.round.end, a.round.node) < std::tie(b.round.end, b.round.node);
  });
  const auto later = std::partition_point(rounds_.begin(), rounds_.end(),
                                          [&](const RoundRecord& record) { return record.round.end <= until; });
  for (auto record = rounds_.begin(); record != later; ++record) {
    hops_ -= record->hops();
    if (record->round.round == kUnfinishedRound) {
      sink_.add_unfinished(*record);
    } else if (settings_.is_server(record->round.node)) {
      sink_.add_of_server(*record);
    } else {
      sink_.add(*record);
    }
  }
  rounds_.erase(rounds_.begin(), later);
}

void Recorder::add_busy_times() {
  for (const BusyRow& busy : busy_) {
    const auto [row, end] = std::equal_range(links_.begin(), links_.end(), busy, PlaceOrder());
    if (row != end) row->busy += busy.busy;
  }
  busy_.clear();
}

void Recorder::commit(Time until) {
  pass_on_rounds(until);
  std::sort(evaluations_.begin(), evaluations_.end(), [](const EvaluationRow& a, const EvaluationRow& b) {
    return std::tie(a.time, a.node) < std::tie(b.time, b.node);
  });
  std::sort(links_.begin(), links_.end(), PlaceOrder());
  add_busy_times();
  std::sort(waits_.begin(), waits_.end(), [](const WaitRow& a, const WaitRow& b) { return a.node < b.node; });
  for (const EvaluationRow& row : evaluations_) sink_.add(row);
  for (const LinkRow& row : links_) sink_.add(row);
  evaluations_.clear();
  links_.clear();
  sink_.commit();
}

void Recorder::on_exit() { nodes_.reset(); }

}  // namespace tardigrad
