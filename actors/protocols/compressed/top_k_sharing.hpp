/// Top-k sharing, or sparsified models, the baseline of JWINS: nodes send the parameters that changed most
/// since the last averaging. `ScoredSharing` states the rule and the treatment of missing messages.
#pragma once

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

Algorithm top_k_sharing_algorithm();

}  // namespace tardigrad
