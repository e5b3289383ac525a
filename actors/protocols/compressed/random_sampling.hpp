/// Random sampling, or sub-sampled models: nodes send a random part of the parameters, the same to all
/// neighbours, anew each round. A seed travels in place of indices. With half_i = x_i after local steps:
///
///     x_i <- sum_j W_ij c_j,   c_j = half_i overwritten by the values that j has sent of half_j
///
/// Values that a neighbour does not send count as the node's own, and so does the whole model of a neighbour
/// whose message did not arrive. Hence, unlike with whole models, the mean over nodes is not preserved.
#pragma once

#include "actors/protocols/parts/synchronous.hpp"
#include "models/codecs/codec.hpp"

namespace tardigrad {

class RandomSampling final : public SynchronousProtocol {
 public:
  /// `codec` draws the coordinates that are sent.
  RandomSampling(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs,
                 std::shared_ptr<const Codec> codec, std::uint64_t seed);

 private:
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  std::shared_ptr<const Codec> codec_;
  std::uint64_t seed_;
};

Algorithm random_sampling_algorithm();

}  // namespace tardigrad
