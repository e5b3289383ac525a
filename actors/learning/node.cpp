#include "actors/learning/node.hpp"

#include <algorithm>
#include <utility>

#include "actors/message_fields.hpp"
#include "actors/moments_between.hpp"

namespace tardigrad {

namespace {

/// Emulated duration of one round at the usual pace: as many draws of the step time as there are local steps.
Time round_duration(const Pace& pace, std::uint32_t steps, std::uint64_t seed, NodeId node, Round round) {
  RandomStream draws(seed, Purpose::step_time, node, round);
  return from_seconds(to_seconds(draw_sum(pace.step_time, steps, draws)) * pace.slowdown);
}

}  // namespace

Node::Node(caf::actor_config& config, NodeId id, Pace pace, const RunContext& context,
           std::shared_ptr<const std::vector<FragmentActor>> fragments, UplinkEntry uplink, DownlinkActor downlink,
           RecorderActor recorder)
    : NodeActor::base(config),
      id_(id),
      pace_(std::move(pace)),
      context_(context),
      fragments_(std::move(fragments)),
      uplink_(std::move(uplink)),
      downlink_(std::move(downlink)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::node, id)),
      evaluation_events_(EntityId(EntityKind::evaluation, id)),
      model_(*context.initial_model) {
  if (!is_server()) local_state_ = context.learner.local_state(id);
  round_.node = id;
  round_.trained = kNever;
}

Node::behavior_type Node::make_behavior() {
  stop_run_if_it_throws(*this, context_.clock);
  return {
      [this](const FragmentState& state) { take(state); },
      [this](const Begin&) { hand_out_initial(); },
      [this](const StartRound& now) { train(now.at); },
      [this](const LocalStepsDone& now) { hand_out_trained(now.at); },
      [this](const Evaluate& now) { evaluate(now.time); },
      [this](const Evaluated& evaluated) { report_evaluation(evaluated.time); },
      [this](const EvaluateBetween& request) { evaluate_between(request); },
      [this](const EvaluatedBetween&) { report_between(); },
      [this](const Finish&) {
        report_unfinished();
        quit();
      },
  };
}

void Node::Testing::persist(StateArchive& archive) { archive(round, model, result); }

// The caller has waited for the computations under way.
void Node::persist(ActorArchive& archive) {
  archive(events_, evaluation_events_, model_, training_, testing_, work_.steps, work_.factor, offset_,
          ready_fragments_, ready_, started_, round_, earlier_, next_moment_, between_);
  if (local_state_) local_state_->persist(archive.fields());
  const std::size_t size = context_.initial_model->size();
  if (model_.size() != size || (training_ && training_->model.size() != size)) archive.fields().fail();
  if (!offset_.empty() && offset_.size() != size) archive.fields().fail();
  const auto check = [&](const EarlierModel& earlier) {
    if (!earlier.testing.model || earlier.testing.model->size() != size) archive.fields().fail();
  };
  std::for_each(earlier_.begin(), earlier_.end(), check);
  if (between_) std::for_each(between_->begin(), between_->end(), check);
}

void Node::hand_out_initial() {
  for (FragmentId k = 0; k < fragments_->size(); ++k) {
    send((*fragments_)[k], Start{context_.initial_fragments[k]});
  }
}

bool Node::has_ended() const {
  const RoundLimits& limits = context_.round_limits;
  return limits.training && round_.round >= *limits.training + limits.consensus;
}

std::uint32_t Node::steps_of(const LocalWork& work) const {
  const auto& training = context_.round_limits.training;
  if (training && round_.round >= *training) return 0;
  return work.steps.value_or(pace_.local_steps);
}

void Node::train(Time now) {
  if (is_server()) {
    round_.begin = round_.trained = now;
    return;
  }
  if (has_ended()) {
    ++context_.counters.done;
    return;
  }
  LocalWork work = take_work();
  const std::uint32_t steps = steps_of(work);
  const Time finish = pace_.compute.end_of(now, round_duration(pace_, steps, context_.seed, id_, round_.round));
  round_.begin = now;
  if (finish > context_.end) {
    if (finish < kNever) ++context_.counters.done;
    return;
  }
  ComputeJobPtr job;
  training_ = std::make_shared<Training>();
  training_->result.steps = steps;
  if (context_.learner.learns()) {
    work.steps = steps;
    training_->work = std::move(work);
    training_->model = model_;
  }
  if (context_.learner.learns() && steps > 0) {
    job = context_.pool.submit(
        finish, [training = training_, state = local_state_, &learner = context_.learner](unsigned worker) {
          training->result = learner.train(worker, *state, training->model, training->work);
        });
  }
  context_.clock.schedule_after(std::move(job), now, finish, events_.next(), this, LocalStepsDone{});
}

void Node::hand_out_trained(Time now) {
  keep_earlier(now);
  round_.trained = now;
  ready_ = std::max(ready_, now);
  const LocalResult result = training_->result;
  round_.training_loss = result.loss;
  round_.steps = result.steps;
  ++context_.counters.rounds;
  context_.counters.steps += result.steps;
  ++context_.counters.held_up;
  const auto trained = std::move(training_);
  context_.fragmentation.copy_unshared(trained->model, model_);
  if (fragments_->size() == 1) {
    trained->model.resize(std::min<std::size_t>(trained->model.size(), context_.fragmentation.size(0)));
    send(fragments_->front(),
         Trained{round_.round, share(std::move(trained->model)), result.steps, result.learning_rates, now});
    return;
  }
  for (FragmentId k = 0; k < fragments_->size(); ++k) {
    send((*fragments_)[k], Trained{round_.round, share(context_.fragmentation.gather(trained->model, k)), result.steps,
                                   result.learning_rates, now});
  }
}

void Node::take(const FragmentState& state) {
  keep_earlier(state.at);
  round_.mixing += state.mixing;
  if (state.values) context_.fragmentation.scatter(*state.values, state.fragment, model_);
  if (!state.starts_round) return;
  note_work(state);
  ready_ = std::max(ready_, state.at);
  if (++ready_fragments_ < fragments_->size()) return;
  ready_fragments_ = 0;
  if (started_) {
    if (!is_server()) --context_.counters.held_up;
    end_round(ready_);
    train(ready_);
  } else {
    started_ = true;
    // Who is not drawn for the first rounds begins later.
    context_.clock.schedule(std::max(pace_.start, ready_), events_.next(), this, StartRound{});
  }
}

void Node::note_work(const FragmentState& state) {
  work_.steps = state.work.steps;
  work_.factor = state.work.factor;
  if (!state.work.offset) return;
  offset_.resize(model_.size());
  context_.fragmentation.scatter(*state.work.offset, state.fragment, offset_);
}

LocalWork Node::take_work() {
  LocalWork work = std::exchange(work_, {});
  if (!offset_.empty()) work.offset = share(std::exchange(offset_, {}));
  return work;
}

void Node::end_round(Time now) {
  round_.end = now;
  send(recorder_, round_);
  send(uplink_, RoundEnded{round_.round, now});
  send(downlink_, RoundEnded{round_.round, now});
  round_.round += 1;
  round_.trained = kNever;
  round_.steps = 0;
  round_.mixing = {};
}

void Node::report_unfinished() {
  const bool has_begun = training_ || round_.trained < kNever;
  RoundRow row;
  row.node = id_;
  row.round = kUnfinishedRound;
  row.begin = has_begun ? round_.begin : kNever;
  row.trained = round_.trained;
  row.end = kNever;
  send(recorder_, row);
}

void Node::evaluate(Time time) {
  if (testing_) return;  // one evaluation at a time
  testing_ = std::make_shared<Testing>();
  testing_->round = round_.round;
  testing_->model = std::make_shared<const Values>(model_);
  auto job = context_.pool.submit(
      time, [testing = testing_, node = tested_as(), &learner = context_.learner](unsigned worker) {
        testing->result = learner.evaluate(worker, *testing->model, node);
      });
  context_.clock.schedule_after(std::move(job), time, time, evaluation_events_.next(), this, Evaluated{time});
}

void Node::report_evaluation(Time time) {
  const auto tested = std::move(testing_);
  report(time, *tested);
}

void Node::report(Time time, const Testing& tested) {
  send(recorder_, EvaluationRow{time, id_, tested.round, tested.result});
  send(recorder_, ModelSnapshot{id_, tested.round, tested.model, time});
}

void Node::keep_earlier(Time now) {
  const auto& moments = context_.moments_between;
  SharedValues model;
  for (; next_moment_ < moments.size() && moments[next_moment_] < now; ++next_moment_) {
    if (!model) model = std::make_shared<const Values>(model_);
    if (earlier_.size() == kMostMomentsBetween) earlier_.pop_front();
    earlier_.push_back({moments[next_moment_], {round_.round, model, {}}});
  }
}

void Node::evaluate_between(const EvaluateBetween& request) {
  if (between_) return;
  keep_earlier(request.at);
  between_ = std::make_shared<EarlierModels>();
  for (EarlierModel& earlier : earlier_) {
    if (request.after < earlier.time && earlier.time < request.before) between_->push_back(std::move(earlier));
  }
  earlier_.clear();
  next_moment_ = context_.moments_between.size();
  if (between_->empty()) return between_.reset();
  auto job = context_.pool.submit(
      request.at, [between = between_, node = tested_as(), &learner = context_.learner](unsigned worker) {
        const Testing* before = nullptr;
        for (auto& [time, testing] : *between) {
          const bool is_same = before && before->model == testing.model;
          testing.result = is_same ? before->result : learner.evaluate(worker, *testing.model, node);
          before = &testing;
        }
      });
  context_.clock.schedule_after(std::move(job), request.at, request.at, evaluation_events_.next(), this,
                                EvaluatedBetween{});
}

void Node::report_between() {
  const auto tested = std::move(between_);
  for (const auto& [time, testing] : *tested) report(time, testing);
}

void Node::on_exit() {
  for (const FragmentActor& fragment : *fragments_) send(fragment, Finish{});
  send(uplink_, Finish{});
  send(downlink_, Finish{});
  fragments_.reset();
  uplink_ = nullptr;
  downlink_ = nullptr;
  recorder_ = nullptr;
}

}  // namespace tardigrad
