/// Why a data set cannot be read.
#pragma once

#include <stdexcept>

namespace tardigrad {

/// One sentence. Never leaves a reader: it becomes the error of the reader's result.
class Unusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace tardigrad
