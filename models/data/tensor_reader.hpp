/// Reads a data set from tensors that torch.save has written.
#pragma once

#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// Each file holds inputs and labels, saved with torch.save((inputs, labels), "train.pt"): as a tuple or list
/// of the two, a dict or OrderedDict of them (inputs and labels, or the other common names: x and y, data and
/// targets, images, features), a TensorDataset, a part of one that random_split has drawn or that Subset has
/// chosen by a list or a range, a part of such a part, or a list of (input, label), one for each sample; each
/// also as the only element of another of these. Inputs and labels are
/// tensors, lists of tensors of one size, or labels a list of numbers. `TorchFile` describes formats and
/// devices.
///
/// `inputs`: samples first; uint8 (pixels, converted as those of other data sets), float32 (used unchanged),
/// float16, bfloat16 and bool (the same numbers as float32), or other whole numbers (tokens of a text, 0 to
/// 65,535). Inputs of three sizes are pictures: channels x height x width. float64 is refused: the user must
/// choose the conversion. `labels`: one whole number for each sample, or a column of them, classes from 0 on.
/// The largest numbers of both files give the number of classes and of tokens.
///
/// The error for an unreadable file names its kind and the way to save it instead.
DatasetResult read_tensors(const std::filesystem::path& train, const std::filesystem::path& test);

}  // namespace tardigrad
