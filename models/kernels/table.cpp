/// The table of one instruction set's kernels.
#include "models/kernels/kernel_units.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {

extern const Kernels table;
const Kernels table = {
    multiply_matrices, multiply_by_transposed, exponentials,     hyperbolic_tangents, sigmoids,
    logarithm_of,      winograd_filters,       winograd_forward, winograd_backward,   winograd_weight_gradient,
};

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
