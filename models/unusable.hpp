/// Why a data set cannot be read.
#pragma once

#include <stdexcept>

namespace tardigrad {

/// One sentence. Never leaves a reader: it becomes the error of the reader's result.
class Unusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The same of files that are not there, or only in a form that is not read: whoever knows where to get them can say
/// so.
class Missing : public Unusable {
 public:
  using Unusable::Unusable;
};

/// The failed result of a reader. `Result`: a null pointer, the error, and whether something is missing.
template <class Result>
Result refusal(const Unusable& problem) {
  return {nullptr, problem.what(), dynamic_cast<const Missing*>(&problem) != nullptr};
}

}  // namespace tardigrad
