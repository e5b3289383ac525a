#include "actors/protocols/parts/pair_mixing.hpp"

#include <utility>

namespace tardigrad {

namespace {

Bytes pair_payload(std::uint64_t parameters) { return 2 * sizeof(float) * parameters; }

}  // namespace

void PairMixing::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Pair own = own_pair(*trained);
  own.first.insert(own.first.end(), own.second.begin(), own.second.end());
  sent_ = share(std::move(own.first));
  Actions::Send message;
  message.values = sent_;
  message.payload = pair_payload(parameters());
  send_to_neighbours(round, graph, std::move(message), actions);
}

bool PairMixing::read(ProtocolMessage& message, const SharedValues& trained) {
  return message.has(2 * trained->size());
}

SharedValues PairMixing::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  const auto pair_of = [](const Values& both) {
    const auto middle = both.begin() + static_cast<std::ptrdiff_t>(both.size() / 2);
    return Pair{Values(both.begin(), middle), Values(middle, both.end())};
  };
  const SharedValues own = std::exchange(sent_, nullptr);
  return share(next_model(pair_of(weighted_mean(exchange, *own)), pair_of(*own), *trained));
}

Algorithm pair_mixing_algorithm(std::string name, std::string summary) {
  Algorithm algorithm = synchronous_algorithm(std::move(name), std::move(summary));
  algorithm.needs_every_message = true;
  set_payload(algorithm,
              [](const AlgorithmOptions&, std::uint64_t parameters) -> Bytes { return pair_payload(parameters); });
  return algorithm;
}

}  // namespace tardigrad
