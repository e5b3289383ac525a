#include "actors/protocols/compressed/jwins.hpp"

#include <utility>

#include "actors/protocols/parts/scored_sharing.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

ScoredSharingOptions jwins_options(const AlgorithmOptions& options) {
  ScoredSharingOptions own;
  if (options.text("wavelet") == "sym2") own.wavelet = Wavelet::sym2;
  if (options.text("wavelet") == "haar") own.wavelet = Wavelet::haar;
  own.levels = static_cast<unsigned>(options.integer("levels"));
  own.accumulation = accumulation_of(options.text("accumulate"));
  own.cap = options.number("cap");
  return own;
}

}  // namespace

Algorithm jwins_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "jwins", "synchronous: the wavelet coefficients that changed most, a random share of them (ICDCS 2023)");
  algorithm.averages_alone = true;
  algorithm.options = {
      {"fractions", std::vector<double>{0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 1},
       "shares of the coefficients of which a node draws one each round", 0.0001, 1},
      {"cap", 0.5, "from this share on all is sent, without indices", 0.0001, 1},
      {"wavelet", std::string("sym2"), "none: parameters are chosen themselves", 0, 0, {"sym2", "haar", "none"}},
      {"levels", std::int64_t{4}, "of the wavelet transform", 1, 30},
      {"accumulate", std::string("total"), "which unsent changes add up over rounds: all, those of local steps, none",
       0, 0, accumulation_names()}};
  algorithm.follows_changing_graphs = true;
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) {
    const auto& fractions = options.numbers("fractions");
    const double count = sender.graph.degree(sender.node) / static_cast<double>(fractions.size());
    std::vector<SentMessages> sends;
    for (const double fraction : fractions) {
      const Bytes payload = scored_payload(fraction, jwins_options(options), sender.parameters);
      sends.push_back({count, static_cast<double>(payload)});
    }
    return sends;
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto fraction = [seed = run.seed, list = options.numbers("fractions")](NodeId node, Round round) {
      return list[RandomStream(seed, Purpose::shared_fraction, node, round).below(list.size())];
    };
    return [own = jwins_options(options), graphs = run.graphs, fraction](const FragmentInfo& info) {
      return std::make_unique<ScoredSharing>(info, graphs, own, fraction);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
