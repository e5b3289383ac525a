/// Reads a data set from tensors that torch.save has written.
#pragma once

#include <filesystem>

#include "models/samples.hpp"

namespace tardigrad {

/// Each file holds a tuple (inputs, labels) or a dict {"inputs": ..., "labels": ...} of tensors, saved with
/// torch.save((inputs, labels), "train.pt").
///
/// `inputs`: samples first; uint8 (pixels, learned from as other data sets' are), float32 (as they are) or int64
/// (tokens of a text, 0 to 65,535). Inputs of three sizes are pictures: channels x height x width.
/// `labels`: one whole number a sample, classes from 0 on. There are as many classes, and as many tokens, as the
/// largest number of both files says.
DatasetResult read_tensors(const std::filesystem::path& train, const std::filesystem::path& test);

}  // namespace tardigrad
