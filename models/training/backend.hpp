/// What computes a network.
#pragma once

namespace tardigrad {

enum class Backend {
  kernels,  ///< the program's own kernels: the same bytes on every processor
  libtorch  ///< LibTorch, as a reference
};

}  // namespace tardigrad
