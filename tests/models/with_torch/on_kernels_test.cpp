/// The networks on the kernels beside LibTorch's: the same network written with LibTorch's modules in double precision,
/// and the form that a scenario gets with backend = "libtorch".
#include <cmath>
#include <cstring>
#include <tuple>
#include <utility>

#include "models/learners/learner.hpp"
#include "models/networks/model_kind.hpp"
#include "models/networks/on_kernels/kernel_network.hpp"
#include "netem/base/random_stream.hpp"
#include "tests/models/random_images.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/models/with_torch/plain_networks.hpp"

namespace tardigrad {
namespace {

const Problem kCifar = {{3, 32, 32}, 10};
const Problem kFemnist = {{1, 28, 28}, 62};
const Problem kText = {{12}, 80, 80};

bool is_text(const Problem& problem) { return problem.vocabulary > 0; }

const Problem& problem_for(const std::string& kind) {
  if (kind == "transformer") return kText;
  return kind == "lenet" ? kFemnist : kCifar;
}

ModelSpec of_kind(const std::string& kind, const std::string& norm = "group") {
  ModelSpec spec{kind};
  spec.norm = norm;
  return spec;
}

std::unique_ptr<Network> network_of(const ModelSpec& spec, const Problem& problem, Backend backend) {
  NetworkResult made = make_network(spec, problem, backend);
  REQUIRE_MESSAGE(made.network, made.error);
  return std::move(made.network);
}

Minibatch random_batch(const Problem& problem, std::size_t samples, std::uint64_t seed) {
  if (!is_text(problem)) {
    const auto size = [&](std::size_t place) { return static_cast<std::size_t>(problem.input[place]); };
    const auto classes = static_cast<std::size_t>(problem.classes);
    return test::whole_batch(test::random_images({size(0), size(1), size(2)}, samples, seed, classes));
  }
  RandomStream stream(seed, Purpose::test);
  const auto length = static_cast<std::size_t>(problem.input[0]);
  const auto sign = [&] {
    return static_cast<std::uint16_t>(stream.below(static_cast<std::uint64_t>(problem.vocabulary)));
  };
  Tokens tokens;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < samples * length; ++i) tokens.push_back(sign());
  for (std::size_t i = 0; i < samples; ++i) labels.push_back(sign());
  return test::whole_batch({{problem.input[0]}, std::move(tokens), length, std::move(labels)});
}

/// A model as after some training: scales and shifts that are neither one nor zero.
Values stirred_model(const Network& network, std::uint64_t seed) {
  Values model = network.initial_model(seed);
  RandomStream stream(seed, Purpose::test, 1);
  for (float& value : model) value = static_cast<float>(value * (0.9 + 0.2 * stream.uniform()));
  const std::vector<ParameterTensor>& tensors = network.layout().tensors;
  std::size_t offset = 0;
  for (const ParameterTensor& tensor : tensors) {
    const bool is_shift = tensor.name.find("shift") != std::string::npos || tensor.name.find("norm") == 0;
    for (std::int64_t i = 0; i < tensor.numel() && is_shift && tensor.is_trained; ++i) {
      model[offset + static_cast<std::size_t>(i)] += static_cast<float>(0.1 * (stream.uniform() - 0.5));
    }
    offset += static_cast<std::size_t>(tensor.numel());
  }
  return model;
}

struct Results {
  double loss = 0;
  at::Tensor gradient;
  at::Tensor scores;
  Values model;  ///< with the statistics after a step
};

Results results_of(Network& network, Values model, const Minibatch& batch) {
  Results results;
  network.bind(model);
  results.scores = network.logits(batch.inputs).clone();
  results.loss = network.loss_and_gradient(batch);
  results.gradient = network.gradient().clone();
  results.model = std::move(model);
  return results;
}

double relative(const at::Tensor& values, const at::Tensor& expected) {
  const at::Tensor exact = expected.to(at::kDouble);
  return ((values.to(at::kDouble) - exact).norm() / exact.norm()).item<double>();
}

double greatest(const at::Tensor& values, const at::Tensor& expected) {
  const at::Tensor exact = expected.to(at::kDouble);
  return ((values.to(at::kDouble) - exact).abs().max() / exact.abs().max()).item<double>();
}

/// Of networks without pooling and ReLU, whose ties could go either way.
void check_without_ties(const Results& own, const Results& exact) {
  CHECK(own.loss == doctest::Approx(exact.loss).epsilon(1e-5));
  CHECK(greatest(own.scores, exact.scores) < 1e-5);
  CHECK(relative(own.gradient, exact.gradient) < 1e-5);
  CHECK(greatest(own.gradient, exact.gradient) < 1e-4);
}

/// The same network of LibTorch's modules, in double precision.
Results exact_results(const ModelSpec& spec, const Problem& problem, const Values& model, const Minibatch& batch) {
  torch::nn::Sequential plain = test::plain_network(spec, problem);
  test::load(test::tensors_of(plain), model);
  plain->to(at::kDouble);
  const at::Tensor images = batch.inputs.contiguous().to(at::kDouble);
  Results results;
  plain->eval();
  results.scores = plain->forward(images).detach();
  plain->train();
  const at::Tensor loss = at::cross_entropy_loss(plain->forward(images), batch.labels);
  loss.backward();
  results.loss = loss.item<double>();
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : plain->parameters()) gradients.push_back(parameter.grad().flatten());
  results.gradient = at::cat(gradients);
  return results;
}

void check_exact(const ModelSpec& spec, const Problem& problem, std::size_t samples, double bound = 1e-5) {
  CAPTURE(spec.kind);
  CAPTURE(spec.norm);
  CAPTURE(samples);
  prepare_compute_thread();  // threads that wait for each other take longer than such small networks
  constexpr int kBatches = 3;
  int without_ties = 0;
  for (std::uint64_t seed = 1; seed <= kBatches; ++seed) {
    const Minibatch batch = random_batch(problem, samples, seed);
    const auto network = network_of(spec, problem, Backend::kernels);
    const Values model = stirred_model(*network, seed);
    const Results own = results_of(*network, model, batch);
    const Results exact = exact_results(spec, problem, model, batch);
    CHECK(own.loss == doctest::Approx(exact.loss).epsilon(1e-5));
    CHECK(greatest(own.scores, exact.scores) < 1e-4);
    // Where two pixels of a pooling window, or a pixel and zero before ReLU, are equal up to rounding, the gradient may
    // go either way.
    CHECK(relative(own.gradient, exact.gradient) < 1e-2);
    const bool is_close =
        relative(own.gradient, exact.gradient) < bound && greatest(own.gradient, exact.gradient) < 1e-4;
    if (is_close) ++without_ties;
  }
  CHECK(without_ties >= kBatches / 2);
}

TEST_CASE("networks on the kernels have the scores, loss and gradient of the same ones in double precision") {
  for (const std::size_t samples : {1, 8, 33}) check_exact(of_kind("gn-lenet"), kCifar, samples);
  for (const std::size_t samples : {3, 17}) {
    check_exact(of_kind("gn-lenet"), {{1, 28, 28}, 10}, samples);
    check_exact(of_kind("lenet"), kFemnist, samples);
    check_exact(of_kind("mlp"), {{1, 28, 28}, 10}, samples);
    check_exact(of_kind("logistic-regression"), kCifar, samples);
  }
  check_exact(of_kind("gn-lenet"), {{4, 9, 13}, 7}, 5);
  check_exact(of_kind("resnet-20"), kCifar, 4);
  check_exact(of_kind("resnet-20", "batch"), {{3, 30, 27}, 10}, 5);
  check_exact(of_kind("vgg-11"), kCifar, 2);
  // Its last normalisations are over twelve values only; LibTorch's own gradient is 5e-6 off.
  check_exact(of_kind("vgg-11", "batch"), kCifar, 3, 2e-5);
}

void check_against_libtorch(const ModelSpec& spec, const Problem& problem, std::size_t samples) {
  CAPTURE(spec.kind);
  CAPTURE(spec.norm);
  const Minibatch batch = random_batch(problem, samples, 1);
  const auto own_network = network_of(spec, problem, Backend::kernels);
  const auto reference_network = network_of(spec, problem, Backend::libtorch);
  CHECK(dynamic_cast<KernelNetwork*>(own_network.get()));
  CHECK_FALSE(dynamic_cast<KernelNetwork*>(reference_network.get()));
  const Values model = stirred_model(*own_network, 1);
  const Results own = results_of(*own_network, model, batch);
  const Results reference = results_of(*reference_network, model, batch);
  CHECK(own.loss == doctest::Approx(reference.loss).epsilon(1e-5));
  CHECK(greatest(own.scores, reference.scores) < 1e-4);
  CHECK(relative(own.gradient, reference.gradient) < 1e-2);
  for (auto p = static_cast<std::size_t>(own_network->layout().trained_numel()); p < model.size(); ++p) {
    CHECK(own.model[p] == doctest::Approx(reference.model[p]).epsilon(1e-4));
  }
}

TEST_CASE("both backends have the same scores, losses, gradients and statistics") {
  check_against_libtorch(of_kind("gn-lenet"), kCifar, 8);
  check_against_libtorch(of_kind("lenet"), kFemnist, 8);
  check_against_libtorch(of_kind("mlp"), {{3, 32, 32}, 10}, 8);
  check_against_libtorch(of_kind("logistic-regression"), {{1, 28, 28}, 10}, 8);
  check_against_libtorch(of_kind("lstm"), kText, 5);
  check_against_libtorch(of_kind("resnet-20"), kCifar, 4);
  check_against_libtorch(of_kind("resnet-20", "batch"), kCifar, 4);
  check_against_libtorch(of_kind("vgg-11"), kCifar, 2);
  check_against_libtorch(of_kind("vgg-11", "batch"), kCifar, 2);
}

/// The LSTM in double precision.
Results exact_lstm(const ModelSpec& spec, const Problem& problem, const Values& model, const Minibatch& batch) {
  torch::nn::Embedding embedding(problem.vocabulary, spec.embedding);
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(spec.embedding, spec.units).num_layers(spec.layers).batch_first(true));
  torch::nn::Linear last(spec.units, problem.classes);
  std::vector<at::Tensor> parameters;
  for (torch::nn::Module* module :
       {static_cast<torch::nn::Module*>(embedding.get()), static_cast<torch::nn::Module*>(lstm.get()),
        static_cast<torch::nn::Module*>(last.get())}) {
    module->to(at::kDouble);
    for (const at::Tensor& parameter : module->parameters()) parameters.push_back(parameter);
  }
  test::load(parameters, model);
  Results results;
  const at::Tensor states = std::get<0>(lstm->forward(embedding->forward(batch.inputs)));
  const at::Tensor scores = last->forward(states.select(1, -1));
  results.scores = scores.detach();
  const at::Tensor loss = at::cross_entropy_loss(scores, batch.labels);
  loss.backward();
  results.loss = loss.item<double>();
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters) gradients.push_back(parameter.grad().flatten());
  results.gradient = at::cat(gradients);
  return results;
}

TEST_CASE("the LSTM on the kernels has the scores, loss and gradient of LibTorch's in double precision") {
  for (const std::size_t samples : {1, 8, 33}) {
    ModelSpec spec = of_kind("lstm");
    spec.units = samples == 8 ? 256 : 37;  // no multiple of a vector
    spec.layers = samples == 33 ? 3 : 2;
    const Minibatch batch = random_batch(kText, samples, samples);
    const auto network = network_of(spec, kText, Backend::kernels);
    const Values model = stirred_model(*network, 1);
    const Results own = results_of(*network, model, batch);
    const Results exact = exact_lstm(spec, kText, model, batch);
    check_without_ties(own, exact);
  }
}

/// The transformer of LibTorch's modules, in double precision.
struct ExactTransformer {
  ExactTransformer(const ModelSpec& spec, const Problem& problem)
      : tokens(problem.vocabulary, spec.width), places(problem.input[0], spec.width), norm(norm_of(spec.width)) {
    add(*tokens);
    add(*places);
    for (std::int64_t block = 0; block < spec.blocks; ++block) {
      blocks.push_back({norm_of(spec.width), torch::nn::MultiheadAttention(spec.width, spec.heads), norm_of(spec.width),
                        torch::nn::Linear(spec.width, 4 * spec.width), torch::nn::Linear(4 * spec.width, spec.width)});
      add(*blocks.back().norm1), add(*blocks.back().attention), add(*blocks.back().norm2);
      add(*blocks.back().expand), add(*blocks.back().contract);
    }
    add(*norm);
    if (spec.tied_embeddings) return;
    scores = torch::nn::Linear(torch::nn::LinearOptions(spec.width, problem.classes).bias(false));
    add(*scores);
  }

  at::Tensor forward(const at::Tensor& inputs) {
    const at::Tensor numbers = at::arange(inputs.size(1), at::kLong);
    at::Tensor sequence = tokens->forward(inputs) + places->forward(numbers);
    // It is added to the scores.
    const at::Tensor unseen = at::full({inputs.size(1), inputs.size(1)}, -INFINITY, at::kDouble).triu(1);
    for (Block& block : blocks) {
      const at::Tensor by_step = block.norm1->forward(sequence).transpose(0, 1);
      const at::Tensor found =
          std::get<0>(block.attention->forward(by_step, by_step, by_step, {}, false, unseen)).transpose(0, 1);
      sequence = sequence + found;
      const at::Tensor hidden = block.expand->forward(block.norm2->forward(sequence));
      sequence = sequence + block.contract->forward(at::gelu(hidden, "tanh"));
    }
    const at::Tensor features = norm->forward(sequence);
    return (scores ? scores->forward(features) : at::matmul(features, tokens->weight.t())).flatten(0, 1);
  }

  static torch::nn::LayerNorm norm_of(std::int64_t width) {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}));
  }
  void add(torch::nn::Module& module) {
    module.to(at::kDouble);
    for (const at::Tensor& parameter : module.parameters()) parameters.push_back(parameter);
  }

  struct Block {
    torch::nn::LayerNorm norm1;
    torch::nn::MultiheadAttention attention;
    torch::nn::LayerNorm norm2;
    torch::nn::Linear expand, contract;
  };
  torch::nn::Embedding tokens, places;
  std::vector<Block> blocks;
  torch::nn::LayerNorm norm;
  torch::nn::Linear scores = nullptr;
  std::vector<at::Tensor> parameters;
};

/// For each place of each text the next sign, one by one.
at::Tensor signs_that_follow(const Minibatch& batch) {
  std::vector<std::int64_t> signs;
  for (std::int64_t sample = 0; sample < batch.inputs.size(0); ++sample) {
    for (std::int64_t place = 1; place < batch.inputs.size(1); ++place) {
      signs.push_back(batch.inputs[sample][place].item<std::int64_t>());
    }
    signs.push_back(batch.labels[sample].item<std::int64_t>());
  }
  return at::tensor(signs);
}

Results exact_transformer(const ModelSpec& spec, const Problem& problem, const Values& model, const Minibatch& batch) {
  ExactTransformer exact(spec, problem);
  test::load(exact.parameters, model);
  Results results;
  const at::Tensor scores = exact.forward(batch.inputs);
  results.scores = scores.detach();
  const at::Tensor loss = at::cross_entropy_loss(scores, signs_that_follow(batch));
  loss.backward();
  results.loss = loss.item<double>();
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : exact.parameters) gradients.push_back(parameter.grad().flatten());
  results.gradient = at::cat(gradients);
  return results;
}

TEST_CASE(
    "the transformer on both backends has the scores, loss and gradient of LibTorch's modules in double precision") {
  prepare_compute_thread();
  for (const std::size_t samples : {1, 8, 33}) {
    CAPTURE(samples);
    ModelSpec spec = of_kind("transformer");
    spec.blocks = samples == 8 ? 4 : 2;
    spec.width = samples == 33 ? 36 : 64;  // also no multiple of a vector
    spec.tied_embeddings = samples != 8;
    const Problem problem = {{samples == 1 ? 70 : 12}, 65, 65};
    const Minibatch batch = random_batch(problem, samples, samples);
    for (const Backend backend : {Backend::kernels, Backend::libtorch}) {
      const auto network = network_of(spec, problem, backend);
      CHECK((dynamic_cast<KernelNetwork*>(network.get()) != nullptr) == (backend == Backend::kernels));
      const Values model = stirred_model(*network, 1);
      const Results own = results_of(*network, model, batch);
      const Results exact = exact_transformer(spec, problem, model, batch);
      check_without_ties(own, exact);
    }
  }
}

TEST_CASE("the transformer has the parameters that its header counts") {
  ModelSpec spec = of_kind("transformer");
  CHECK(network_of(spec, {{64}, 65, 65}, Backend::kernels)->layout().numel() == 809'856);
  spec.tied_embeddings = false;
  CHECK(network_of(spec, {{64}, 65, 65}, Backend::libtorch)->layout().numel() == 809'856 + 65 * 128);
}

TEST_CASE("batches of other sizes before leave no trace") {
  for (const char* kind : {"gn-lenet", "resnet-20", "lenet", "transformer"}) {
    const Problem& problem = problem_for(kind);
    const auto used = network_of(of_kind(kind), problem, Backend::kernels);
    const auto fresh = network_of(of_kind(kind), problem, Backend::kernels);
    const Values model = stirred_model(*used, 1);
    results_of(*used, stirred_model(*used, 2), random_batch(problem, 9, 2));
    const Minibatch batch = random_batch(problem, 3, 1);
    const Results later = results_of(*used, model, batch), first = results_of(*fresh, model, batch);
    CHECK(later.loss == first.loss);
    CHECK(at::equal(later.gradient, first.gradient));
    CHECK(at::equal(later.scores, first.scores));
  }
}

TEST_CASE("a model that is not finite shows it in loss and gradient") {
  for (const char* kind : {"gn-lenet", "lenet", "mlp", "resnet-20", "transformer"}) {
    CAPTURE(kind);
    const Problem& problem = problem_for(kind);
    for (const Backend backend : {Backend::kernels, Backend::libtorch}) {
      const auto network = network_of(of_kind(kind), problem, backend);
      Values model = network->initial_model(1);
      model[is_text(problem) ? model.size() - 3 : 17] = NAN;
      const Results results = results_of(*network, model, random_batch(problem, 4, 1));
      CHECK(std::isnan(results.loss));
      CHECK(at::isnan(results.gradient).any().item<bool>());
      CHECK(at::isnan(results.scores).all().item<bool>());
    }
  }
}

TEST_CASE("pictures of more channels than the kernels know are LibTorch's") {
  CHECK_FALSE(dynamic_cast<KernelNetwork*>(network_of(of_kind("gn-lenet"), {{5, 16, 16}, 10}, Backend::kernels).get()));
  CHECK(dynamic_cast<KernelNetwork*>(network_of(of_kind("gn-lenet"), {{2, 16, 16}, 10}, Backend::kernels).get()));
}

/// Pictures that can be learned: for each class and channel a pattern of 4 x 4 squares, under noise.
Samples learnable_pictures(std::size_t count) {
  constexpr std::size_t kClasses = 10, kSquares = 3 * 4 * 4;
  RandomStream stream(7, Purpose::test);
  const auto within = [&](int bound) {
    return static_cast<int>(stream.below(static_cast<std::uint64_t>(2 * bound + 1))) - bound;
  };
  std::vector<int> patterns(kClasses * kSquares);
  for (int& value : patterns) value = within(30);
  LabelledImages images;
  images.shape = {3, 32, 32};
  for (std::size_t i = 0; i < count; ++i) {
    images.labels.push_back(static_cast<Label>(stream.below(kClasses)));
    for (std::size_t p = 0; p < images.shape.numel(); ++p) {
      const std::size_t channel = p % 3, column = p / 3 % 32, row = p / 96;
      const std::size_t square = (channel * 4 + row / 8) * 4 + column / 8;
      const int value = 128 + patterns[images.labels.back() * kSquares + square] + within(20);
      images.pixels.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return samples_of(std::move(images));
}

/// The mean losses of every 100 of 600 steps.
std::vector<double> losses_on(Backend backend, const Samples& samples) {
  const auto network = network_of(of_kind("gn-lenet"), kCifar, backend);
  Values model = network->initial_model(3);
  network->bind(model);
  std::vector<double> losses;
  double sum = 0;
  for (std::uint32_t step = 1; step <= 600; ++step) {
    std::uint32_t positions[8];
    for (std::uint32_t i = 0; i < 8; ++i) positions[i] = (8 * step + i) % static_cast<std::uint32_t>(samples.size());
    sum += network->loss_and_gradient(gather(samples, positions, 8));
    network->descend(model, 0.002);
    if (step % 100 == 0) losses.push_back(std::exchange(sum, 0) / 100);
  }
  return losses;
}

TEST_CASE("600 steps of training on either backend have the same losses") {
  prepare_compute_thread();
  const Samples samples = learnable_pictures(2000);
  const std::vector<double> own = losses_on(Backend::kernels, samples);
  const std::vector<double> reference = losses_on(Backend::libtorch, samples);
  CHECK(own.back() < 0.1 * own.front());
  for (std::size_t i = 0; i < own.size(); ++i) CHECK(std::abs(own[i] - reference[i]) < 2e-4);
}

}  // namespace
}  // namespace tardigrad
