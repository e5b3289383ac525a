/// The table of one instruction set's kernels.
#include "models/kernels/kernel_units.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {

extern const Kernels table;
const Kernels table = {multiply_matrices,
                       multiply_by_transposed,
                       exponentials,
                       hyperbolic_tangents,
                       sigmoids,
                       logarithm_of,
                       rectify_numbers,
                       mask_by_output,
                       descend,
                       add_to_rows,
                       sum_of_rows,
                       cross_entropy,
                       flatten,
                       unflatten,
                       lstm_forward,
                       lstm_backward,
                       winograd_filters,
                       winograd_forward,
                       winograd_backward,
                       winograd_weight_gradient,
                       shallow_phases,
                       shallow_tiles,
                       shallow_filters,
                       shallow_inputs,
                       shallow_forward,
                       shallow_backward,
                       shallow_weight_gradient,
                       unfold,
                       fold,
                       pixels_to_blocks,
                       blocks_to_pixels,
                       channel_moments,
                       rectify,
                       pool_rectified,
                       gradient_sums,
                       pooled_gradient_sums,
                       scale_back,
                       unpool_back};

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
