/// The kernels' forms of networks, made of the tensors of LibTorch's.
#pragma once

#include <memory>
#include <vector>

namespace tardigrad {

class Network;
struct InitialTensor;
struct ModelSpec;
struct Problem;

/// Each returns null if the kernels cannot compute on such inputs: pictures of more than four channels.
using MakeOnKernels = std::unique_ptr<Network>(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                               const Problem& problem);

MakeOnKernels gn_lenet_on_kernels, lenet_on_kernels, fully_connected_on_kernels, char_lstm_on_kernels,
    resnet20_on_kernels, transformer_on_kernels, vgg11_on_kernels;

}  // namespace tardigrad
