/// Has the processor fetch what will be needed soon. With thousands of nodes hardly any actor is in a
/// cache when its turn comes, and waiting for memory is most of what an event costs.
#pragma once

#include <caf/actor_cast.hpp>
#include <cstddef>

namespace tardigrad {

inline void prefetch(const void* begin, std::size_t bytes) {
  constexpr std::size_t cache_line = 64;
  for (std::size_t offset = 0; offset < bytes; offset += cache_line) {
    __builtin_prefetch(static_cast<const char*>(begin) + offset);
  }
}

/// Control block, mailbox and state of an actor lie in one piece.
template <class Handle>
void prefetch_actor(const Handle& actor) {
  constexpr std::size_t most_bytes = 1408;
  prefetch(caf::actor_cast<caf::actor_control_block*>(actor), most_bytes);
}

}  // namespace tardigrad
