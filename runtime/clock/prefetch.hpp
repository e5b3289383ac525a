/// Has the processor fetch what will be needed soon. With thousands of nodes hardly any actor is in a
/// cache when its turn comes, and waiting for memory is most of what an event costs.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <cstddef>

namespace tardigrad {

/// Of nothing there is nothing to fetch.
inline void prefetch(const void* begin, std::size_t bytes) {
  if (begin == nullptr) return;
  constexpr std::size_t cache_line = 64;
  for (std::size_t offset = 0; offset < bytes; offset += cache_line) {
    __builtin_prefetch(static_cast<const char*>(begin) + offset);
  }
}

// Control block, mailbox and state of an actor lie in one piece. What is fetched beyond what is needed costs as much as
// what is needed, so it goes by what there is: all of a passive actor, or what CAF looks at of any other, comes first.

/// Its first part.
inline void prefetch_actor(const caf::actor_control_block* actor) {
  constexpr std::size_t bytes = 640;
  if (actor != nullptr) prefetch(actor, bytes);
}

/// What an actor does with a message is neither in the actor nor in the place that the actor points to, but
/// where that place points to.
inline caf::detail::behavior_stack* behaviors(caf::actor_control_block* actor) {
  // A passive actor has none, nor one that has not handled anything yet.
  if (actor == nullptr || !actor->get()->getf(caf::abstract_actor::is_initialized_flag)) return nullptr;
  auto& scheduled = static_cast<caf::scheduled_actor&>(*actor->get());
  return scheduled.has_behavior() ? &scheduled.bhvr_stack() : nullptr;
}

/// Once the first part is there: the state of one that is not passive, which is behind what CAF adds to an actor.
inline void prefetch_state(caf::actor_control_block* actor, std::size_t bytes) {
  constexpr std::size_t begin = 1024;
  auto* stack = behaviors(actor);
  if (stack == nullptr) return;
  prefetch(&stack->back(), sizeof(caf::behavior));
  prefetch(reinterpret_cast<const char*>(actor) + begin, bytes);
}

/// Where CAF finds the handlers of a behavior.
struct HandlersOf : caf::detail::behavior_impl {
  static const caf::match_case_info* first(const caf::detail::behavior_impl& behavior) {
    return behavior.*(&HandlersOf::begin_);
  }
};

inline void prefetch_behavior(caf::actor_control_block* actor) {
  if (auto* stack = behaviors(actor)) prefetch(stack->back().as_behavior_impl().get(), 1);
}

/// Once the behavior is there: its table of handlers, and the first of these, which lies right before it. An actor's
/// first handler is that of the message which comes most often.
inline void prefetch_handlers(caf::actor_control_block* actor) {
  constexpr std::size_t cache_line = 64;
  auto* stack = behaviors(actor);
  if (stack == nullptr || stack->back().as_behavior_impl() == nullptr) return;
  const auto* table = reinterpret_cast<const char*>(HandlersOf::first(*stack->back().as_behavior_impl()));
  prefetch(table - cache_line, 2 * cache_line);
}

}  // namespace tardigrad
