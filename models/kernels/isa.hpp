/// The processor's instruction sets for which the kernels are compiled. All of them give the same bytes.
#pragma once

#include <string>

namespace tardigrad {

enum class Isa { plain, avx2, avx512 };

/// From slow to fast.
constexpr Isa kIsas[] = {Isa::plain, Isa::avx2, Isa::avx512};

/// As in the environment variable TARDIGRAD_ISA.
const char* name_of(Isa isa);

/// True if this program has kernels for it and this processor can run them.
bool is_usable(Isa isa);

struct IsaChoice {
  Isa isa = Isa::plain;
  std::string error;  ///< one clear sentence; empty on success
};

/// The set named by `wish`, or the fastest usable one if `wish` is null or empty.
IsaChoice choose_isa(const char* wish);

/// The choice for TARDIGRAD_ISA as it is at the first call.
const IsaChoice& isa_choice();

}  // namespace tardigrad
