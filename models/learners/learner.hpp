/// What a run learns: the boundary between the actors and LibTorch. A node is a flat vector; the networks that
/// train and test it belong to the compute pool's workers.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/data/data_spec.hpp"
#include "models/data/samples.hpp"
#include "models/local_work.hpp"
#include "models/networks/model_spec.hpp"
#include "models/parameter_layout.hpp"
#include "models/training/training_spec.hpp"
#include "models/values.hpp"
#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

struct Evaluation {
  double accuracy = 0;  ///< share of right answers, 0 .. 1
  double loss = 0;      ///< mean over the samples; for ratings, the root mean squared error; see LossKind
};

/// What an evaluation's loss is.
enum class LossKind {
  of_samples,
  of_signs,  ///< cross entropy for each sign of a text that is predicted, by the natural logarithm
  distance   ///< from a known optimum
};

/// State that one node keeps between its rounds besides its parameters: its position in its shuffled shard and
/// in the schedule of its learning rate, and its optimizer's momentum. Used by one thread at a time.
class LocalState {
 public:
  virtual ~LocalState() = default;
  /// Saves all that changes from round to round; the rest follows from the node and the scenario.
  virtual void persist(StateArchive& archive) = 0;
};

/// Thread-safe for calls with different workers and different local states. Results depend on the arguments
/// only, never on the worker.
class Learner {
 public:
  virtual ~Learner() = default;

  virtual const ParameterLayout& layout() const = 0;
  /// The initial model of all nodes, drawn from the seed.
  virtual Values initial_model() const = 0;
  virtual std::unique_ptr<LocalState> local_state(NodeId node) const = 0;
  /// The number of samples in the node's shard.
  virtual std::uint64_t shard_size(NodeId node) const = 0;

  /// Runs one round's local steps on `model` in place: the optimizer on minibatches from the node's shard, which is
  /// reshuffled whenever it is exhausted (the last minibatch of a pass may be smaller, unless `drop_last`
  /// leaves it out).
  virtual LocalResult train(unsigned worker, LocalState& state, Values& model, const LocalWork& work = {}) = 0;

  /// `node` owns the model; without it the model is the average over nodes. Images are tested on the fixed,
  /// stratified test subset, the same for all. Ratings are tested on those that the node's own users keep for
  /// testing, the average on those of all users.
  virtual Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) = 0;
  virtual LossKind loss_kind() const { return LossKind::of_samples; }
  /// False for the null model, which can neither be trained nor tested.
  virtual bool learns() const { return true; }

  /// While true, `train` and `evaluate` return before their next minibatch, also those that are running: nobody
  /// wants their results any more. What they return then, and the models and local states that they were given,
  /// mean nothing. Thread-safe.
  void abandon_work(bool yes) { is_abandoned_ = yes; }

 protected:
  bool is_abandoned() const { return is_abandoned_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> is_abandoned_{false};
};

/// Number of samples to test on: 0 means all of the test set.
struct TestSubset {
  std::uint32_t samples = 0;
};

struct LearnerResult {
  std::unique_ptr<Learner> learner;
  std::string error;  ///< one clear sentence; empty on success
};

/// Tries a module whose bytes are in `model.content`, where it can do no harm. Returns one sentence on why it
/// cannot be used, or an empty text.
using ModuleTrial = std::function<std::string(const ModelSpec& model, const Problem& problem)>;

/// Opens a module as `make_learner` does, after its trial: the error that `make_learner` would return, or an
/// empty text.
std::string objection_to_module(const ModelSpec& model, const Problem& problem);

/// Loads the data (once per process and folder; later calls share it), splits it over the nodes and prepares
/// one network for each of `workers` threads. A module's file is read once; the bytes that pass `trial`, if
/// there is one, are the bytes that are loaded. Networks are tried on batches of the sizes that the run will
/// have.
LearnerResult make_learner(const ModelSpec& model, const DataSpec& data, const TrainingSpec& training,
                           const TestSubset& test, NodeId nodes, std::uint64_t seed, unsigned workers,
                           const ModuleTrial& trial = {});

/// Every compute thread must call this once before it uses a learner: it allows LibTorch one thread.
void prepare_compute_thread();

}  // namespace tardigrad
