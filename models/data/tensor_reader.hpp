/// Reads a data set from tensors that torch.save has written.
#pragma once

#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// Each file holds inputs and labels, saved with torch.save((inputs, labels), "train.pt"): as a tuple or list of the
/// two, a dict or OrderedDict of them (inputs and labels, or as others say: x and y, data and targets, images,
/// features), a TensorDataset, a part of one that random_split has drawn, or a list of (input, label), one a sample;
/// each also as the only thing in another of these. Inputs and labels are tensors, lists of tensors of one size, or
/// labels a list of numbers. `TorchFile` says of which formats and devices.
///
/// `inputs`: samples first; uint8 (pixels, learned from as other data sets' are), float32 (as they are), float16,
/// bfloat16 and bool (the same numbers as float32), or other whole numbers (tokens of a text, 0 to 65,535). Inputs of
/// three sizes are pictures: channels x height x width. float64 is refused: which numbers it becomes is the user's to
/// say. `labels`: one whole number a sample, or a column of them, classes from 0 on. There are as many classes, and as
/// many tokens, as the largest number of both files says.
///
/// What cannot be read is refused by what it is, and with what to save instead.
DatasetResult read_tensors(const std::filesystem::path& train, const std::filesystem::path& test);

}  // namespace tardigrad
