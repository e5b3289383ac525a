/// Errors of the readers of data sets.
#pragma once

#include <stdexcept>

namespace tardigrad {

/// One sentence. Never leaves a reader: it becomes the error of the reader's result.
class Unusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The files do not exist, or only in a form that cannot be read: the caller can add where to get them.
class Missing : public Unusable {
 public:
  using Unusable::Unusable;
};

/// The failed result of a reader. `Result` holds a null pointer, the error, and a mark for missing files.
template <class Result>
Result refusal(const Unusable& problem) {
  return {nullptr, problem.what(), dynamic_cast<const Missing*>(&problem) != nullptr};
}

}  // namespace tardigrad
