/// The samples of a data set: inputs of one shape, and the class of each.
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

/// Networks get each pixel v as (v / 255 - 0.5) / 0.5.
using Pixels = std::vector<std::uint8_t>;
/// Networks get these numbers unchanged.
using Reals = std::vector<float>;
/// Characters of a text: indices into a vocabulary, counted from 0.
using Tokens = std::vector<std::uint16_t>;

struct Samples {
  /// Sizes of one input. Three sizes are those of a picture: channels, height, width.
  std::vector<std::int64_t> shape;
  /// In the order of the sizes, but pictures channels last.
  std::variant<Pixels, Reals, Tokens> inputs;
  /// The distance in values from the beginning of one input to that of the next. It is smaller than an input if
  /// inputs overlap, as the windows on a text do.
  std::size_t stride = 0;
  std::vector<Label> labels;
  /// The user to whom each sample belongs, counted from 0; empty if unknown.
  std::vector<std::uint32_t> users = {};

  std::size_t size() const { return labels.size(); }
};

Samples samples_of(LabelledImages images);

/// The learning problem that a data set poses.
struct Problem {
  std::vector<std::int64_t> input;  ///< sizes of one input, as in `Samples`
  std::int64_t classes = 0;
  std::int64_t vocabulary = 0;  ///< number of tokens; 0: inputs are numbers
};

/// Both parts have samples, of one shape and one type.
struct Dataset {
  Samples train;
  Samples test;
  std::int64_t classes = 0;     ///< an upper bound of labels
  std::int64_t vocabulary = 0;  ///< an upper bound of tokens

  Problem problem() const { return {train.shape, classes, vocabulary}; }
};

/// Two sets of pictures of one shape.
std::shared_ptr<const Dataset> dataset_of(LabelledImages train, LabelledImages test, std::int64_t classes);

struct DatasetResult {
  std::shared_ptr<const Dataset> dataset;
  std::string error;        ///< one clear sentence that names the file; empty on success
  bool is_missing = false;  ///< for an error: true if the files do not exist, or only in a form that cannot be read
};

}  // namespace tardigrad
