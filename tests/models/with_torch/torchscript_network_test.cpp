#include "models/networks/torchscript_network.hpp"

#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/serialization/pickle.h>
#include <torch/version.h>

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <thread>

#include "models/learners/learner.hpp"
#include "models/learners/supervised_learner.hpp"
#include "models/networks/model_kind.hpp"
#include "models/split/partition.hpp"
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

/// A module as a user would have written and scripted it in Python.
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

TEST_CASE("float buffers are shared if they are averaged, whole numbers never are") {
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

/// Nodes with so many samples, which train in batches of 4.
SupervisedLearner learner_with(std::vector<std::unique_ptr<Network>> networks, const ImageShape& shape,
                               const std::vector<std::size_t>& shards, bool drop_last, std::size_t tested = 4) {
  SupervisedTask task;
  task.dataset = std::make_shared<const Dataset>(
      Dataset{test::random_images(shape, 90, 1), test::random_images(shape, 40, 2), 10});
  std::uint32_t sample = 0;
  for (const std::size_t size : shards) {
    task.shards.emplace_back();
    for (std::size_t i = 0; i < size; ++i) task.shards.back().push_back(sample++);
  }
  for (std::uint32_t i = 0; i < tested; ++i) task.test_samples.push_back(i);
  TrainingSpec training;
  training.batch_size = 4;
  training.local_steps = 20;
  training.drop_last = drop_last;
  return SupervisedLearner(std::move(task), std::move(networks), training, 1);
}

std::vector<std::unique_ptr<Network>> alone(std::unique_ptr<Network> network) {
  std::vector<std::unique_ptr<Network>> networks;
  networks.push_back(std::move(network));
  return networks;
}

TEST_CASE("nodes that would get a batch on which a module cannot be trained are named before anything is") {
  const SavedModule saved(
      "  assert x.size(0) > 1 or not self.training, \"one is too few\"\n"
      "  return torch.linear(x.view([x.size(0), 64]), self.weight)\n");
  const auto objection = [&](const std::vector<std::size_t>& shards, bool drop_last) {
    return learner_with(alone(saved.network()), {1, 8, 8}, shards, drop_last).objection_to_batches();
  };
  CHECK(objection({17, 16, 9}, false) ==
        "the model cannot be trained on a batch of one sample, which nodes 0, 2 would get (drop_last = true in "
        "[training] "
        "leaves out the last of a pass where it is short): " +
            saved.file() + ": AssertionError: one is too few");
  CHECK(objection({17, 16, 9}, true) == "");
  CHECK(objection({16, 18}, false) == "");
  CHECK(objection({16, 1}, true)
            .find("which node 1 would get (all that some of them have: expected another "
                  "partition): ") != std::string::npos);
}

TEST_CASE("statistics of batch normalisation that one value would spoil are an objection, too") {
  ModelSpec spec{"resnet-20"};
  spec.norm = "batch";
  const auto objection = [&](std::size_t side, bool drop_last) {
    const Problem problem{{1, static_cast<std::int64_t>(side), static_cast<std::int64_t>(side)}, 10};
    return learner_with(alone(make_network(spec, problem).network), {1, side, side}, {5, 8}, drop_last)
        .objection_to_batches();
  };
  CHECK(objection(4, false).find("on a batch of one sample, which node 0 would get") != std::string::npos);
  CHECK(objection(4, true) == "");
  CHECK(objection(8, false) == "");
}

TEST_CASE("how many samples a module is tested on at once is tried, too") {
  const SavedModule saved(
      "  assert x.size(0) > 1 or self.training, \"one is too few\"\n"
      "  return torch.linear(x.view([x.size(0), 64]), self.weight)\n");
  const auto objection = [&](std::size_t tested) {
    return learner_with(alone(saved.network()), {1, 8, 8}, {8, 8}, false, tested).objection_to_batches();
  };
  CHECK(objection(34) == "");
  CHECK(objection(33) ==
        "the model cannot be tested on one sample at once: " + saved.file() + ": AssertionError: one is too few");
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

/// A module whose code asks for the strides of what it is given.
torch::jit::Module module_for(const std::vector<std::int64_t>& input, const std::vector<std::int64_t>& strides) {
  torch::jit::Module module("m");
  std::int64_t numbers = 1;
  for (const std::int64_t size : input) numbers *= size;
  module.register_attribute("training", c10::BoolType::get(), true);
  module.register_parameter("weight", ramp({10, numbers}, 0.1).set_requires_grad(true), false);
  module.register_attribute("strides", c10::ListType::ofInts(), c10::List<std::int64_t>(strides));
  module.define(
      "def forward(self, x: Tensor) -> Tensor:\n"
      "  assert x.stride() == self.strides, \"other strides\"\n"
      "  return torch.linear(x.reshape([x.size(0), self.weight.size(1)]), self.weight)\n");
  return module;
}

TEST_CASE("a module's inputs have the strides of a plain tensor also where a size is 1") {
  const std::vector<std::vector<std::int64_t>> inputs = {{1, 8, 8}, {3, 1, 8}, {3, 8, 1}, {1, 1, 8},
                                                         {1, 8, 1}, {8, 1, 1}, {1, 1, 1}, {2, 4, 4}};
  for (const auto& input : inputs) {
    CAPTURE(c10::str(input));
    const std::vector<std::int64_t> strides = {input[0] * input[1] * input[2], input[1] * input[2], input[2], 1};
    const SavedModule saved(module_for(input, strides));
    const NetworkResult made = make_network(saved.spec(), {input, 10});
    REQUIRE_MESSAGE(made.network, made.error);
    const ImageShape shape{static_cast<std::size_t>(input[0]), static_cast<std::size_t>(input[1]),
                           static_cast<std::size_t>(input[2])};
    Values model = made.network->initial_model(1);
    made.network->bind(model);
    for (const std::size_t samples : {1U, 5U}) {
      const Minibatch batch = test::whole_batch(test::random_images(shape, samples, 1));
      CHECK(made.network->loss_and_gradient(batch) > 0);
      CHECK(made.network->logits(batch.inputs).size(0) == static_cast<std::int64_t>(samples));
    }
  }
}

TEST_CASE("a convolution of a grey picture answers in the order of a plain tensor") {
  torch::jit::Module module("m");
  module.register_parameter("kernel", ramp({4, 1, 3, 3}, 0.1).set_requires_grad(true), false);
  module.register_parameter("weight", ramp({10, 144}, 0.1).set_requires_grad(true), false);
  module.define(
      "def forward(self, x: Tensor) -> Tensor:\n"
      "  return torch.linear(torch.conv2d(x, self.kernel).view([x.size(0), 144]), self.weight)\n");
  const auto network = SavedModule(module).network();
  Values model = network->initial_model(1);
  network->bind(model);
  for (const std::size_t samples : {1U, 6U}) {
    CHECK(network->loss_and_gradient(random_batch(samples)) > 0);
    CHECK(network->logits(random_batch(samples).inputs).size(0) == static_cast<std::int64_t>(samples));
  }
}

const char* const kScores = "torch.linear(x.view([x.size(0), 64]), self.weight)";

/// A module with attributes of many kinds that are no buffers.
torch::jit::Module stateful_module(const std::string& forward) {
  torch::jit::Module module = module_of(kPlain);
  torch::jit::Module whole("w");
  whole.register_attribute("training", c10::BoolType::get(), true);
  whole.register_parameter("weight", ramp({10, 64}, 0.1).set_requires_grad(true), false);
  whole.register_buffer("calls", at::zeros({}, at::kLong));
  whole.register_attribute("n", c10::IntType::get(), 0);
  whole.register_attribute("f", c10::FloatType::get(), 0.5);
  whole.register_attribute("b", c10::BoolType::get(), false);
  whole.register_attribute("s", c10::StringType::get(), "");
  whole.register_attribute("t", c10::TensorType::get(), at::zeros({}));
  whole.register_attribute("cache", c10::ListType::ofTensors(), c10::List<at::Tensor>());
  whole.register_attribute("ns", c10::ListType::ofInts(), c10::List<std::int64_t>({0}));
  whole.register_attribute("d", c10::DictType::create(c10::StringType::get(), c10::IntType::get()),
                           c10::Dict<std::string, std::int64_t>());
  whole.define("def forward(self, x: Tensor) -> Tensor:\n" + forward + "  return " + kScores + "\n");
  return whole;
}

TEST_CASE("a module that keeps anything in what is no buffer is refused by its name") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"n", "  self.n = self.n + 1\n"},
      {"n", "  if x.sum() > 1e30:\n    self.n = self.n + 1\n"},
      {"n", "  if not self.training:\n    self.n = self.n + 1\n"},
      {"f", "  self.f = float(x.sum())\n"},
      {"b", "  self.b = not self.b\n"},
      {"s", "  self.s = self.s + \"x\"\n"},
      {"t", "  self.t = self.t + 1\n"},
      {"t", "  self.t.add_(1)\n"},
      {"t", "  if x.sum() > 1e30:\n    self.t.add_(1)\n"},
      {"t", "  t = self.t.view([1])\n  t[0] = x.sum()\n"},
      {"t", "  self.t.data.add_(1)\n"},
      {"cache", "  self.cache.append(x.detach())\n"},
      {"cache", "  if x.sum() > 1e30:\n    self.cache.append(x.detach())\n"},
      {"ns", "  self.ns[0] = self.ns[0] + 1\n"},
      {"d", "  self.d[\"x\"] = x.size(0)\n"},
      {"training", "  self.training = True\n"},
  };
  for (const auto& [name, forward] : cases) {
    CAPTURE(forward);
    CHECK(SavedModule(stateful_module(forward)).error() ==
          fmt::format(": forward() changes {0}, which is no buffer, so that no node could keep it: expected "
                      "self.register_buffer(\"{0}\", torch.tensor(...))",
                      name));
  }
}

/// As of a function that was traced beside a tensor of its own: its scores are multiplied by a constant of its code.
torch::jit::Module module_with_constant(bool is_counted) {
  torch::jit::Module module = module_of(kPlain);
  const auto graph = module.get_method("forward").graph();
  torch::jit::Node* const end = graph->return_node();
  const torch::jit::WithInsertPoint before_end(end);
  torch::jit::Value* constant = graph->insertConstant(at::ones({1}));
  if (is_counted) constant = graph->insert(c10::aten::add_, {constant, 1});
  end->replaceInput(0, graph->insert(c10::aten::mul, {end->input(0), constant}));
  return module;
}

TEST_CASE("a constant of a module's code is no state unless forward() changes it") {
  CHECK(SavedModule(module_with_constant(true)).error() ==
        ": forward() changes a tensor that is a constant of its code, and belongs to no node: expected a buffer");
  const auto network = SavedModule(module_with_constant(false)).network();
  Values model = network->initial_model(1);
  network->bind(model);
  CHECK(network->logits(random_batch().inputs).size(1) == 10);
}

TEST_CASE("a module in a module is named with its place") {
  torch::jit::Module outer("outer");
  outer.register_attribute("training", c10::BoolType::get(), true);
  outer.register_module("encoder", stateful_module("  self.n = self.n + 1\n"));
  outer.define("def forward(self, x: Tensor) -> Tensor:\n  return self.encoder.forward(x)\n");
  CHECK(SavedModule(outer).error().find(": forward() changes encoder.n, which is no buffer") == 0);
}

TEST_CASE("attributes that are only read, buffers that change and code that nothing leads to are no state") {
  for (const char* forward :
       {"  x = x * self.f + self.n + self.t\n", "  for n in self.ns:\n    x = x + n\n", "  self.calls.add_(1)\n",
        "  self.calls = self.calls + 1\n", "  if self.b:\n    self.n = self.n + 1\n", "  t = self.t + 1\n  t.add_(1)\n",
        "  ns = self.ns + [1]\n  ns.append(2)\n", "  cache = [x]\n  cache.append(x)\n  cache[0].add_(0)\n"}) {
    CAPTURE(forward);
    const auto network = SavedModule(stateful_module(forward)).network();
    Values model = network->initial_model(1);
    network->bind(model);
    for (int step = 0; step < 3; ++step) network->loss_and_gradient(random_batch());
    network->logits(random_batch().inputs);
  }
}

TEST_CASE("what nobody could see coming fails where it happens, and names the file and the attribute") {
  // A list's tensor is written to, where the inputs are not those that modules are tried on.
  torch::jit::Module module = stateful_module("  if x.sum() != 0:\n    self.cache[0].add_(1)\n");
  module.setattr("cache", c10::List<at::Tensor>({at::zeros({3})}));
  const SavedModule saved(module);
  const auto network = saved.network();
  Values model = network->initial_model(1);
  network->bind(model);
  const std::string expected = saved.file() +
                               ": forward() changes cache, which is no buffer, so that no node could "
                               "keep it: expected self.register_buffer(\"cache\", torch.tensor(...))";
  CHECK_THROWS_WITH(network->loss_and_gradient(random_batch()), expected.c_str());
  const auto other = saved.network();
  other->bind(model);
  CHECK_THROWS_WITH(other->logits(random_batch().inputs), expected.c_str());
}

TEST_CASE("parameters stay as they are where a module does not train") {
  const char* const change = "  if not self.training:\n    self.weight.data.mul_(2)\n";
  CHECK(SavedModule(std::string(change) + "  return " + kScores + "\n").error() ==
        ": forward() changes its parameters where it does not train");
}

TEST_CASE("a parameter that forward() replaces would not be the model's any more") {
  CHECK(SavedModule(std::string("  self.weight = self.weight * 0.5\n  return ") + kScores + "\n").error() ==
        ": forward() puts another tensor in the place of its parameter weight");
}

TEST_CASE("parameters that a list holds, too, as an LSTM's does, are learned") {
  torch::jit::Module module("m");
  module.register_attribute("training", c10::BoolType::get(), true);
  const at::Tensor weight = ramp({10, 64}, 0.1).set_requires_grad(true);
  module.register_parameter("weight", weight, false);
  module.register_attribute("flat", c10::ListType::ofTensors(), c10::List<at::Tensor>({weight}));
  module.define(
      "def forward(self, x: Tensor) -> Tensor:\n"
      "  return torch.linear(x.view([x.size(0), 64]), self.flat[0])\n");
  const auto network = SavedModule(module).network();
  Values model = network->initial_model(1);
  network->bind(model);
  const double before = network->loss_and_gradient(random_batch());
  for (int step = 0; step < 3; ++step) {
    network->descend(model, 0.01);
    network->loss_and_gradient(random_batch());
  }
  CHECK(network->loss_and_gradient(random_batch()) < before);
  Values other = network->initial_model(1);
  network->bind(other);
  CHECK(network->loss_and_gradient(random_batch()) == before);
}

TEST_CASE("an attribute that holds other views of a parameter is refused by its name") {
  torch::jit::Module module("m");
  module.register_attribute("training", c10::BoolType::get(), true);
  const at::Tensor weight = ramp({10, 64}, 0.1).set_requires_grad(true);
  module.register_parameter("weight", weight, false);
  module.register_attribute("half", c10::TensorType::get(), weight.detach().narrow(0, 0, 5));
  module.define(std::string("def forward(self, x: Tensor) -> Tensor:\n  return ") + kScores + " + self.half.sum()\n");
  CHECK(SavedModule(module).error().find(": half holds values of a parameter or buffer") == 0);
}

TEST_CASE("whole numbers that a model could not keep are refused") {
  torch::jit::Module module = stateful_module("");
  module.register_buffer("hash", at::full({}, (std::int64_t{1} << 24) + 1, at::kLong));
  CHECK(SavedModule(module).error() ==
        ": the buffer hash has whole numbers beyond 2^24 that float32, in which models are kept, has not");
  torch::jit::Module counter = stateful_module("  self.calls = self.calls * 3 + 16777217\n");
  const SavedModule saved(counter);
  CHECK(saved.error().find(": the buffer calls has whole numbers beyond 2^24") == 0);
}

TEST_CASE("what fails while a module trains or is tested has its file and LibTorch's reason") {
  const SavedModule saved(stateful_module("  assert x.sum() == 0, \"not zero\\nat all\"\n"));
  const auto network = saved.network();
  Values model = network->initial_model(1);
  network->bind(model);
  const auto reason = [&](const auto& work) {
    try {
      work();
    } catch (const std::exception& problem) {
      return std::string(problem.what());
    }
    return std::string();
  };
  for (const std::string& line : {reason([&] { network->loss_and_gradient(random_batch()); }),
                                  reason([&] { network->logits(random_batch().inputs); })}) {
    CHECK(line.find(saved.file() + ": ") == 0);
    CHECK(line.find("not zero") != std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
  }
}

TEST_CASE("a module is tried on the last of a text's tokens") {
  torch::jit::Module module("m");
  module.register_parameter("table", ramp({5, 10}, 0.1).set_requires_grad(true), false);
  module.define(
      "def forward(self, x: Tensor) -> Tensor:\n"
      "  return torch.embedding(self.table, x).mean(1)\n");
  const SavedModule saved(module);
  CHECK(make_network(saved.spec(), {{4}, 10, 5}).error == "");
  CHECK(saved.error({{4}, 10, 6}) == ": index out of range in self");
}

using Records = std::map<std::string, std::string>;

Records records_of(const std::string& file) {
  caffe2::serialize::PyTorchStreamReader archive(file);
  Records records;
  for (const std::string& name : archive.getAllRecords()) {
    const auto record = archive.getRecord(name);
    records[name] = {static_cast<const char*>(std::get<0>(record).get()), std::get<1>(record)};
  }
  return records;
}

void write_records(const std::string& file, const Records& records) {
  caffe2::serialize::PyTorchStreamWriter archive(file);
  for (const auto& [name, bytes] : records) {
    if (name != "version") archive.writeRecord(name, bytes.data(), bytes.size());
  }
  archive.writeEndOfFile();
}

/// The error for a module's file in which one record is replaced.
std::string error_after(const std::function<void(Records&)>& change) {
  const SavedModule saved(kBatchNorm);
  Records records = records_of(saved.file());
  change(records);
  write_records(saved.file(), records);
  return saved.error();
}

std::string error_with_code(const std::string& old, const std::string& replacement) {
  return error_after([&](Records& records) {
    for (auto& [name, bytes] : records) {
      const bool is_code = name.rfind("code/", 0) == 0 && name.find("debug_pkl") == std::string::npos;
      if (const std::size_t at = bytes.find(old); is_code && at != std::string::npos) {
        bytes.replace(at, old.size(), replacement);
      }
    }
  });
}

TEST_CASE("a module that needs a newer LibTorch says so, and what it needs") {
  CHECK(error_with_code("torch.linear(", "torch.lineal(") == ": it needs a newer LibTorch than the " TORCH_VERSION
                                                             " here, which has no operator aten::lineal");
  CHECK(error_with_code("torch.linear(", "ops.mylib.linear(") ==
        ": it needs the operator mylib::linear, which LibTorch " TORCH_VERSION " has not");
  const std::string other = error_with_code("torch.linear(", "torch.linear(x, x, x, ");
  CHECK(other.find(": it was saved by another LibTorch than the " TORCH_VERSION " here, a newer one most likely, and "
                   "cannot be compiled: aten::linear: Expected at most 3 arguments") == 0);
  CHECK(error_with_code("Tensor) ->", "Complexor) ->").find("Unknown type name 'Complexor'") != std::string::npos);
}

TEST_CASE("a module whose tensors are shorter than they say is damaged") {
  CHECK(error_after([](Records& records) { records["data/4"].clear(); }) ==
        ": it is damaged: data/4 has 0 bytes, too few for its tensor of 64 values");
  CHECK(error_after([](Records& records) { records["data/0"].pop_back(); }) ==
        ": it is damaged: data/0 has 2559 bytes, too few for its tensor of 640 values");
  CHECK(error_after([](Records& records) { records.erase("data/2"); }) == ": it is damaged: it has no data/2");
  CHECK(error_after([](Records& records) { records["data.pkl"].resize(90); }).find(": it is damaged: ") == 0);
  // The weight's 10 x 64 values become 138 x 64; its storage has 640 all the same.
  CHECK(error_after([](Records& records) {
          std::string& pickle = records["data.pkl"];
          const std::size_t at = pickle.find("(K\nK@t");
          REQUIRE(at != std::string::npos);
          pickle[at + 2] = '\x8a';
        }) == ": it is damaged: a tensor in data.pkl reaches beyond its values");
}

TEST_CASE("what is likely to be taken for a module is called by its name, with what to save instead") {
  const SavedModule saved(kPlain);
  const std::string expected = "; expected a module, saved from Python by torch.jit.script(model).save(\"model.pt\")";
  const auto error_of = [&](const std::string& bytes) {
    saved.folder().write("module.pt", bytes);
    return saved.error();
  };
  const auto pickled = [](const c10::IValue& value) {
    const std::vector<char> bytes = torch::jit::pickle_save(value);
    return std::string(bytes.begin(), bytes.end());
  };
  c10::Dict<std::string, at::Tensor> state;
  state.insert("weight", at::ones({2}));
  state.insert("bias", at::ones({2}));
  CHECK(error_of(pickled(state)) ==
        ": it holds a state_dict, 2 tensors by name without the code of a module" + expected);
  c10::impl::GenericDict checkpoint(c10::StringType::get(), c10::AnyType::get());
  checkpoint.insert("epoch", 3);
  checkpoint.insert("model", state);
  CHECK(error_of(pickled(checkpoint)) ==
        ": it holds a dict (epoch, model): a checkpoint without the code of a module" + expected);
  CHECK(error_of(pickled(at::ones({2}))) == ": it holds a tensor" + expected);
  write_records(saved.file(), {{"data.pkl", std::string("\x80\x02"
                                                        "c__main__\nNet\n)\x81}(X\x01\x00\x00\x00nK\x01ub.",
                                                        32)}});
  CHECK(saved.error() == ": it holds a Python object of the class __main__.Net, without its code" + expected);
  const std::string old(
      "\x80\x02\x8a\nl\xfc\x9c"
      "F\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.",
      25);
  CHECK(error_of(old + std::string("\x80\x02"
                                   "cnet\nNet\n)\x81.",
                                   14)) ==
        ": it holds a Python object of the class net.Net, without its code" + expected);
  CHECK(error_of(old) == ": it was written by torch.save and has no code" + expected);
  CHECK(error_of(std::string("\x08\x07\x12\x07pytorch\x1a\x06", 13)) == ": it is an ONNX file" + expected);
  CHECK(error_of("\x89HDF\r\n\x1a\n") == ": it is an HDF5 file, as Keras writes them" + expected);
}

TEST_CASE("a file that is no module is refused in one line") {
  const SavedModule saved(kPlain);
  const std::string whole = test::content_of(saved.file());
  const auto error_with = [&](const std::string& content) {
    saved.folder().write("module.pt", std::vector<std::uint8_t>(content.begin(), content.end()));
    return saved.error();
  };
  CHECK(error_with("import torch\n").find(": no TorchScript module that can be read: ") == 0);
  CHECK(error_with("").find(": it is empty; expected a module") == 0);
  for (std::size_t size = 100; size < whole.size(); size += 200) {
    CHECK(error_with(whole.substr(0, size)).find(": no TorchScript module that can be read: ") == 0);
  }
  ModelSpec spec{"torchscript"};
  spec.file = saved.folder().path() / "missing.pt";
  CHECK(make_network(spec, kProblem).error == "there is no file " + spec.file);
}

}  // namespace
}  // namespace tardigrad
