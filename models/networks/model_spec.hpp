/// What a scenario says about its model, already checked for types and ranges.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tardigrad {

struct ModelSpec {
  /// One of `model_kinds()`.
  std::string kind = "gn-lenet";
  /// null only: number of parameters.
  std::int64_t parameters = 0;
  /// mlp only: sizes of the layers between input and classes.
  std::vector<std::int64_t> hidden = {256, 128};
  /// lstm only: numbers a sign, stacked layers, units of each.
  std::int64_t embedding = 8;
  std::int64_t layers = 2;
  std::int64_t units = 256;
  /// resnet-20, vgg-11: group or batch.
  std::string norm = "group";
  /// With group normalisation: into how many groups each layer's channels are split.
  std::int64_t groups = 2;
  /// torchscript only: the module's file.
  std::string file = {};
  /// torchscript only: the bytes of that file that are to be used, whatever has become of it; null: those in it now.
  std::shared_ptr<const std::string> content = nullptr;
  /// What becomes of statistics that are not trained (batch normalisation): averaged with the other nodes' as
  /// parameters are, or local.
  std::string statistics = "averaged";
};

}  // namespace tardigrad
