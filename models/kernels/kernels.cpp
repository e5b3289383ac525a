#include "models/kernels/kernels.hpp"

#include <stdexcept>

namespace tardigrad {

namespace plain {
extern const Kernels table;
}
#ifdef TARDIGRAD_X86_KERNELS
namespace avx2 {
extern const Kernels table;
}
namespace avx512 {
extern const Kernels table;
}
#endif

const Kernels& kernels(Isa isa) {
#ifdef TARDIGRAD_X86_KERNELS
  if (isa == Isa::avx512) return avx512::table;
  if (isa == Isa::avx2) return avx2::table;
#endif
  static_cast<void>(isa);
  return plain::table;
}

const Kernels& kernels() {
  if (!isa_choice().error.empty()) throw std::invalid_argument(isa_choice().error);
  return kernels(isa_choice().isa);
}

}  // namespace tardigrad
