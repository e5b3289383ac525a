#include "models/layers/transformer_block.hpp"

#include "tests/models/layers/slope.hpp"

namespace tardigrad {
namespace {

using test::Doubles;
using Results = test::Floats;

/// One block in double precision: parameters lie in the order of its tensors.
class ExactBlock {
 public:
  explicit ExactBlock(const AttentionShape& shape) : w_(shape.width), heads_(shape.heads), steps_(shape.steps) {}

  std::ptrdiff_t parameters() const { return 12 * w_ * w_ + 13 * w_; }

  /// Of one sequence after the other.
  Doubles output(const Doubles& input, const Doubles& parameters) const {
    const double* p = parameters.data();
    const double *norm1 = p, *mix = norm1 + 2 * w_, *project = mix + 3 * w_ * (w_ + 1),
                 *norm2 = project + w_ * (w_ + 1), *expand = norm2 + 2 * w_, *contract = expand + 4 * w_ * (w_ + 1);
    Doubles middle = connected(attended(connected(normalised(input, norm1), mix, w_, 3 * w_)), project, w_, w_);
    add(input, middle);
    Doubles hidden = connected(normalised(middle, norm2), expand, w_, 4 * w_);
    for (double& a : hidden) a = a / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (a + 0.044715 * a * a * a)));
    Doubles output = connected(hidden, contract, 4 * w_, w_);
    add(middle, output);
    return output;
  }

 private:
  static void add(const Doubles& addend, Doubles& to) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += addend[i];
  }

  Doubles normalised(const Doubles& rows, const double* p) const {
    Doubles result;
    for (auto row = rows.begin(); row != rows.end(); row += w_) {
      double mean = 0, variance = 0;
      for (std::ptrdiff_t i = 0; i < w_; ++i) mean += row[i] / static_cast<double>(w_);
      for (std::ptrdiff_t i = 0; i < w_; ++i) variance += (row[i] - mean) * (row[i] - mean) / static_cast<double>(w_);
      for (std::ptrdiff_t i = 0; i < w_; ++i) {
        result.push_back(p[i] * (row[i] - mean) / std::sqrt(variance + 1e-5) + p[w_ + i]);
      }
    }
    return result;
  }

  static Doubles connected(const Doubles& rows, const double* p, std::ptrdiff_t in, std::ptrdiff_t out) {
    Doubles result;
    for (auto row = rows.begin(); row != rows.end(); row += in) {
      for (std::ptrdiff_t o = 0; o < out; ++o) {
        double sum = p[in * out + o];
        for (std::ptrdiff_t i = 0; i < in; ++i) sum += p[o * in + i] * row[i];
        result.push_back(sum);
      }
    }
    return result;
  }

  Doubles attended(const Doubles& mixed) const {
    const std::ptrdiff_t rows = static_cast<std::ptrdiff_t>(mixed.size()) / (3 * w_), size = w_ / heads_;
    Doubles result(static_cast<std::size_t>(rows * w_), 0);
    for (std::ptrdiff_t row = 0; row < rows; ++row) {
      for (std::ptrdiff_t head = 0; head < heads_; ++head) {
        const double* query = mixed.data() + row * 3 * w_ + head * size;
        Doubles powers;
        double all = 0;
        for (std::ptrdiff_t seen = row - row % steps_; seen <= row; ++seen) {
          const double* key = mixed.data() + seen * 3 * w_ + w_ + head * size;
          double score = 0;
          for (std::ptrdiff_t i = 0; i < size; ++i) score += query[i] * key[i];
          powers.push_back(std::exp(score / std::sqrt(static_cast<double>(size))));
          all += powers.back();
        }
        for (std::size_t s = 0; s < powers.size(); ++s) {
          const std::ptrdiff_t seen = row - row % steps_ + static_cast<std::ptrdiff_t>(s);
          for (std::ptrdiff_t i = 0; i < size; ++i) {
            result[static_cast<std::size_t>(row * w_ + head * size + i)] +=
                powers[s] / all * mixed[static_cast<std::size_t>(seen * 3 * w_ + 2 * w_ + head * size + i)];
          }
        }
      }
    }
    return result;
  }

  std::ptrdiff_t w_, heads_, steps_;
};

template <class Number>
TransformerBlockTensors<Number> tensors_at(Number* place, std::ptrdiff_t w) {
  const auto take = [&](std::ptrdiff_t weight, std::ptrdiff_t bias) {
    const WeightAndBias<Number> taken{place, place + weight};
    place += weight + bias;
    return taken;
  };
  TransformerBlockTensors<Number> tensors;
  tensors.norm1 = take(w, w), tensors.mix = take(3 * w * w, 3 * w), tensors.project = take(w * w, w);
  tensors.norm2 = take(w, w), tensors.expand = take(4 * w * w, 4 * w), tensors.contract = take(4 * w * w, w);
  return tensors;
}

struct Case {
  Case(const AttentionShape& of_shape, std::ptrdiff_t of_sequences)
      : shape(of_shape),
        sequences(of_sequences),
        input(test::uniform_floats(static_cast<std::size_t>(sequences * shape.steps * shape.width), 1)),
        parameters(test::uniform_floats(static_cast<std::size_t>(ExactBlock(shape).parameters()), 2)),
        given(test::uniform_floats(input.size(), 3)) {}

  /// Output and the gradients by the parameters and the input.
  Results results(const Kernels& kernels) const {
    TransformerScratch scratch;
    TransformerBlock block(shape, kernels, scratch);
    Results all, gradient, by_parameters(parameters.size(), 9);
    for (const std::ptrdiff_t count : {std::ptrdiff_t{1}, sequences}) {  // the second must not see the first
      const float* output = block.forward(count, input.data(), tensors_at(parameters.data(), shape.width), true);
      all.assign(output, output + count * shape.steps * shape.width);
      gradient = given;
      block.backward(tensors_at(parameters.data(), shape.width), tensors_at(by_parameters.data(), shape.width),
                     gradient.data());
    }
    all.insert(all.end(), by_parameters.begin(), by_parameters.end());
    all.insert(all.end(), gradient.begin(), gradient.end());
    return all;
  }

  AttentionShape shape;
  std::ptrdiff_t sequences;
  Results input, parameters, given;
};

TEST_CASE(
    "a transformer's block has its formula's output and gradients, with the same bytes on every instruction set") {
  for (const AttentionShape& shape : {AttentionShape{3, 6, 2}, AttentionShape{35, 4, 1}, AttentionShape{1, 5, 5}}) {
    const Case given(shape, 2);
    const Results results = test::same_on_every_isa([&](const Kernels& kernels) { return given.results(kernels); });
    const ExactBlock exact(shape);
    Doubles input = test::doubled(given.input), parameters = test::doubled(given.parameters);
    const auto loss = [&] {
      const Doubles output = exact.output(input, parameters);
      double sum = 0;
      for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * given.given[i];
      return sum;
    };
    test::check_parts_close(results,
                            {exact.output(input, parameters), test::slope(loss, parameters), test::slope(loss, input)});
  }
}

TEST_CASE("a step's output depends on no later step") {
  const AttentionShape shape = {40, 32, 4};
  Case given(shape, 1);
  TransformerScratch scratch;
  TransformerBlock block(shape, kernels(), scratch);
  const auto output = [&] {
    const float* values =
        block.forward(1, given.input.data(), tensors_at<const float>(given.parameters.data(), shape.width), false);
    return Results(values, values + given.input.size());
  };
  const Results before = output();
  constexpr std::ptrdiff_t kChanged = 33 * 32;
  given.input[kChanged + 5] += 1;
  const Results after = output();
  CHECK(std::equal(before.begin(), before.begin() + kChanged, after.begin()));
  CHECK_FALSE(std::equal(before.begin() + kChanged, before.begin() + kChanged + 32, after.begin() + kChanged));
}

TEST_CASE("a transformer's block of known values has known bytes, whatever the compiler") {
  const Case given({19, 24, 3}, 3);
  CHECK(test::checksum(test::same_on_every_isa([&](const Kernels& kernels) { return given.results(kernels); })) ==
        11866316310775633109U);
}

}  // namespace
}  // namespace tardigrad
