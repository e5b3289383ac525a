#include "models/torchscript_network.hpp"

#include <torch/script.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "models/learner.hpp"
#include "models/partition.hpp"
#include "models/supervised_learner.hpp"
#include "tests/models/random_images.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

const Problem kProblem = {{1, 8, 8}, 10};

at::Tensor ramp(at::IntArrayRef sizes, double greatest) {
  std::int64_t numel = 1;
  for (const std::int64_t size : sizes) numel *= size;
  return at::linspace(-greatest, greatest, numel).reshape(sizes).clone();
}

/// What a user would have written in Python and scripted.
torch::jit::Module module_of(const std::string& forward) {
  torch::jit::Module module("m");
  module.register_attribute("training", c10::BoolType::get(), true);
  module.register_parameter("weight", ramp({10, 64}, 0.1).set_requires_grad(true), false);
  module.register_parameter("bias", ramp({10}, 0.1).set_requires_grad(true), false);
  module.register_parameter("frozen", at::ones({10}), false);
  module.register_buffer("mean", at::zeros({64}));
  module.register_buffer("variance", at::ones({64}));
  module.register_buffer("batches", at::zeros({}, at::kLong));
  module.define("def forward(self, x: Tensor) -> Tensor:\n" + forward);
  return module;
}

const char* const kPlain = "  return torch.linear(x.view([x.size(0), 64]), self.weight, self.bias) * self.frozen\n";
const char* const kDropout =
    "  x = torch.dropout(x.view([x.size(0), 64]), 0.5, self.training)\n"
    "  return torch.linear(x, self.weight, self.bias)\n";
const char* const kBatchNorm =
    "  if self.training:\n"
    "    self.batches = self.batches + 1\n"
    "  x = torch.batch_norm(x.view([x.size(0), 64]), None, None, self.mean, self.variance, self.training, 0.1, 1e-5,\n"
    "                       False)\n"
    "  return torch.linear(x, self.weight, self.bias)\n";

class SavedModule {
 public:
  explicit SavedModule(const std::string& forward) { save(module_of(forward)); }
  explicit SavedModule(const torch::jit::Module& module) { save(module); }

  ModelSpec spec(const std::string& statistics = "averaged") const {
    ModelSpec spec{"torchscript"};
    spec.file = file();
    spec.statistics = statistics;
    return spec;
  }
  std::unique_ptr<Network> network(const std::string& statistics = "averaged") const {
    NetworkResult made = make_network(spec(statistics), kProblem);
    REQUIRE_MESSAGE(made.network, made.error);
    return std::move(made.network);
  }
  std::string error(const Problem& problem = kProblem) const {
    const std::string error = make_network(spec(), problem).error;
    CHECK(error.find('\n') == std::string::npos);
    REQUIRE(error.rfind(file(), 0) == 0);
    return error.substr(file().size());
  }
  std::string file() const { return folder_.path() / "module.pt"; }
  const test::TemporaryFolder& folder() const { return folder_; }

 private:
  void save(const torch::jit::Module& module) { module.save(file()); }

  test::TemporaryFolder folder_;
};

Minibatch random_batch(std::size_t samples = 6) {
  return test::whole_batch(test::random_images({1, 8, 8}, samples, 1));
}

TEST_CASE("a module's parameters that can be trained are the model, with the values of its file") {
  const SavedModule saved(kPlain);
  const auto network = saved.network();
  const ParameterLayout& layout = network->layout();
  REQUIRE(layout.tensors.size() == 5);
  CHECK(layout.tensors[0].name == "weight");
  CHECK(layout.tensors[0].shape == std::vector<std::int64_t>{10, 64});
  CHECK(layout.trained_numel() == 650);
  const Values model = network->initial_model(1);
  CHECK(model == network->initial_model(2));
  CHECK(model.front() == -0.1F);
  CHECK(model[639] == 0.1F);
  CHECK(model[650] == 0);            // mean
  CHECK(model[650 + 64 + 63] == 1);  // variance
  CHECK(model[650 + 128] == 0);      // batches
}

TEST_CASE("a module has the scores, loss and gradient of the same computation") {
  const auto network = SavedModule(kPlain).network();
  const Minibatch batch = random_batch();
  Values model = network->initial_model(1);
  for (std::size_t p = 0; p < 650; ++p) model[p] *= 1.5F;
  network->bind(model);
  const at::Tensor weight = at::from_blob(model.data(), {10, 64}).clone().set_requires_grad(true);
  const at::Tensor bias = at::from_blob(model.data() + 640, {10}).clone().set_requires_grad(true);
  const at::Tensor scores = at::linear(batch.inputs.contiguous().flatten(1), weight, bias);
  const at::Tensor loss = at::cross_entropy_loss(scores, batch.labels);
  loss.backward();
  CHECK(network->loss_and_gradient(batch) == doctest::Approx(loss.item<double>()));
  CHECK(at::allclose(network->gradient(), at::cat({weight.grad().flatten(), bias.grad()}), 1e-4, 1e-6));
  CHECK(at::allclose(network->logits(batch.inputs), scores));
  // On the bound vector itself.
  const double before = network->loss_and_gradient(batch);
  network->descend(model, 0.01);
  CHECK(network->loss_and_gradient(batch) < before);
}

TEST_CASE("batch normalisation's statistics move while a module is trained, and not where it is tested") {
  const SavedModule saved(kBatchNorm);
  const auto network = saved.network();
  const Minibatch batch = random_batch();
  Values model = network->initial_model(1);
  network->bind(model);
  network->loss_and_gradient(batch);
  network->loss_and_gradient(batch);
  const at::Tensor inputs = batch.inputs.contiguous().flatten(1);
  const at::Tensor mean = at::from_blob(model.data() + 650, {64});
  CHECK(at::allclose(mean, inputs.mean(0) * 0.19, 1e-4, 1e-6));  // 0.1 + 0.9 * 0.1
  CHECK(model.back() == 2);                                      // a buffer that the module replaces
  const Values trained = model;
  network->logits(batch.inputs);
  CHECK(model == trained);
}

TEST_CASE("float buffers are shared if they are averaged; whole numbers never are") {
  const SavedModule saved(kBatchNorm);
  CHECK(saved.network()->layout().shared_numel() == 650 + 128);
  CHECK(saved.network("local")->layout().shared_numel() == 650);
  CHECK(saved.network("local")->layout().numel() == 650 + 129);
}

TEST_CASE("what dropout drops depends on the batch's seed alone") {
  const SavedModule saved(kDropout);
  const auto network = saved.network();
  const auto other = saved.network();
  const auto gradient = [](Network& of, std::uint64_t seed) {
    Minibatch batch = random_batch();
    batch.seed = seed;
    Values model = of.initial_model(1);
    of.bind(model);
    of.loss_and_gradient(batch);
    return of.gradient().clone();
  };
  const at::Tensor expected = gradient(*network, 7);
  CHECK_FALSE(gradient(*network, 8).equal(expected));
  at::rand({3});
  CHECK(gradient(*other, 7).equal(expected));
  Values model = network->initial_model(1);
  network->bind(model);
  other->bind(model);
  const at::Tensor inputs = random_batch().inputs;
  CHECK(network->logits(inputs).equal(other->logits(inputs)));
}

SupervisedLearner learner_of(const SavedModule& saved, unsigned workers) {
  SupervisedTask task{std::make_shared<const Dataset>(
                          Dataset{test::random_images({1, 8, 8}, 90, 1), test::random_images({1, 8, 8}, 20, 2), 10}),
                      partition_iid(90, 3, RandomStream(1, Purpose::test)).shards,
                      {0, 1, 2, 3}};
  std::vector<std::unique_ptr<Network>> networks;
  for (unsigned w = 0; w < workers; ++w) networks.push_back(saved.network());
  TrainingSpec training;
  training.local_steps = 20;
  return SupervisedLearner(std::move(task), std::move(networks), training, 1);
}

TEST_CASE("training a module with dropout gives the same bytes whoever else is training") {
  for (const char* forward : {kDropout, kBatchNorm}) {
    const SavedModule saved(forward);
    const auto train = [](Learner& learner, unsigned worker, NodeId node) {
      prepare_compute_thread();
      Values model = learner.initial_model();
      const auto state = learner.local_state(node);
      for (int round = 0; round < 3; ++round) learner.train(worker, *state, model);
      learner.evaluate(worker, model, std::nullopt);
      return model;
    };
    SupervisedLearner alone = learner_of(saved, 1);
    std::vector<Values> expected;
    for (NodeId node = 0; node < 3; ++node) expected.push_back(train(alone, 0, node));
    CHECK(expected[0] != expected[1]);
    SupervisedLearner shared = learner_of(saved, 3);
    std::vector<Values> models(3);
    std::vector<std::thread> threads;
    for (unsigned w = 0; w < 3; ++w) threads.emplace_back([&, w] { models[w] = train(shared, w, w); });
    for (std::thread& thread : threads) thread.join();
    for (unsigned w = 0; w < 3; ++w) CHECK(models[w] == expected[w]);
  }
}

TEST_CASE("parameters that two modules share are one tensor") {
  torch::jit::Module module("m");
  const at::Tensor weight = ramp({64, 64}, 0.1).set_requires_grad(true);
  module.register_parameter("encoder", weight, false);
  module.register_parameter("decoder", weight, false);
  module.define(
      "def forward(self, x: Tensor) -> Tensor:\n"
      "  return torch.linear(torch.linear(x.view([x.size(0), 64]), self.encoder), self.decoder)[:, :10]\n");
  const auto network = SavedModule(module).network();
  CHECK(network->layout().numel() == 4096);
  Values model = network->initial_model(1);
  network->bind(model);
  const Minibatch batch = random_batch();
  network->loss_and_gradient(batch);
  const at::Tensor own = at::from_blob(model.data(), {64, 64}).clone().set_requires_grad(true);
  const at::Tensor scores = at::linear(at::linear(batch.inputs.contiguous().flatten(1), own), own).narrow(1, 0, 10);
  at::cross_entropy_loss(scores, batch.labels).backward();
  CHECK(at::allclose(network->gradient(), own.grad().flatten(), 1e-3, 1e-6));
}

TEST_CASE("a module that cannot be trained is refused in one line that names the file") {
  const auto error_of = [](const std::string& forward) { return SavedModule(forward).error(); };
  CHECK(error_of("  return torch.linear(x.view([x.size(0), 64]), self.weight)[:, :9]\n") ==
        ": forward() returns Float [2, 9] for 2 samples, expected Float [2, 10]: a score for each of 10 classes");
  CHECK(error_of("  return torch.linear(x, self.weight)\n").find("cannot be multiplied (16x8 and 64x10)") !=
        std::string::npos);
  CHECK(error_of("  return x.view([x.size(0), 64])[:, :10]\n") ==
        ": what forward() returns does not depend on a parameter that can be trained");
  CHECK(error_of("  return torch.dropout(torch.linear(x.view([x.size(0), 64]), self.weight), 0.5, True)\n") ==
        ": forward() draws random numbers where it does not train");

  torch::jit::Module frozen("m");
  frozen.register_parameter("weight", at::ones({10, 64}), false);
  frozen.define("def forward(self, x: Tensor) -> Tensor:\n  return torch.linear(x.view([-1, 64]), self.weight)\n");
  CHECK(SavedModule(frozen).error() == ": no parameter of it can be trained");

  torch::jit::Module precise("m");
  precise.register_parameter("weight", at::ones({10, 64}, at::kDouble).set_requires_grad(true), false);
  precise.define("def forward(self, x: Tensor) -> Tensor:\n  return torch.linear(x.double(), self.weight)\n");
  CHECK(SavedModule(precise).error() == ": parameter weight is of type Double, expected Float");

  torch::jit::Module idle("m");
  idle.register_parameter("weight", at::ones({10, 64}).set_requires_grad(true), false);
  CHECK(SavedModule(idle).error() == ": it has no forward()");
}

TEST_CASE("a file that is no module is refused in one line") {
  const SavedModule saved(kPlain);
  const std::string whole = test::content_of(saved.file());
  const auto error_with = [&](const std::string& content) {
    saved.folder().write("module.pt", std::vector<std::uint8_t>(content.begin(), content.end()));
    return saved.error();
  };
  CHECK(error_with("import torch\n").find(": no TorchScript module that can be read: ") == 0);
  CHECK(error_with("").find(": no TorchScript module that can be read: ") == 0);
  for (std::size_t size = 100; size < whole.size(); size += 200) {
    CHECK(error_with(whole.substr(0, size)).find(": no TorchScript module that can be read: ") == 0);
  }
  ModelSpec spec{"torchscript"};
  spec.file = saved.folder().path() / "missing.pt";
  CHECK(make_network(spec, kProblem).error == "there is no file " + spec.file);
}

}  // namespace
}  // namespace tardigrad
