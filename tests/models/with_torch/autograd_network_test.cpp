#include "models/networks/autograd_network.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "models/networks/model_kind.hpp"
#include "netem/base/random_stream.hpp"
#include "tests/models/random_images.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/models/with_torch/plain_networks.hpp"

namespace tardigrad {
namespace {

const Problem kCifar = {{3, 32, 32}, 10};
const Problem kFemnist = {{1, 28, 28}, 62};

std::unique_ptr<Network> network_of(const ModelSpec& spec, const Problem& problem) {
  NetworkResult made = make_network(spec, problem);
  REQUIRE_MESSAGE(made.network, made.error);
  return std::move(made.network);
}

ModelSpec of_kind(const std::string& kind, const std::string& norm = "group") {
  ModelSpec spec{kind};
  spec.norm = norm;
  return spec;
}

Minibatch random_batch(const Problem& problem, std::size_t samples, std::uint64_t seed) {
  const auto size = [&](std::size_t place) { return static_cast<std::size_t>(problem.input[place]); };
  const auto classes = static_cast<std::size_t>(problem.classes);
  return test::whole_batch(test::random_images({size(0), size(1), size(2)}, samples, seed, classes));
}

/// A model as after some training: scales and shifts that are neither one nor zero.
Values stirred_model(const Network& network, std::uint64_t seed) {
  Values model = network.initial_model(seed);
  RandomStream stream(seed, Purpose::test, 1);
  for (float& value : model) value *= static_cast<float>(1 + 0.2 * (stream.uniform() - 0.5));
  return model;
}

TEST_CASE("networks have the parameters of their papers") {
  const auto parameters = [](const ModelSpec& spec, const Problem& problem) {
    return network_of(spec, problem)->layout().trained_numel();
  };
  CHECK(parameters(of_kind("lenet"), {{1, 28, 28}, 10}) == 1'663'370);  // McMahan et al. 2017
  CHECK(parameters(of_kind("lenet"), kFemnist) == 1'690'046);
  CHECK(parameters(of_kind("resnet-20"), kCifar) == 269'722);
  CHECK(parameters(of_kind("resnet-20", "batch"), kCifar) == 269'722);
  CHECK(parameters(of_kind("vgg-11"), kCifar) == 9'231'114);
  CHECK(parameters(of_kind("vgg-11", "batch"), kCifar) == 9'231'114);
  CHECK(parameters(of_kind("mlp"), {{1, 28, 28}, 10}) == 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10);
  ModelSpec deep = of_kind("mlp");
  deep.hidden = {5, 5, 5};
  CHECK(parameters(deep, {{7}, 3}) == 40 + 30 + 30 + 18);
}

TEST_CASE("statistics of batch normalisation stand behind the parameters, and are shared unless they are local") {
  ModelSpec spec = of_kind("resnet-20", "batch");
  const ParameterLayout averaged = network_of(spec, kCifar)->layout();
  CHECK(averaged.numel() == 269'722 + 1'376);
  CHECK(averaged.shared_numel() == averaged.numel());
  spec.statistics = "local";
  const ParameterLayout local = network_of(spec, kCifar)->layout();
  CHECK(local.numel() == averaged.numel());
  CHECK(local.shared_numel() == 269'722);
  CHECK(local.tensors[59].name == "norm.running_mean");
  CHECK(local.tensors.back().name == "block9.norm2.running_var");
  for (std::size_t t = 0; t < local.tensors.size(); ++t) CHECK(local.tensors[t].is_trained == (t < 59));
}

/// Scores, loss, gradient and, after a step of training, statistics.
void check_against_plain(const ModelSpec& spec, const Problem& problem, std::size_t samples) {
  CAPTURE(spec.kind);
  CAPTURE(spec.norm);
  const Minibatch batch = random_batch(problem, samples, 1);
  const auto network = network_of(spec, problem);
  Values model = stirred_model(*network, 1);
  torch::nn::Sequential plain = test::plain_network(spec, problem);
  test::load(test::tensors_of(plain), model);
  const at::Tensor images = batch.inputs.contiguous();

  network->bind(model);
  const double loss = network->loss_and_gradient(batch);
  const at::Tensor plain_loss = at::cross_entropy_loss(plain->forward(images), batch.labels);
  plain_loss.backward();
  CHECK(loss == doctest::Approx(plain_loss.item<double>()).epsilon(1e-4));
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : plain->parameters()) gradients.push_back(parameter.grad().flatten());
  const at::Tensor gradient = at::cat(gradients);
  CHECK((network->gradient() - gradient).norm().item<double>() < 1e-3 * gradient.norm().item<double>());

  plain->eval();
  const at::NoGradGuard no_autograd;
  const at::Tensor scores = plain->forward(images);
  const at::Tensor difference = network->logits(batch.inputs) - scores;
  CHECK(difference.abs().max().item<double>() < 1e-3 * scores.abs().max().item<double>());
  const float* value = model.data();
  for (const at::Tensor& tensor : test::tensors_of(plain)) {
    const at::Tensor own = at::from_blob(const_cast<float*>(value), tensor.sizes());
    CHECK(at::allclose(own, tensor, 1e-4, 1e-5));
    value += tensor.numel();
  }
}

TEST_CASE("networks have the scores, loss, gradient and statistics of the same ones written with LibTorch's modules") {
  SUBCASE("mlp") { check_against_plain(of_kind("mlp"), {{1, 28, 28}, 10}, 8); }
  SUBCASE("lenet") { check_against_plain(of_kind("lenet"), kFemnist, 8); }
  SUBCASE("resnet-20") { check_against_plain(of_kind("resnet-20"), kCifar, 4); }
  SUBCASE("resnet-20, batch normalisation") { check_against_plain(of_kind("resnet-20", "batch"), kCifar, 4); }
  SUBCASE("vgg-11") { check_against_plain(of_kind("vgg-11"), kCifar, 2); }
  SUBCASE("vgg-11, batch normalisation") { check_against_plain(of_kind("vgg-11", "batch"), kCifar, 2); }
}

/// Lines of signs that look like nothing.
Minibatch random_signs(std::int64_t vocabulary, std::size_t samples, std::size_t length, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::test);
  const auto sign = [&] { return static_cast<std::uint16_t>(stream.below(static_cast<std::uint64_t>(vocabulary))); };
  Tokens tokens;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < samples * length; ++i) tokens.push_back(sign());
  for (std::size_t i = 0; i < samples; ++i) labels.push_back(sign());
  return test::whole_batch({{static_cast<std::int64_t>(length)}, std::move(tokens), length, std::move(labels)});
}

TEST_CASE("the LSTM has LEAF's parameters, and the scores, loss and gradient of LibTorch's modules") {
  const Problem problem = {{12}, 80, 80};
  const auto network = network_of(of_kind("lstm"), problem);
  CHECK(network->layout().numel() == 819'920);
  Values model = stirred_model(*network, 1);
  network->bind(model);
  const Minibatch batch = random_signs(80, 5, 12, 1);
  const double loss = network->loss_and_gradient(batch);

  torch::nn::Embedding embedding(80, 8);
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(8, 256).num_layers(2).batch_first(true));
  torch::nn::Linear last(256, 80);
  std::vector<at::Tensor> parameters = embedding->parameters();
  for (const at::Tensor& parameter : lstm->parameters()) parameters.push_back(parameter);
  for (const at::Tensor& parameter : last->parameters()) parameters.push_back(parameter);
  test::load(parameters, model);
  const at::Tensor states = std::get<0>(lstm->forward(embedding->forward(batch.inputs)));
  const at::Tensor scores = last->forward(states.select(1, -1));
  const at::Tensor plain_loss = at::cross_entropy_loss(scores, batch.labels);
  plain_loss.backward();
  CHECK(loss == doctest::Approx(plain_loss.item<double>()).epsilon(1e-4));
  CHECK(at::allclose(network->logits(batch.inputs), scores.detach(), 1e-3, 1e-5));
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters) gradients.push_back(parameter.grad().flatten());
  const at::Tensor gradient = at::cat(gradients);
  CHECK((network->gradient() - gradient).norm().item<double>() < 1e-3 * gradient.norm().item<double>());
}

/// Compares the derivative of the loss along a random direction with a difference quotient.
void check_gradient(const ModelSpec& spec, const Problem& problem) {
  CAPTURE(spec.kind);
  const Minibatch batch = random_batch(problem, 8, 2);
  const auto network = network_of(spec, problem);
  Values model = stirred_model(*network, 2);
  network->bind(model);
  network->loss_and_gradient(batch);
  const at::Tensor gradient = network->gradient().clone();
  // Along the gradient itself with some noise: a direction in which the loss changes by much.
  RandomStream stream(1, Purpose::test);
  std::vector<float> direction(static_cast<std::size_t>(gradient.numel()));
  const double scale = gradient.norm().item<double>() / std::sqrt(static_cast<double>(direction.size()));
  double slope = 0;
  for (std::size_t p = 0; p < direction.size(); ++p) {
    const float own = gradient.data_ptr<float>()[p];
    direction[p] = own + static_cast<float>(0.3 * scale * stream.normal());
    slope += static_cast<double>(own) * direction[p];
  }
  const double step = 3e-3 / slope;  // by which the loss changes by so much, however steep it is
  const auto loss_at = [&](double distance) {
    Values moved = model;
    for (std::size_t p = 0; p < direction.size(); ++p) moved[p] += static_cast<float>(distance * direction[p]);
    network->bind(moved);
    return network->loss_and_gradient(batch);
  };
  CHECK((loss_at(step) - loss_at(-step)) / (2 * step) == doctest::Approx(slope).epsilon(0.02).scale(0));
}

TEST_CASE("gradients are those of finite differences") {
  check_gradient(of_kind("mlp"), {{1, 28, 28}, 10});
  check_gradient(of_kind("lenet"), kFemnist);
  check_gradient(of_kind("resnet-20"), {{3, 16, 16}, 10});
  check_gradient(of_kind("resnet-20", "batch"), {{3, 16, 16}, 10});
  check_gradient(of_kind("vgg-11"), kCifar);
}

TEST_CASE("convolutions of ResNet-20 start as He et al. say, all else as in PyTorch") {
  const auto network = network_of(of_kind("resnet-20"), kCifar);
  const Values model = network->initial_model(1);
  std::size_t offset = 0;
  for (const ParameterTensor& tensor : network->layout().tensors) {
    CAPTURE(tensor.name);
    const auto size = static_cast<std::size_t>(tensor.numel());
    double squares = 0, greatest = 0;
    for (std::size_t p = offset; p < offset + size; ++p) {
      squares += model[p] * model[p];
      greatest = std::max<double>(greatest, std::abs(model[p]));
    }
    const double deviation = std::sqrt(squares / static_cast<double>(size));
    if (tensor.shape.size() == 4) {
      CHECK(deviation ==
            doctest::Approx(std::sqrt(2.0 / static_cast<double>(tensor.shape[1] * 9))).epsilon(0.15).scale(0));
    } else if (tensor.name.rfind("fc", 0) == 0) {
      CHECK(greatest <= 1.0 / 8);
      CHECK(greatest > 0.7 / 8);
    } else {
      CHECK(deviation == (tensor.name.find("weight") != std::string::npos ? 1 : 0));
    }
    offset += size;
  }
}

TEST_CASE("evaluating with batch normalisation takes the running statistics and leaves them alone") {
  const auto network = network_of(of_kind("resnet-20", "batch"), kCifar);
  Values model = network->initial_model(1);
  network->bind(model);
  const Minibatch batch = random_batch(kCifar, 8, 1);
  const at::Tensor before = network->logits(batch.inputs);
  const Values start = model;
  network->loss_and_gradient(batch);
  CHECK(std::equal(model.begin(), model.begin() + 269'722, start.begin()));
  CHECK(model != start);
  const Values trained = model;
  const at::Tensor after = network->logits(batch.inputs);
  CHECK(model == trained);
  CHECK_FALSE(at::allclose(before, after));
  // Without the batch's own statistics a sample's scores do not depend on the others.
  CHECK(at::allclose(network->logits(batch.inputs.narrow(0, 0, 1)), after.narrow(0, 0, 1), 1e-3, 1e-4));
}

TEST_CASE("a network that a data set's inputs do not fit is refused in one sentence") {
  const auto error = [](const std::string& kind, const Problem& problem) {
    return make_network(of_kind(kind), problem).error;
  };
  CHECK(error("vgg-11", kFemnist) == "the model vgg-11 needs pictures of at least 32x32 pixels, not inputs of 1x28x28");
  CHECK(error("lenet", {{100}, 2}) == "the model lenet needs pictures (channels x height x width), not inputs of 100");
  CHECK(error("mlp", {{80}, 60, 60}) == "the model mlp cannot read texts");
  CHECK(error("lstm", {{100}, 2}) == "the model lstm reads nothing but texts, such as [data] set = \"text\"");
  CHECK(error("mlp", {{100}, 2}) == "");
}

}  // namespace
}  // namespace tardigrad
