/// Checks a module's file before LibTorch opens it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace caffe2::serialize {
class ReadAdapterInterface;
}

namespace tardigrad {

/// All bytes of a module's file. Throws Unusable if there is no such file or it cannot be read.
std::shared_ptr<const std::string> module_content(const std::filesystem::path& file);

/// Lends these bytes, which must stay in place, to LibTorch.
std::shared_ptr<caffe2::serialize::ReadAdapterInterface> reader_of(const std::string& content);

/// The reason why these bytes are no module that LibTorch could open without harm; empty if they may be one.
/// For files that are likely to be taken for a module (a state_dict, a pickled module, a checkpoint, an ONNX
/// file, ...) the reason names the kind, and the way to save a module instead. A module's tensors must be as
/// long in the file as its description of them says, because LibTorch believes that.
std::string objection_to_archive(const std::string& content);

}  // namespace tardigrad
