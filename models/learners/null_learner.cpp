#include "models/learners/null_learner.hpp"

namespace tardigrad {

NullLearner::NullLearner(std::int64_t parameters) : layout_{{{"parameters", {parameters}}}, false} {}

}  // namespace tardigrad
