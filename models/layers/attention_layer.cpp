#include "models/layers/attention_layer.hpp"

#include <algorithm>
#include <cmath>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

/// So many steps are computed together. What the first of them does not see is computed in vain.
constexpr Index kStepsTogether = 32;

/// Calls `visit(begin, end)`.
template <class Visit>
void for_steps(Index steps, Visit visit) {
  for (Index begin = 0; begin < steps; begin += kStepsTogether) visit(begin, std::min(steps, begin + kStepsTogether));
}

}  // namespace

AttentionLayer::AttentionLayer(const AttentionShape& shape, const Kernels& kernels)
    : shape_(shape), kernels_(kernels) {}

float AttentionLayer::factor() const { return static_cast<float>(1 / std::sqrt(static_cast<double>(size()))); }

void AttentionLayer::dot_products(const float* a, Index a_row, const float* b, float* products) {
  const Index steps = shape_.steps;
  float* columns = transposed_.at_least(size() * steps);
  kernels_.transpose(steps, size(), b, 3 * shape_.width, columns, steps);
  for_steps(steps, [&](Index begin, Index end) {
    Product p;
    p.rows = end - begin, p.columns = end, p.depth = size();
    p.a = a + begin * a_row, p.a_row = a_row;
    p.b = columns, p.b_row = steps;
    p.c = products + begin * steps, p.c_row = steps;
    kernels_.multiply(p);
  });
}

void AttentionLayer::sum_of_seen(const float* weights, const float* b, float* output, Index output_row) {
  for_steps(shape_.steps, [&](Index begin, Index end) {
    Product p;
    p.rows = end - begin, p.columns = size(), p.depth = end;
    p.a = weights + begin * shape_.steps, p.a_row = shape_.steps;
    p.b = b, p.b_row = 3 * shape_.width;
    p.c = output + begin * output_row, p.c_row = output_row;
    kernels_.multiply(p);
  });
}

void AttentionLayer::sum_of_seeing(const float* weights, const float* b, Index b_row, float* output) {
  const Index steps = shape_.steps, output_row = 3 * shape_.width;
  for_steps(steps, [&](Index begin, Index end) {
    Product p;
    p.rows = end - begin, p.columns = size(), p.depth = steps - begin;
    p.a = weights + begin * steps + begin, p.a_row = 1, p.a_depth = steps;
    p.b = b + begin * b_row, p.b_row = b_row;
    p.c = output + begin * output_row, p.c_row = output_row;
    kernels_.multiply(p);
  });
}

void AttentionLayer::attend(const Head& head, float* shares, float* output) {
  dot_products(head.queries, 3 * shape_.width, head.keys, shares);
  kernels_.causal_softmax(shape_.steps, factor(), shares);
  sum_of_seen(shares, head.values, output, shape_.width);
}

void AttentionLayer::attend_back(const Head& head, const float* shares, const float* output_gradient,
                                 float* mixed_gradient) {
  const Index steps = shape_.steps, row = 3 * shape_.width;
  float* queries = mixed_gradient;
  float* keys = queries + shape_.width;
  float* values = keys + shape_.width;
  float* gradient = share_gradient_.at_least(steps * steps);
  sum_of_seeing(shares, output_gradient, shape_.width, values);
  dot_products(output_gradient, shape_.width, head.values, gradient);
  kernels_.causal_softmax_back(steps, factor(), shares, gradient);
  sum_of_seen(gradient, head.keys, queries, row);
  sum_of_seeing(gradient, head.queries, row, keys);
}

void AttentionLayer::forward(Index sequences, const float* mixed, bool trains, float* output) {
  const Index scores = shape_.steps * shape_.steps;
  float* shares = shares_.at_least((trains ? sequences * shape_.heads : 1) * scores);
  for (Index sequence = 0; sequence < sequences; ++sequence) {
    for (Index number = 0; number < shape_.heads; ++number) {
      attend(head(mixed + number * size()), shares, output + number * size());
      if (trains) shares += scores;
    }
    mixed += shape_.steps * 3 * shape_.width;
    output += shape_.steps * shape_.width;
  }
}

void AttentionLayer::backward(Index sequences, const float* mixed, const float* output_gradient,
                              float* mixed_gradient) {
  const float* shares = shares_.get();
  for (Index sequence = 0; sequence < sequences; ++sequence) {
    for (Index number = 0; number < shape_.heads; ++number) {
      attend_back(head(mixed + number * size()), shares, output_gradient + number * size(),
                  mixed_gradient + number * size());
      shares += shape_.steps * shape_.steps;
    }
    mixed += shape_.steps * 3 * shape_.width;
    mixed_gradient += shape_.steps * 3 * shape_.width;
    output_gradient += shape_.steps * shape_.width;
  }
}

}  // namespace tardigrad
