#include "models/networks/on_kernels/kinds.hpp"

#include "models/networks/on_kernels/char_lstm_on_kernels.hpp"
#include "models/networks/on_kernels/feed_forward_network.hpp"
#include "models/networks/on_kernels/resnet20_on_kernels.hpp"
#include "models/networks/on_kernels/transformer_on_kernels.hpp"

namespace tardigrad {
namespace {

bool has_few_channels(const Problem& problem) { return problem.input[0] <= kMostShallowChannels; }

FeedForwardForm form_of(const ModelSpec& spec, std::vector<bool> pools) {
  return {spec.norm == "batch" ? Normalisation::batch : Normalisation::group, spec.groups, std::move(pools)};
}

std::unique_ptr<Network> of_pictures(const std::vector<InitialTensor>& tensors, const Problem& problem,
                                     const FeedForwardForm& form) {
  if (!has_few_channels(problem)) return nullptr;
  return std::make_unique<FeedForwardNetwork>(tensors, problem, form);
}

}  // namespace

std::unique_ptr<Network> gn_lenet_on_kernels(const std::vector<InitialTensor>& tensors, const ModelSpec&,
                                             const Problem& problem) {
  return of_pictures(tensors, problem, {Normalisation::group, 2, {true, true, true}});
}

std::unique_ptr<Network> lenet_on_kernels(const std::vector<InitialTensor>& tensors, const ModelSpec&,
                                          const Problem& problem) {
  return of_pictures(tensors, problem, {Normalisation::none, 1, {true, true}});
}

std::unique_ptr<Network> fully_connected_on_kernels(const std::vector<InitialTensor>& tensors, const ModelSpec&,
                                                    const Problem& problem) {
  return std::make_unique<FeedForwardNetwork>(tensors, problem, FeedForwardForm{});
}

std::unique_ptr<Network> char_lstm_on_kernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                              const Problem& problem) {
  return std::make_unique<CharLstmOnKernels>(tensors, spec, problem);
}

std::unique_ptr<Network> resnet20_on_kernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                             const Problem& problem) {
  if (!has_few_channels(problem)) return nullptr;
  return std::make_unique<ResNet20OnKernels>(tensors, spec, problem);
}

std::unique_ptr<Network> transformer_on_kernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                                const Problem& problem) {
  return std::make_unique<TransformerOnKernels>(tensors, spec, problem);
}

std::unique_ptr<Network> vgg11_on_kernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                          const Problem& problem) {
  return of_pictures(tensors, problem, form_of(spec, {true, true, false, true, false, true, false, true}));
}

}  // namespace tardigrad
