/// Has the processor fetch what will be needed soon. With thousands of nodes hardly any actor is in a
/// cache when its turn comes, and waiting for memory is most of what an event costs.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <cstddef>

namespace tardigrad {

inline void prefetch(const void* begin, std::size_t bytes) {
  constexpr std::size_t cache_line = 64;
  for (std::size_t offset = 0; offset < bytes; offset += cache_line) {
    __builtin_prefetch(static_cast<const char*>(begin) + offset);
  }
}

// Of no actor there is nothing to fetch.

/// Control block, mailbox and state of an actor lie in one piece.
inline void prefetch_actor(const caf::actor_control_block* actor) {
  constexpr std::size_t most_bytes = 1664;
  if (actor != nullptr) prefetch(actor, most_bytes);
}

/// What an actor does with a message is neither in the actor nor in the place that the actor points to, but
/// where that place points to.
inline caf::detail::behavior_stack* behaviors(caf::actor_control_block* actor) {
  // A passive actor has none, nor one that has not handled anything yet.
  if (actor == nullptr || !actor->get()->getf(caf::abstract_actor::is_initialized_flag)) return nullptr;
  auto& scheduled = static_cast<caf::scheduled_actor&>(*actor->get());
  return scheduled.has_behavior() ? &scheduled.bhvr_stack() : nullptr;
}

inline void prefetch_behavior_place(caf::actor_control_block* actor) {
  if (auto* stack = behaviors(actor)) prefetch(&stack->back(), sizeof(caf::behavior));
}

inline void prefetch_behavior(caf::actor_control_block* actor) {
  constexpr std::size_t most_bytes = 192;
  if (auto* stack = behaviors(actor)) prefetch(stack->back().as_behavior_impl().get(), most_bytes);
}

}  // namespace tardigrad
