/// What there is to learn, which model, data set and partition must agree on.
#pragma once

namespace tardigrad {

enum class Task {
  nothing,  ///< the null model, to study the network alone
  labels,   ///< a class for each sample
  ratings,  ///< users' ratings of items
  optimum,  ///< the known optimum of a function that the model's options define
  own,      ///< what a learner of the user's own brings: its data, accuracy and loss
};

/// True if there is a data set to learn from.
inline bool has_data(Task task) { return task == Task::labels || task == Task::ratings; }

}  // namespace tardigrad
