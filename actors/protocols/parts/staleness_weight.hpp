/// Weights for models that are behind: polynomial staleness as in FedAsync (Xie, Koyejo, Gupta: "Asynchronous Federated
/// Optimization", 2019, arXiv 1903.03934). With s = max(0, rounds finished here - rounds that the sender had finished
/// when it sent), a model counts
///
///     f = (1 + s)^-a
///
/// A model of a node ahead counts in full, and so does every model if a = 0. What f takes off stays with the node's own
/// model: weights add up to one as before.
#pragma once

#include <cmath>
#include <cstdint>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// f, of a model that is s = `behind`; `power` is a.
inline double staleness_weight(std::uint64_t behind, double power) {
  return std::pow(1 + static_cast<double>(behind), -power);
}
/// The same of a model of round `other` at a receiver in round `own`.
inline double staleness_weight(Round own, Round other, double power) {
  return staleness_weight(std::uint64_t{own > other ? own - other : 0}, power);
}

inline OptionSpec staleness_option() {
  return {"staleness_weight", 0.0, "a: a model that is s rounds behind counts (1 + s)^-a; 0: in full", 0, 100};
}

}  // namespace tardigrad
