#include "actors/protocols/low_communication/streaming_diloco.hpp"

#include <fmt/format.h>

#include <utility>

#include "actors/protocols/low_communication/diloco.hpp"
#include "models/weighted_sum.hpp"

namespace tardigrad {

void StreamingDiLoCo::on_start(SharedValues initial, Actions& actions) {
  outer_ = DelayedNesterov(settings_.outer, initial);
  actions.start_round(std::move(initial));
}

void StreamingDiLoCo::on_trained(LocalRound local, Actions& actions) {
  trained_ = std::move(local.values);
  boundary_ = local.round + 1;
  pass_boundary(actions);
}

void StreamingDiLoCo::on_message(const ProtocolMessage& message, Actions& actions) {
  ring_.put(message, actions);
  reduce(actions);
  if (trained_) pass_boundary(actions);
}

void StreamingDiLoCo::persist(StateArchive& archive) {
  archive(outer_, ring_, trained_, boundary_, begun_at_, has_landed_, mean_);
}

void StreamingDiLoCo::pass_boundary(Actions& actions) {
  if (!land(actions)) return;
  if (is_turn()) begin_mean(actions);
  if (!land(actions)) return;
  actions.await({});
  actions.start_round(std::exchange(trained_, nullptr));
}

bool StreamingDiLoCo::is_turn() const {
  return begun_at_ != boundary_ && boundary_ >= settings_.first &&
         (boundary_ - settings_.first) % settings_.period == 0;
}

bool StreamingDiLoCo::is_due() const {
  if (has_landed_) return false;
  return settings_.delay ? boundary_ >= begun_at_ + *settings_.delay : mean_ && boundary_ > begun_at_;
}

bool StreamingDiLoCo::land(Actions& actions) {
  if (!is_due()) return true;
  if (!mean_) {
    actions.await({ring_.source()});
    return false;
  }
  outer_.take(*std::exchange(mean_, nullptr));
  has_landed_ = true;
  Values mixed(trained_->size(), 0.0F);
  add_weighted(mixed, 1 - settings_.alpha, *outer_.model());
  add_weighted(mixed, settings_.alpha, *trained_);
  trained_ = share(std::move(mixed));
  return true;
}

void StreamingDiLoCo::begin_mean(Actions& actions) {
  if (!has_landed_) return actions.missed(nodes_ - 1);
  begun_at_ = boundary_;
  has_landed_ = false;
  ring_.begin(difference(*outer_.model(), *trained_), size_, actions);
  reduce(actions);
}

void StreamingDiLoCo::reduce(Actions& actions) {
  if (!ring_.is_under_way()) return;
  if (auto mean = ring_.proceed(actions)) mean_ = share(std::move(*mean));
}

namespace {

Round cycle_of(const AlgorithmOptions& options) {
  return static_cast<Round>(options.integer("fragments") * options.integer("every"));
}

bool has_delay(const AlgorithmOptions& options) { return options.text("due") == "after-delay"; }

StreamingDiLoCo::Settings settings_of(const AlgorithmOptions& options, FragmentId fragment) {
  StreamingDiLoCo::Settings settings;
  settings.outer = outer_settings(options);
  settings.alpha = static_cast<float>(options.number("alpha"));
  settings.first = 1 + static_cast<Round>(options.integer("every")) * fragment;
  settings.period = cycle_of(options);
  if (has_delay(options)) settings.delay = static_cast<Round>(options.integer("delay"));
  return settings;
}

}  // namespace

Algorithm streaming_diloco_algorithm() {
  Algorithm algorithm = ring_algorithm(
      "streaming-diloco", "diloco of one fragment after the other, on its way while training goes on (2025)");
  algorithm.options = {
      {"fragments", std::int64_t{3}, "P, parts that the model is cut into", 1, 1e6},
      {"every", std::int64_t{1}, "rounds from one fragment's turn to the next's", 1, 1e6},
      {"due", std::string("after-delay"), "when a mean lands", 0, 0, {"after-delay", "when-delivered"}},
      {"delay", std::int64_t{1}, "rounds from a fragment's turn to its landing", 0, 1e6},
      {"alpha", 0.5, "share of a node's own values where a fragment lands", 0, 1}};
  for (OptionSpec& option : outer_options()) algorithm.options.push_back(std::move(option));
  algorithm.objection = [missing_ring = algorithm.objection](const AlgorithmOptions& options, const Graph& graph) {
    const auto cycle = static_cast<std::int64_t>(cycle_of(options));
    if (!has_delay(options) || options.integer("delay") <= cycle) return missing_ring(options, graph);
    return fmt::format(
        "delay = {} is longer than fragments * every = {} rounds: a fragment would lose every second turn",
        options.integer("delay"), cycle);
  };
  algorithm.fragments = [](const AlgorithmOptions& options) {
    return static_cast<FragmentId>(options.integer("fragments"));
  };
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) {
    auto sent = chunks_sent(sender.node, sender.graph.size(), sender.parameters);
    for (SentMessages& messages : sent) messages.count /= static_cast<double>(cycle_of(options));
    return sent;
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    return [nodes = run.graphs->at(0)->size(), options](const FragmentInfo& info) {
      return std::make_unique<StreamingDiLoCo>(info, nodes, settings_of(options, info.fragment));
    };
  };
  return algorithm;
}

}  // namespace tardigrad
