/// The model of a scenario, already checked for types and ranges.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tardigrad {

struct ModelSpec {
  /// One of `model_kinds()`.
  std::string kind = "gn-lenet";
  /// null only: number of parameters
  std::int64_t parameters = 0;
  /// mlp only: sizes of the layers between input and classes
  std::vector<std::int64_t> hidden = {256, 128};
  /// lstm only: numbers a character, stacked layers, units of each
  std::int64_t embedding = 8;
  std::int64_t layers = 2;
  std::int64_t units = 256;
  /// resnet-20, vgg-11: group or batch
  std::string norm = "group";
  /// Group normalisation only: number of groups into which each layer's channels are split.
  std::int64_t groups = 2;
  /// torchscript only: the module's file
  std::string file = {};
  /// torchscript only
  std::string loss = "cross-entropy";
  /// torchscript only: the bytes of that file, whatever has become of the file; null: read the file.
  std::shared_ptr<const std::string> content = nullptr;
  /// Treatment of statistics that are not trained (batch normalisation): averaged with the other nodes' as
  /// parameters are, or local.
  std::string statistics = "averaged";
};

}  // namespace tardigrad
