#include "scenarios/src/learners/process_learner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "models/printable.hpp"
#include "scenarios/src/learners/learner_process.hpp"

namespace tardigrad {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestProblem = 1000;
constexpr std::int64_t kMostParameters = 2'000'000'000;
constexpr std::uint64_t kMostStateBytes = std::uint64_t{1} << 36;
/// Vectors and states begin at such multiples, as NumPy's own arrays do.
constexpr std::size_t kAlignment = 64;

std::size_t aligned(std::size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

/// Exact in both directions, and of what is not finite, too, which JSON does not know.
std::string exact(double value) { return fmt::format("{:a}", value); }
double number_of(const Json& text) { return std::strtod(text.get_ref<const std::string&>().c_str(), nullptr); }

Json json_of(const LearnerOptions& options) {
  Json all = Json::object();
  for (const auto& [name, option] : options) all[name] = std::visit([](const auto& own) { return Json(own); }, option);
  return all;
}

LearnerOption option_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) return value.get<std::vector<double>>();
  return value.get<double>();
}

Json settings_of(const LearnerOptions& options, const TrainingSpec& training, NodeId nodes, std::uint64_t seed) {
  return {{"options", json_of(options)},
          {"nodes", nodes},
          {"seed", seed},
          {"training",
           {{"batch_size", training.batch_size},
            {"local_steps", training.local_steps},
            {"learning_rate", training.learning_rate},
            {"momentum", training.optimizer.momentum},
            {"nesterov", training.optimizer.nesterov},
            {"weight_decay", training.optimizer.weight_decay}}}};
}

/// What a node keeps, as its learner has written it: a header and arrays, which mean nothing here.
class ProcessState : public LocalState {
 public:
  explicit ProcessState(NodeId own) : node(own) {}
  void persist(StateArchive& archive) override { archive(bytes); }

  const NodeId node;
  std::vector<char> bytes;  ///< none before its first round
};

class ProcessLearner : public Learner {
 public:
  ProcessLearner(std::string learner, std::string settings, unsigned workers, std::uint32_t usual_steps)
      : learner_(std::move(learner)), settings_(std::move(settings)), usual_steps_(usual_steps), processes_(workers) {
    const Json said = begun(0);
    for (const Json& tensor : said.at("tensors")) {
      layout_.tensors.push_back({tensor.at(0).get<std::string>(), tensor.at(1).get<std::vector<std::int64_t>>()});
    }
    does_plain_steps_ = said.at("plain_steps").get<bool>();
    for (const auto& [name, value] : said.at("options").items()) options_[name] = option_of(value);
    check_layout();
  }

  ~ProcessLearner() override {
    for (const auto& process : processes_) {
      if (process) process->finish();
    }
  }

  const LearnerOptions& options() const { return options_; }
  bool does_plain_steps() const { return does_plain_steps_; }

  const ParameterLayout& layout() const override { return layout_; }

  Values initial_model() const override {
    LearnerProcess& process = first();
    const std::lock_guard alone(process.mutex());
    asked(process, {{"do", "initial_model"}}, "initial_model was asked");
    Values model(parameters());
    std::memcpy(model.data(), process.memory().bytes(model_bytes()), parameters() * sizeof(float));
    return model;
  }

  /// It begins with the node's first round: what the learner then throws is that round's failure.
  std::unique_ptr<LocalState> local_state(NodeId node) const override { return std::make_unique<ProcessState>(node); }

  std::uint64_t shard_size(NodeId node) const override {
    LearnerProcess& process = first();
    const std::lock_guard alone(process.mutex());
    return asked(process, {{"do", "shard_size"}, {"node", node}}, fmt::format("shard_size of node {} was asked", node))
        .at("size")
        .get<std::uint64_t>();
  }

  LocalResult train(unsigned worker, LocalState& state, Values& model, const LocalWork& work) override {
    auto& own = dynamic_cast<ProcessState&>(state);
    LearnerProcess& process = process_of(worker);
    const std::lock_guard alone(process.mutex());
    const std::uint32_t steps = work.steps.value_or(usual_steps_);
    if (own.bytes.empty()) begin_state(process, own);
    write(process, model, work.offset.get(), own.bytes);
    const Json said = worked(process,
                             {{"do", "train"},
                              {"node", own.node},
                              {"steps", steps},
                              {"factor", exact(static_cast<double>(work.factor))},
                              {"offset", work.offset != nullptr},
                              {"bytes", own.bytes.size()}},
                             fmt::format("node {} trained", own.node));
    if (said.is_null()) return {};
    take_state(process, said, own.bytes);
    std::memcpy(model.data(), process.memory().bytes(model_bytes()), model.size() * sizeof(float));
    return {number_of(said.at("loss")), steps, number_of(said.at("learning_rates"))};
  }

  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override {
    LearnerProcess& process = process_of(worker);
    const std::lock_guard alone(process.mutex());
    write(process, model, nullptr, {});
    const Json said =
        worked(process, {{"do", "evaluate"}, {"node", node ? Json(*node) : Json()}},
               node ? fmt::format("node {} was evaluated", *node) : "the average of all models was evaluated");
    if (said.is_null()) return {};
    return {number_of(said.at("accuracy")), number_of(said.at("loss"))};
  }

 private:
  /// Starts the process of a worker and returns what it says of itself.
  Json begun(unsigned worker) const {
    processes_[worker] = std::make_unique<LearnerProcess>(learner_, settings_);
    const Json said = understood(processes_[worker]->first_answer());
    const auto source = said.at("source").get<std::string>();
    if (worker == 0) source_ = source;
    if (source != source_) throw std::runtime_error(learner_ + ": the file has changed since the run began");
    return said;
  }

  /// A worker belongs to one thread, and so does the start of its process; the first is there from the beginning.
  LearnerProcess& process_of(unsigned worker) const {
    if (!processes_[worker]) begun(worker);
    return *processes_[worker];
  }

  void begin_state(LearnerProcess& process, ProcessState& state) const {
    const Json said = worked(process, {{"do", "local_state"}, {"node", state.node}},
                             fmt::format("local_state of node {} was asked", state.node));
    take_state(process, said, state.bytes);
  }

  LearnerProcess& first() const { return *processes_.front(); }

  Json asked(LearnerProcess& process, const Json& request, const std::string& what) const {
    return understood(process.ask(request.dump(), what));
  }

  /// The same of work that may be abandoned: then null.
  Json worked(LearnerProcess& process, const Json& request, const std::string& what) const {
    return understood(process.ask(request.dump(), what, [this] { return is_abandoned(); }));
  }

  /// Null for no answer. Throws std::runtime_error with the learner's own problem.
  Json understood(const std::string& answer) const {
    if (answer.empty()) return {};
    Json said = Json::parse(answer, nullptr, false);
    if (!said.is_object()) throw std::runtime_error(learner_ + ": its process does not answer as a learner's does");
    if (said.contains("failed") && said["failed"].is_string()) {
      throw std::runtime_error(printable(said.at("failed").get<std::string>(), kLongestProblem));
    }
    return said;
  }

  void check_layout() const {
    const auto is_wrong = [](const ParameterTensor& tensor) {
      return std::any_of(tensor.shape.begin(), tensor.shape.end(), [](std::int64_t size) { return size < 1; });
    };
    const bool has_wrong = std::any_of(layout_.tensors.begin(), layout_.tensors.end(), is_wrong);
    double size = 0;
    for (const ParameterTensor& tensor : layout_.tensors) {
      double numel = 1;
      for (const std::int64_t side : tensor.shape) numel *= static_cast<double>(side);
      size += numel;
    }
    if (!has_wrong && size >= 1 && size <= static_cast<double>(kMostParameters)) return;
    throw std::runtime_error(fmt::format("{}: expected a model of 1 to {} parameters", learner_, kMostParameters));
  }

  std::size_t parameters() const { return static_cast<std::size_t>(layout_.numel()); }
  std::size_t model_bytes() const { return aligned(parameters() * sizeof(float)); }
  /// Behind the model and the offset.
  std::size_t state_at() const { return 2 * model_bytes(); }

  void write(LearnerProcess& process, const Values& model, const Values* offset, const std::vector<char>& state) const {
    char* const memory = process.memory().bytes(state_at() + state.size());
    std::memcpy(memory, model.data(), std::min(model.size(), parameters()) * sizeof(float));
    // A fragment's offset is of its values alone; the others have none.
    if (offset) {
      std::memset(memory + model_bytes(), 0, model_bytes());
      std::memcpy(memory + model_bytes(), offset->data(), std::min(offset->size(), parameters()) * sizeof(float));
    }
    if (!state.empty()) std::memcpy(memory + state_at(), state.data(), state.size());
  }

  /// Into the vector that there is, as a round has no time for a new one.
  void take_state(LearnerProcess& process, const Json& said, std::vector<char>& state) const {
    if (said.is_null()) return;
    const auto size = said.at("bytes").get<std::uint64_t>();
    if (size > kMostStateBytes) throw std::runtime_error(learner_ + ": the state of a node is too large");
    const char* const memory = process.memory().bytes(state_at() + size) + state_at();
    state.assign(memory, memory + size);
  }

  std::string learner_;
  std::string settings_;
  std::uint32_t usual_steps_;
  mutable std::vector<std::unique_ptr<LearnerProcess>> processes_;
  ParameterLayout layout_;
  bool does_plain_steps_ = false;
  LearnerOptions options_;
  mutable std::string source_;  ///< the checksum of the learner's file, as the first process has read it
};

}  // namespace

LearnerOptions options_of(const Learner& learner) {
  const auto* const own = dynamic_cast<const ProcessLearner*>(&learner);
  return own ? own->options() : LearnerOptions();
}

LearnerResult make_process_learner(const ModelSpec& model, const LearnerOptions& options, const TrainingSpec& training,
                                   NodeId nodes, std::uint64_t seed, unsigned workers, bool needs_plain_steps) {
  try {
    const std::string settings = settings_of(options, training, nodes, seed).dump();
    auto learner = std::make_unique<ProcessLearner>(model.file, settings, workers, training.local_steps);
    if (needs_plain_steps && !learner->does_plain_steps()) {
      return {nullptr,
              model.file + ": an algorithm of the scenario needs plain gradient descent: expected plain_steps = True"};
    }
    return {std::move(learner), ""};
  } catch (const Json::exception&) {
    return {nullptr, model.file + ": its process does not answer as a learner's does"};
  } catch (const std::runtime_error& problem) {
    return {nullptr, problem.what()};
  }
}

}  // namespace tardigrad
