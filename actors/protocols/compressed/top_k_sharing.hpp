/// Top-k sharing, or sparsified models, as JWINS is compared with: the parameters that changed most since the last
/// averaging; see scored_sharing.hpp for the rule and for what happens where a message did not come.
#pragma once

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

Algorithm top_k_sharing_algorithm();

}  // namespace tardigrad
