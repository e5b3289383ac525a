/// JWINS (Dhasade, Kermarrec, Pires, Sharma, Vujasinovic, Wigger: "Get More for Less in Decentralized Learning
/// Systems", ICDCS 2023, arXiv 2306.04377): nodes send the wavelet coefficients that have changed most, in a
/// share that every node draws anew each round. `ScoredSharing` states the rule and the treatment of missing
/// messages.
#pragma once

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

Algorithm jwins_algorithm();

}  // namespace tardigrad
