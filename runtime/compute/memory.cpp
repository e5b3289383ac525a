#include "runtime/compute/memory.hpp"

#ifdef TARDIGRAD_MIMALLOC
#include <mimalloc.h>
#endif

namespace tardigrad {

void prefer_large_pages() {
#ifdef TARDIGRAD_MIMALLOC
  mi_option_enable(mi_option_large_os_pages);
#endif
}

}  // namespace tardigrad
