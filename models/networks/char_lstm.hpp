/// The recurrent network that predicts a text's next character.
#pragma once

#include "models/networks/autograd_network.hpp"

namespace tardigrad {

/// An embedding of characters, stacked LSTM layers (Hochreiter and Schmidhuber 1997, with the gates and the two
/// biases of torch.nn.LSTM), and a fully connected layer from the last state to the next character. The default
/// options give the network of McMahan et al. (AISTATS 2017) and LEAF for Shakespeare: 8 numbers a character,
/// two layers of 256 units; with V characters 798,720 + 265 V parameters, 819,920 with LEAF's 80.
///
/// Tensors: embedding.weight (characters x numbers), lstm1.weight_ih (4 units x in; input, forget, cell and
/// output gate), lstm1.weight_hh (4 units x units), lstm1.bias_ih, lstm1.bias_hh, lstm2.weight_ih, ...,
/// fc.weight, fc.bias. They start as in PyTorch: the embedding standard normal, an LSTM uniform in +- 1 /
/// sqrt(units).
class CharLstm final : public AutogradNetwork {
 public:
  CharLstm(const ModelSpec& spec, const Problem& problem);

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const override;

  std::int64_t layers_;
};

}  // namespace tardigrad
