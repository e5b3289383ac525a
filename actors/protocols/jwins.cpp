#include "actors/protocols/jwins.hpp"

#include <utility>

#include "actors/protocols/scored_sharing.hpp"
#include "netem/random_stream.hpp"

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

/// Bytes of a message over those of the raw values, on average over the fractions.
double mean_share(const std::vector<double>& fractions, double cap) {
  double sum = 0;
  for (const double fraction : fractions) sum += sparse_share(fraction, cap);
  return sum / static_cast<double>(fractions.size());
}

}  // namespace

Algorithm jwins_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "jwins", "synchronous: the wavelet coefficients that changed most, a random share of them (ICDCS 2023)");
  algorithm.options = {
      {"fractions", std::vector<double>{0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 1},
       "shares of the coefficients of which a node draws one each round", 0.0001, 1},
      {"cap", 0.5, "from this share on all is sent, without indices", 0.0001, 1},
      {"wavelet", std::string("sym2"), "none: parameters are chosen themselves", 0, 0, {"sym2", "haar", "none"}},
      {"levels", std::int64_t{4}, "of the wavelet transform", 1, 30},
      {"accumulate", std::string("total"), "which unsent changes add up over rounds: all, those of local steps, none",
       0, 0, accumulation_names()}};
  algorithm.follows_changing_graphs = true;
  set_message_share(algorithm, [](const AlgorithmOptions& options) {
    return mean_share(options.numbers("fractions"), options.number("cap"));
  });
  algorithm.protocols = [](const AlgorithmOptions& options, std::shared_ptr<const GraphSchedule> graphs,
                           std::uint64_t seed) -> ProtocolFactory {
    const auto fraction = [seed, list = options.numbers("fractions")](NodeId node, Round round) {
      return list[RandomStream(seed, Purpose::shared_fraction, node, round).below(list.size())];
    };
    return [own = jwins_options(options), graphs, fraction](const Seat& seat) {
      return std::make_unique<ScoredSharing>(seat, graphs, own, fraction);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
