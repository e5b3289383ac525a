/// C++'s allocation by mimalloc, which takes the place of malloc anyway. Its own operator new is written in C and
/// cannot throw: where no memory is left, it ends the program without a word.
#ifdef TARDIGRAD_MIMALLOC
#include <mimalloc.h>

#include <cstddef>
#include <new>

namespace {

void* required(void* allocated) {
  if (!allocated) throw std::bad_alloc();
  return allocated;
}
std::size_t number(std::align_val_t alignment) { return static_cast<std::size_t>(alignment); }

}  // namespace

void* operator new(std::size_t size) { return required(mi_malloc(size)); }
void* operator new[](std::size_t size) { return required(mi_malloc(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return mi_malloc(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return mi_malloc(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return required(mi_malloc_aligned(size, number(alignment)));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return required(mi_malloc_aligned(size, number(alignment)));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return mi_malloc_aligned(size, number(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return mi_malloc_aligned(size, number(alignment));
}

void operator delete(void* place) noexcept { mi_free(place); }
void operator delete[](void* place) noexcept { mi_free(place); }
void operator delete(void* place, std::size_t) noexcept { mi_free(place); }
void operator delete[](void* place, std::size_t) noexcept { mi_free(place); }
void operator delete(void* place, std::align_val_t) noexcept { mi_free(place); }
void operator delete[](void* place, std::align_val_t) noexcept { mi_free(place); }
void operator delete(void* place, std::size_t, std::align_val_t) noexcept { mi_free(place); }
void operator delete[](void* place, std::size_t, std::align_val_t) noexcept { mi_free(place); }
void operator delete(void* place, const std::nothrow_t&) noexcept { mi_free(place); }
void operator delete[](void* place, const std::nothrow_t&) noexcept { mi_free(place); }
#endif
