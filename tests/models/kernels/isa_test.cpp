#include "models/kernels/isa.hpp"

#include <doctest/doctest.h>

namespace tardigrad {
namespace {

TEST_CASE("every machine has plain kernels, and takes the fastest it can run") {
  CHECK(is_usable(Isa::plain));
  const IsaChoice best = choose_isa(nullptr);
  CHECK(best.error.empty());
  CHECK(is_usable(best.isa));
  for (const Isa isa : kIsas) CHECK((!is_usable(isa) || isa <= best.isa));
  CHECK(choose_isa("").isa == best.isa);
}

TEST_CASE("an instruction set is chosen by its name, and a name that is none is refused in one sentence") {
  for (const Isa isa : kIsas) {
    const IsaChoice choice = choose_isa(name_of(isa));
    CHECK(choice.error.empty() == is_usable(isa));
    if (is_usable(isa)) CHECK(choice.isa == isa);
  }
  CHECK(choose_isa("sse9").error.find("TARDIGRAD_ISA: expected one of plain") == 0);
  CHECK(choose_isa("sse9").error.find("got sse9") != std::string::npos);
}

}  // namespace
}  // namespace tardigrad
