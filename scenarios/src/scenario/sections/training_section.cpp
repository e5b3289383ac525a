#include "models/training/learning_rate_schedule.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

using TrainingKey = Key<TrainingSpec>;

/// With 1 the velocity would grow for ever.
constexpr double kMostMomentum = 0.99999;

void check_training(const TomlSection& section, const Scenario&, TrainingSpec& training) {
  // The last rate is at most the first one, which only the section knows.
  const std::string schedule = "learning_rate_schedule";
  if (section.is_table(schedule)) section.section(schedule).number("final", 0, {0, training.learning_rate});
  if (training.optimizer.kind != OptimizerOptions::Kind::sgd) {
    if (training.optimizer.momentum > 0) section.complain("momentum", "belongs to the optimizer sgd");
    if (training.optimizer.nesterov) section.complain("nesterov", "belongs to the optimizer sgd");
  } else if (training.optimizer.nesterov && training.optimizer.momentum == 0) {
    section.complain("nesterov", "expected a momentum above 0 beside it");
  }
}

}  // namespace

const Section<TrainingSpec>& training_section() {
  static const Section<TrainingSpec> section = {
      "[training]",
      {TrainingKey("batch_size", &TrainingSpec::batch_size, "samples of a minibatch")
           .within(1, 1e6)
           .also_called({{"batch"}, {"bs"}, {"minibatch"}, {"minibatch_size"}, {"train_batch_size"}}),
       TrainingKey("local_steps", &TrainingSpec::local_steps, "minibatch steps of a round")
           .within(1, 1e9)
           .also_called({{"local_updates"}, {"steps_per_round"}, {"inner_steps"}}),
       TrainingKey("learning_rate", &TrainingSpec::learning_rate, "step size of gradient descent")
           .above(0, 1e6)
           .also_called({{"lr"}, {"eta"}, {"step_size"}}),
       kind_key<TrainingSpec>("learning_rate_schedule", &TrainingSpec::schedule, schedule_kinds(), "schedules",
                              "how it changes with the node's rounds")
           .also_called({{"lr_schedule"}, {"lr_scheduler"}, {"scheduler"}, {"schedule"}}),
       kind_key<TrainingSpec>("optimizer", &TrainingSpec::optimizer, optimizer_kinds(), "optimizers",
                              "how a local step follows its gradient")
           .brief()
           .also_called({{"optim"}, {"opt"}, {"optimiser"}}),
       TrainingKey("momentum", nested(&TrainingSpec::optimizer, &OptimizerOptions::momentum),
                   "share of the last step's velocity")
           .within(0, kMostMomentum)
           .only_with("optimizer", "sgd"),
       TrainingKey("nesterov", nested(&TrainingSpec::optimizer, &OptimizerOptions::nesterov), "Nesterov's momentum")
           .only_with("optimizer", "sgd")
           .such_as("nesterov = true  # and a momentum"),
       TrainingKey("weight_decay", nested(&TrainingSpec::optimizer, &OptimizerOptions::weight_decay),
                   "share of a parameter taken off by a step: in the gradient with sgd, apart with adamw")
           .within(0, 1e6)
           .also_called({{"wd"}, {"l2"}, {"decay"}, {"l2_penalty"}}),
       TrainingKey("clip_norm", nested(&TrainingSpec::optimizer, &OptimizerOptions::clip_norm),
                   "highest L2 norm of a minibatch's gradient, which else is scaled down; 0: any")
           .within(0, 1e6)
           .brief()
           .such_as("clip_norm = 1.0")
           .also_called({{"max_norm"}, {"grad_clip"}, {"clip"}, {"gradient_clipping"}, {"max_grad_norm"}}),
       TrainingKey("drop_last", &TrainingSpec::drop_last, "a pass ends with its last whole batch"),
       choice_key<TrainingSpec>("backend", &TrainingSpec::backend,
                                ValueNames<Backend>{{"kernels", Backend::kernels}, {"libtorch", Backend::libtorch}},
                                "what computes the built-in networks")},
      check_training};
  return section;
}

}  // namespace tardigrad
