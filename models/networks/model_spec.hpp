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
  /// transformer only: layers, heads of attention, numbers a token, whether both ends share a weight
  std::int64_t blocks = 4;
  std::int64_t heads = 4;
  std::int64_t width = 128;
  bool tied_embeddings = true;
  /// resnet-20, vgg-11: group or batch
  std::string norm = "group";
  /// Group normalisation only: number of groups into which each layer's channels are split.
  std::int64_t groups = 2;
  /// quadratic and logistic only: numbers of a point, samples of a node, how far nodes' functions are apart; then
  /// quadratic's greatest quotient of curvatures and deviation of samples, and logistic's weight of |x|^2
  std::int64_t dimension = 20;
  std::int64_t samples = 100;
  double heterogeneity = 1;
  double condition = 10;
  double noise = 0;
  double penalty = 0.01;
  /// torchscript only: the module's file; python only: "file.py:Class", whose learner runs in processes of its own
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
