#include "actors/protocols/low_communication/sparta.hpp"

#include <cmath>
#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

void Sparta::persist(StateArchive& archive) {
  MeanOfAll::persist(archive);
  archive(mask_);
  for (const std::uint64_t position : mask_) {
    if (position >= parameters()) archive.fail();
  }
}

MeanOfAll::Part Sparta::own_part(Round round, const Values& trained) {
  mask_ = draw_mask_(round, parameters());
  Part part{mask_.size()};
  if (trained.empty()) return part;
  for (const std::uint64_t position : mask_) part.values.push_back(trained[position]);
  return part;
}

SharedValues Sparta::next_model(Values mean, const SharedValues& trained) {
  if (mean.empty()) return trained;
  Values next = *trained;
  for (std::size_t k = 0; k < mean.size(); ++k) next[mask_[k]] = mean[k];
  return share(std::move(next));
}

// The gaps between the positions of independent draws are geometric, so that a small part of many parameters takes few
// draws.
DrawMask bernoulli_masks(double probability, std::uint64_t seed) {
  return [gap_scale = -1 / std::log1p(-probability), seed](Round round, std::uint64_t parameters) {
    RandomStream draws(seed, Purpose::shared_fraction, 0, round);
    std::vector<std::uint64_t> mask;
    const auto end = static_cast<double>(parameters);
    for (double position = std::floor(draws.exponential() * gap_scale); position < end;
         position += 1 + std::floor(draws.exponential() * gap_scale)) {
      mask.push_back(static_cast<std::uint64_t>(position));
    }
    return mask;
  };
}

namespace {

/// Means over the masks: how many rounds have one, and the length of its chunks.
std::vector<SentMessages> mean_chunks(double probability, const Sender& sender) {
  const auto values = static_cast<double>(sender.parameters);
  const double not_empty = -std::expm1(values * std::log1p(-probability));
  const NodeId nodes = sender.graph.size();
  const double mask_size = probability * values / not_empty;
  return {{static_cast<double>(RingAllReduce::steps(nodes)) * not_empty, sizeof(float) * mask_size / nodes}};
}

}  // namespace

Algorithm sparta_algorithm() {
  Algorithm algorithm =
      ring_algorithm("sparta", "synchronous: the mean over all nodes of a few random parameters (2025)");
  algorithm.options = {{"probability", 0.005, "p, of each parameter to be averaged in a round", 1e-6, 1}};
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) {
    return mean_chunks(options.number("probability"), sender);
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    return [nodes = run.graphs->at(0)->size(), masks = bernoulli_masks(options.number("probability"), run.seed)](
               const FragmentInfo& info) { return std::make_unique<Sparta>(info, nodes, masks); };
  };
  return algorithm;
}

}  // namespace tardigrad
