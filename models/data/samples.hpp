/// What a data set consists of: inputs of one shape, and the class of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "models/data/label.hpp"
#include "models/data/labelled_images.hpp"

namespace tardigrad {

/// Each pixel v is learned from as (v / 255 - 0.5) / 0.5.
using Pixels = std::vector<std::uint8_t>;
/// Learned from as they are.
using Reals = std::vector<float>;
/// Signs of a text: numbers in a vocabulary, counted from 0.
using Tokens = std::vector<std::uint16_t>;

struct Samples {
  /// Sizes of one input. Three sizes are those of a picture: channels, height, width.
  std::vector<std::int64_t> shape;
  /// In the order of the sizes, but pictures channels last.
  std::variant<Pixels, Reals, Tokens> inputs;
  /// Values from the beginning of one input to that of the next: fewer than an input has, where they overlap as
  /// the windows on a text do.
  std::size_t stride = 0;
  std::vector<Label> labels;
  /// Whose each sample is, users counted from 0; empty where nobody knows.
  std::vector<std::uint32_t> users = {};

  std::size_t size() const { return labels.size(); }
};

Samples samples_of(LabelledImages images);

/// What there is to be learned from a data set.
struct Problem {
  std::vector<std::int64_t> input;  ///< sizes of one input, as in `Samples`
  std::int64_t classes = 0;
  std::int64_t vocabulary = 0;  ///< how many tokens there are; 0: inputs are numbers
};

/// Both parts have samples, of one shape and one type.
struct Dataset {
  Samples train;
  Samples test;
  std::int64_t classes = 0;     ///< labels are below
  std::int64_t vocabulary = 0;  ///< tokens are below

  Problem problem() const { return {train.shape, classes, vocabulary}; }
};

/// Two sets of pictures of one shape.
std::shared_ptr<const Dataset> dataset_of(LabelledImages train, LabelledImages test, std::int64_t classes);

struct DatasetResult {
  std::shared_ptr<const Dataset> dataset;
  std::string error;        ///< empty if all is well, else one clear sentence that names the file
  bool is_missing = false;  ///< of an error: the files are not there, or only in a form that is not read
};

}  // namespace tardigrad
