#include "actors/protocols/parts/mean_of_all.hpp"

#include <utility>

namespace tardigrad {

void MeanOfAll::on_start(SharedValues initial, Actions& actions) {
  begin(initial);
  actions.start_round(std::move(initial));
}

void MeanOfAll::on_trained(LocalRound local, Actions& actions) {
  Part own = own_part(local.round, *local.values);
  trained_ = std::move(local.values);
  if (own.size == 0) return end_round({}, actions);
  ring_.begin(std::move(own.values), own.size, actions);
  proceed(actions);
}

void MeanOfAll::on_message(const ProtocolMessage& message, Actions& actions) {
  ring_.put(message, actions);
  if (ring_.is_under_way()) proceed(actions);
}

void MeanOfAll::proceed(Actions& actions) {
  auto mean = ring_.proceed(actions);
  if (!mean) return actions.await({ring_.source()});
  end_round(std::move(*mean), actions);
}

void MeanOfAll::end_round(Values mean, Actions& actions) {
  actions.await({});
  actions.start_round(next_model(std::move(mean), std::exchange(trained_, nullptr)));
}

}  // namespace tardigrad
