#include "tests/models/kernels/every_isa.hpp"

namespace tardigrad {
namespace {

using test::Floats;

struct Scores {
  std::ptrdiff_t samples, classes;
  Floats values;
  std::vector<std::int64_t> labels;
};

Scores random_scores(std::ptrdiff_t samples, std::ptrdiff_t classes, double bound) {
  Scores scores = {samples, classes, test::uniform_floats(static_cast<std::size_t>(samples * classes), 1, bound), {}};
  for (std::ptrdiff_t i = 0; i < samples; ++i) scores.labels.push_back(7 * i % classes);
  return scores;
}

/// The gradient, and behind it the loss.
Floats cross_entropy(const Kernels& kernels, const Scores& scores) {
  Floats results(scores.values.size());
  const double loss =
      kernels.cross_entropy(scores.samples, scores.classes, scores.values.data(), scores.labels.data(), results.data());
  results.push_back(static_cast<float>(loss));
  return results;
}

std::vector<double> expected_cross_entropy(const Scores& scores) {
  std::vector<double> results;
  double loss = 0;
  for (std::ptrdiff_t i = 0; i < scores.samples; ++i) {
    const float* of_sample = scores.values.data() + i * scores.classes;
    const auto label = scores.labels[static_cast<std::size_t>(i)];
    double sum = 0;
    for (std::ptrdiff_t c = 0; c < scores.classes; ++c) sum += std::exp(static_cast<double>(of_sample[c]));
    for (std::ptrdiff_t c = 0; c < scores.classes; ++c) {
      results.push_back((std::exp(static_cast<double>(of_sample[c])) / sum - (c == label ? 1 : 0)) /
                        static_cast<double>(scores.samples));
    }
    loss += std::log(sum) - of_sample[label];
  }
  results.push_back(loss / static_cast<double>(scores.samples));
  return results;
}

TEST_CASE("softmax cross entropy has its formula's loss and gradient") {
  for (std::ptrdiff_t classes = 1; classes <= 33; ++classes) {
    const Scores scores = random_scores(1 + classes % 9, classes, 5);
    test::check_close(test::same_on_every_isa([&](const Kernels& kernels) { return cross_entropy(kernels, scores); }),
                      expected_cross_entropy(scores));
  }
}

TEST_CASE("the loss of sure answers is exact, and that of impossible ones large and finite") {
  Scores scores = {2, 3, {200, 0, 0, 200, 0, 0}, {0, 1}};
  const Floats results =
      test::same_on_every_isa([&](const Kernels& kernels) { return cross_entropy(kernels, scores); });
  CHECK(results[0] == 0);
  CHECK(results[3] == 0.5F);
  CHECK(results[4] == -0.5F);
  CHECK(results[6] == 100);
}

TEST_CASE("scores that are not finite have no loss, and their sample no gradient") {
  for (const float bad : {static_cast<float>(NAN), static_cast<float>(INFINITY)}) {
    for (std::size_t place = 0; place < 20; ++place) {
      Scores scores = random_scores(2, 20, 1);
      scores.values[place] = bad;
      const Floats results =
          test::same_on_every_isa([&](const Kernels& kernels) { return cross_entropy(kernels, scores); });
      CHECK(std::isnan(results.back()));
      CHECK(std::isnan(results[place]));
      CHECK(std::isfinite(results[20]));
    }
  }
}

TEST_CASE("flattening sorts pictures channel by channel, and back") {
  for (std::ptrdiff_t pixels = 1; pixels <= 33; ++pixels) {
    const Planes planes = {2, 32, 1, pixels};
    const Floats pictures = test::uniform_floats(static_cast<std::size_t>(64 * pixels), 1);
    const Floats rows = test::same_on_every_isa([&](const Kernels& kernels) {
      Floats flat(pictures.size());
      kernels.flatten(planes, pictures.data(), flat.data());
      return flat;
    });
    for (std::ptrdiff_t channel = 0; channel < 64; ++channel) {
      const auto place = static_cast<std::size_t>(channel * pixels + pixels - 1);
      CHECK(rows[place] ==
            pictures[static_cast<std::size_t>((channel / 16 * pixels + pixels - 1) * 16 + channel % 16)]);
    }
    CHECK(pictures == test::same_on_every_isa([&](const Kernels& kernels) {
            Floats back(rows.size());
            kernels.unflatten(planes, rows.data(), back.data());
            return back;
          }));
  }
}

TEST_CASE("ReLU and its way back pass on what is not a number") {
  for (const Isa isa : kIsas) {
    if (!is_usable(isa)) continue;
    Floats values(19, -1), gradient(19, 5);
    values[3] = 2, values[18] = NAN;
    kernels(isa).rectify_numbers(19, values.data());
    kernels(isa).mask_by_output(19, values.data(), gradient.data());
    for (std::size_t i = 0; i < 19; ++i) {
      CHECK(gradient[i] == (i == 3 || i == 18 ? 5 : 0));
      if (i != 18) CHECK(values[i] == (i == 3 ? 2 : 0));
    }
    CHECK(std::isnan(values[18]));
  }
}

}  // namespace
}  // namespace tardigrad
