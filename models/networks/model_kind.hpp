/// The models that a scenario can name.
#pragma once

#include <cstdint>
#include <vector>

#include "models/data/samples.hpp"
#include "models/networks/model_spec.hpp"
#include "models/networks/on_kernels/kinds.hpp"
#include "models/task.hpp"
#include "models/training/backend.hpp"
#include "netem/base/kind.hpp"

namespace tardigrad {

struct NetworkResult;  // models/networks/network.hpp

/// What a network reads.
enum class Inputs { anything, numbers, pictures, texts };

struct ModelKind : NamedKind<ModelSpec> {
  Task task = Task::labels;
  /// Of networks only: makes one whose inputs are such.
  NetworkResult (*make)(const ModelSpec& spec, const Problem& problem) = nullptr;
  Inputs inputs = Inputs::anything;
  std::int64_t least_side = 0;  ///< of a picture, in pixels
  /// Null: LibTorch computes it always.
  MakeOnKernels* on_kernels = nullptr;
};

/// In the order in which they are listed to the user.
const std::vector<ModelKind>& model_kinds();

/// Makes a network of one of `model_kinds()` except null. Not every network fits every problem. What the kernels cannot
/// compute, LibTorch does.
NetworkResult make_network(const ModelSpec& spec, const Problem& problem, Backend backend = Backend::kernels);

/// Needs a kind of model that there is.
inline Task task_of(const ModelSpec& model) { return find_kind(model_kinds(), model)->task; }

}  // namespace tardigrad
