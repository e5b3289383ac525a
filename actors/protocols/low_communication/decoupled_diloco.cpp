#include "actors/protocols/low_communication/decoupled_diloco.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "actors/protocols/low_communication/diloco.hpp"
#include "actors/protocols/low_communication/server_algorithm.hpp"
#include "models/codecs/bit_stream.hpp"

namespace tardigrad {

namespace {

constexpr std::uint8_t code(DecoupledKind kind) { return static_cast<std::uint8_t>(kind); }

constexpr std::uint64_t kCounterBytes = 8;  // steps and tokens, 32 bits each
constexpr std::uint64_t kMostSteps = 0xffffffff;

SharedBytes encoded_counters(std::uint64_t steps) {
  EncodedBytes bytes;
  BitWriter bits(bytes);
  for (int counter = 0; counter < 2; ++counter) bits.write(std::min(steps, kMostSteps), 32);
  bits.finish();
  return share(std::move(bytes));
}

/// Nothing if this is no answer of a learner with a part of so many values.
std::optional<MergedAnswer> read_answer(const ProtocolMessage& message, std::size_t size) {
  if (!message.has(size) || !message.encoded || message.encoded->size() != kCounterBytes) return {};
  BitReader bits(*message.encoded, 0, 8 * kCounterBytes);
  const std::uint32_t steps = *bits.read(32);
  const std::uint32_t tokens = *bits.read(32);
  if (steps == 0 || tokens == 0) return {};
  return MergedAnswer{message.values, steps, static_cast<double>(tokens)};
}

}  // namespace

void DecoupledSyncer::on_start(SharedValues initial, Actions& actions) {
  model_ = std::move(initial);
  for (const ModelPart& part : parts_) outer_.emplace_back(settings_.outer, share(gather(*model_, part)));
  actions.start_round(model_);
  begin_step(actions);
}

void DecoupledSyncer::begin_step(Actions& actions) {
  ++step_;
  asked_at_ = actions.now();
  has_quorum_ = false;
  answers_.clear();
  ask(silent(), actions);
}

void DecoupledSyncer::ask(const std::vector<NodeId>& learners, Actions& actions) const {
  for (const NodeId learner : learners) send(DecoupledKind::request, learner, nullptr, 0, actions);
  actions.await(learners);
}

std::vector<NodeId> DecoupledSyncer::silent() const {
  std::vector<NodeId> all;
  for (NodeId learner = 0; learner < learners_; ++learner) {
    if (answers_.count(learner) == 0) all.push_back(learner);
  }
  return all;
}

void DecoupledSyncer::send(DecoupledKind kind, NodeId to, SharedValues values, std::uint64_t floats,
                           Actions& actions) const {
  const std::uint64_t order = kind == DecoupledKind::model ? 0 : 1;  // what has been merged goes first
  Actions::Send message{to, code(kind), step_, std::move(values), order};
  message.payload = sizeof(float) * floats;
  actions.send(std::move(message));
}

void DecoupledSyncer::on_message(const ProtocolMessage& message, Actions& actions) {
  const bool is_answer = message.kind == code(DecoupledKind::answer) && message.from < learners_ && message.round > 0 &&
                         message.round <= step_;
  if (!is_answer) return actions.refuse(message.from);
  if (message.round < step_ || answers_.count(message.from) > 0) return;  // too late, or once more
  const bool learns = !model_->empty();
  auto answer = learns ? read_answer(message, size_of(part())) : MergedAnswer{model_};
  if (!answer) actions.refuse(message.from);
  answers_[message.from] = std::move(answer);
  proceed(actions);
}

void DecoupledSyncer::proceed(Actions& actions) {
  const std::vector<NodeId> missing = silent();
  if (missing.empty()) return end_step(actions);
  if (has_quorum_) return;
  const auto is_sound = [](const auto& answer) { return answer.second.has_value(); };
  if (std::count_if(answers_.begin(), answers_.end(), is_sound) < settings_.quorum) return;
  has_quorum_ = true;
  const double left = to_seconds(settings_.slack) - to_seconds(actions.now() - asked_at_);
  if (left * settings_.grace <= 0) return end_step(actions);
  actions.await(missing, from_seconds(left * settings_.grace));
}

void DecoupledSyncer::on_wait_over(Actions& actions) {
  if (answers_.empty()) return ask(silent(), actions);
  end_step(actions);
}

void DecoupledSyncer::end_step(Actions& actions) {
  std::vector<MergedAnswer> merged;
  for (auto& [learner, answer] : answers_) {
    if (answer) merged.push_back(std::move(*answer));
  }
  // Who answered with something of no use was refused, which counts already.
  actions.missed(silent().size());
  if (!merged.empty() && !model_->empty()) {
    outer().take(merged_difference(*outer().model(), merged, part()));
    Values model = *model_;
    scatter(*outer().model(), part(), model);
    model_ = share(std::move(model));
  }
  for (NodeId learner = 0; learner < learners_; ++learner) {
    send(DecoupledKind::model, learner, outer().model(), size_of(part()), actions);
  }
  actions.start_round(model_);
  begin_step(actions);
}

void DecoupledSyncer::persist(StateArchive& archive) {
  if (archive.loads()) outer_.assign(parts_.size(), DelayedNesterov(settings_.outer, share(Values())));
  for (DelayedNesterov& outer : outer_) archive(outer);
  archive(model_, step_, asked_at_, has_quorum_, answers_);
}

void DecoupledLearner::on_start(SharedValues initial, Actions& actions) {
  learns_ = !initial->empty();
  actions.start_round(std::move(initial));
}

void DecoupledLearner::on_message(const ProtocolMessage& message, Actions& actions) {
  const bool is_known = message.kind == code(DecoupledKind::request) || message.kind == code(DecoupledKind::model);
  if (message.from != syncer_ || !is_known || message.round == 0 || message.round > kLastRound) {
    return actions.refuse(message.from);
  }
  const std::size_t place = place_of(message.round);
  Part& part = state_[place];
  if (message.kind == code(DecoupledKind::request)) {
    if (message.values || message.encoded) return actions.refuse(message.from);
    const auto is_same = [&](Round step) { return place_of(step) == place; };
    asked_.erase(std::remove_if(asked_.begin(), asked_.end(), is_same), asked_.end());
    asked_.push_back(message.round);
    return;
  }
  if (!message.has(learns_ ? size_of(parts_[place]) : 0)) return actions.refuse(message.from);
  if (message.round < part.arrived_of) return;  // overtaken
  part.arrived = message.values;
  part.arrived_of = message.round;
}

void DecoupledLearner::on_trained(LocalRound local, Actions& actions) {
  rounds_ = local.round + 1;
  Values model = *local.values;
  for (Part& part : state_) part.steps += local.steps;
  take_arrived(model, actions);
  answer_requests(model, actions);
  actions.start_round(share(std::move(model)));
}

void DecoupledLearner::take_arrived(Values& model, Actions& actions) {
  for (std::size_t place = 0; place < parts_.size(); ++place) {
    Part& part = state_[place];
    if (!part.arrived) continue;
    scatter(*part.arrived, parts_[place], model);
    actions.mixed(rounds_, part.answered);
    part.arrived.reset();
    part.steps = 0;
  }
}

void DecoupledLearner::answer_requests(const Values& model, Actions& actions) {
  std::vector<Round> kept;
  for (const Round step : asked_) {
    Part& part = state_[place_of(step)];
    if (part.steps == 0) {
      kept.push_back(step);
      continue;
    }
    const ModelPart& values = parts_[place_of(step)];
    Actions::Send message{syncer_, code(DecoupledKind::answer), step, share(gather(model, values))};
    if (learns_) message.encoded = encoded_counters(part.steps);
    message.payload = sizeof(float) * size_of(values) + kCounterBytes;
    actions.send(std::move(message));
    part.answered = rounds_;
  }
  asked_ = std::move(kept);
}

namespace {

std::vector<ModelPart> parts_of(const AlgorithmOptions& options, const ParameterLayout* layout,
                                std::uint64_t parameters) {
  return strided_parts(layout, parameters, static_cast<std::uint64_t>(options.integer("fragments")));
}

NodeId quorum_of(const AlgorithmOptions& options, NodeId learners) {
  const auto said = static_cast<NodeId>(options.integer("quorum"));
  return said > 0 ? said : (learners + 1) / 2;
}

double mean(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

DecoupledSyncer::Settings settings_of(const AlgorithmOptions& options, const ProtocolContext& run, NodeId learners) {
  DecoupledSyncer::Settings settings;
  settings.outer = outer_settings(options);
  settings.quorum = quorum_of(options, learners);
  settings.grace = options.number("grace");
  settings.slack = from_seconds(options.number("overlap") * mean(run.step_seconds));
  return settings;
}

/// At most, if the network takes no time: of n learners, whose rounds end one after the other, K answers come n / K
/// times in a round. A model in one part is taken at one end of a round, and answered with at the next.
std::vector<SentMessages> sent_in_round(const AlgorithmOptions& options, const Sender& sender) {
  const NodeId learners = sender.graph.size();
  const auto parts = parts_of(options, sender.layout, sender.parameters);
  const double part = sizeof(float) * static_cast<double>(sender.parameters) / static_cast<double>(parts.size());
  const double quorum = static_cast<double>(quorum_of(options, learners)) / learners;
  const double steps = parts.size() == 1 ? 1 / (1 + quorum) : 1 / quorum;
  if (sender.node < learners) return {{steps, part + kCounterBytes}};
  return {{steps * learners, part}, {steps * learners, 0}};
}

}  // namespace

Algorithm decoupled_diloco_algorithm() {
  Algorithm algorithm = server_algorithm(
      "decoupled-diloco", "learners that never wait, and a server that merges part after part of a quorum (2026)");
  algorithm.options = {
      {"fragments", std::int64_t{24}, "P, parts of whole tensors; at most as many as tensors", {1, 1e6}},
      {"quorum", std::int64_t{0}, "K, answers that end an outer step; 0: of half the nodes", {0, 1e6}},
      {"grace", 1.0, "gamma, share of the time left that is given to later answers", {0, 1}},
      {"overlap", 2.0, "tau, local steps that an outer step may last for that", {0, 1e6}}};
  for (OptionSpec& option : outer_options()) algorithm.options.push_back(std::move(option));
  algorithm.objection = [](const AlgorithmOptions& options, const Graph& graph) {
    if (options.integer("quorum") <= graph.size()) return std::string();
    return fmt::format("a quorum of {} of {} nodes", options.integer("quorum"), graph.size());
  };
  // Every learner's answer may end an outer step.
  algorithm.exchanges = [](NodeId nodes) { return std::uint64_t{nodes}; };
  algorithm.sends = sent_in_round;
  algorithm.compression = {};  // the counters travel encoded
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const NodeId learners = run.graphs->at(0)->size();
    return [learners, options, settings = settings_of(options, run, learners)](
               const FragmentInfo& info) -> std::unique_ptr<FragmentProtocol> {
      auto parts = parts_of(options, info.layout.get(), info.parameters);
      if (info.node < learners) return std::make_unique<DecoupledLearner>(learners, std::move(parts));
      return std::make_unique<DecoupledSyncer>(learners, std::move(parts), settings);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
