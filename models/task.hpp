/// What there is to learn, which model, data set and partition must agree on.
#pragma once

namespace tardigrad {

enum class Task {
  nothing,  ///< the null model, to study the network alone
  labels,   ///< a class for each sample
  ratings,  ///< users' ratings of items
};

}  // namespace tardigrad
