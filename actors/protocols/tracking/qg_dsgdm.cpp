#include "actors/protocols/tracking/qg_dsgdm.hpp"

#include <utility>

#include "actors/protocols/tracking/mean_gradient.hpp"
#include "models/weighted_sum.hpp"

namespace tardigrad {

QgDsgdm::QgDsgdm(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Form form, float beta)
    : SynchronousProtocol(info, std::move(graphs)), form_(form), beta_(beta) {}

void QgDsgdm::begin(const SharedValues& initial) { momentum_.assign(initial->size(), 0.0F); }

// g + beta (beta m + g) = (1 + beta) g + beta^2 m.
LocalWork QgDsgdm::next_work() const {
  LocalWork next;
  const bool looks_ahead = form_ == Form::nesterov;
  if (looks_ahead) next.factor = 1 + beta_;
  if (!learns()) return next;
  Values offset(momentum_.size(), 0.0F);
  add_weighted(offset, looks_ahead ? beta_ * beta_ : beta_, momentum_);
  next.offset = share(std::move(offset));
  return next;
}

void QgDsgdm::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Actions::Send message;
  message.values = trained;
  send_to_neighbours(round, graph, std::move(message), actions);
}

SharedValues QgDsgdm::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  Values next = weighted_mean(exchange, *trained);
  if (local().learning_rates > 0) {
    for (float& value : momentum_) value *= beta_;
    add_weighted(momentum_, 1 - beta_, mean_gradient(*start(), next, local()));
  }
  return share(std::move(next));
}

Algorithm qg_dsgdm_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "qg-dsgdm", "synchronous: whole models, and a momentum of the models' common change (ICML 2021)");
  algorithm.options = {{"momentum", 0.9, "beta, the share of the momentum that stays in a round", {0, 0.999}},
                       {"form",
                        std::string("heavy-ball"),
                        "how the momentum enters the local steps",
                        {0, 0, {"heavy-ball", "nesterov"}}}};
  algorithm.follows_changing_graphs = true;
  algorithm.needs_plain_steps = true;
  algorithm.compression = [](const AlgorithmOptions&) { return Compression::any; };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto form = options.text("form") == "nesterov" ? QgDsgdm::Form::nesterov : QgDsgdm::Form::heavy_ball;
    const auto beta = static_cast<float>(options.number("momentum"));
    return [graphs = run.graphs, form, beta](const FragmentInfo& info) {
      return std::make_unique<QgDsgdm>(info, graphs, form, beta);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
