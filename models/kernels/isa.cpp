#include "models/kernels/isa.hpp"

#include <cstdlib>

namespace tardigrad {

const char* name_of(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return "avx512";
    case Isa::avx2:
      return "avx2";
    case Isa::plain:
      break;
  }
  return "plain";
}

bool is_usable(Isa isa) {
#ifdef TARDIGRAD_X86_KERNELS
  // These calls ask the operating system as well whether it keeps the registers.
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isa == Isa::avx2) return has_avx2;
  if (isa == Isa::avx512) {
    return has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  }
#endif
  return isa == Isa::plain;
}

IsaChoice choose_isa(const char* wish) {
  const std::string wanted = wish ? wish : "";
  IsaChoice best;
  std::string usable;
  for (const Isa isa : kIsas) {
    if (!is_usable(isa)) continue;
    if (wanted == name_of(isa)) return {isa, ""};
    best.isa = isa;
    usable += (usable.empty() ? "" : ", ") + std::string(name_of(isa));
  }
  if (!wanted.empty()) best.error = "TARDIGRAD_ISA: expected one of " + usable + " on this machine, got " + wanted;
  return best;
}

const IsaChoice& isa_choice() {
  static const IsaChoice choice = choose_isa(std::getenv("TARDIGRAD_ISA"));
  return choice;
}

}  // namespace tardigrad
