/// A module's file before LibTorch opens it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace caffe2::serialize {
class ReadAdapterInterface;
}

namespace tardigrad {

/// All bytes of a module's file. Throws Unusable: there is no such file, or it cannot be read.
std::shared_ptr<const std::string> module_content(const std::filesystem::path& file);

/// Lends these bytes, which stay where they are, to LibTorch.
std::shared_ptr<caffe2::serialize::ReadAdapterInterface> reader_of(const std::string& content);

/// Why these bytes are no module that LibTorch could open without harm; empty if they may be one. Says what they are
/// where they are something that is likely to be taken for a module (a state_dict, a pickled module, a checkpoint, an
/// ONNX file, ...), and what to save instead. A module's tensors must be as long in the file as its description of them
/// says: LibTorch believes that.
std::string objection_to_archive(const std::string& content);

}  // namespace tardigrad
