/// Prefetches memory. With thousands of nodes hardly any actor is in a cache at its turn, and waiting for
/// memory is most of the cost of an event.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <cstddef>

namespace tardigrad {

/// Does nothing for a null pointer.
inline void prefetch(const void* begin, std::size_t bytes) {
  if (begin == nullptr) return;
  constexpr std::size_t cache_line = 64;
  for (std::size_t offset = 0; offset < bytes; offset += cache_line) {
    __builtin_prefetch(static_cast<const char*>(begin) + offset);
  }
}

// Control block, mailbox and state of an actor are contiguous. Prefetching unneeded bytes costs as much as
// prefetching needed ones, so the extent depends on the kind of actor: first all of a passive actor, or the
// part of any other that CAF reads.

/// Prefetches the first part of an actor.
inline void prefetch_actor(const caf::actor_control_block* actor) {
  constexpr std::size_t bytes = 640;
  if (actor != nullptr) prefetch(actor, bytes);
}

/// The handlers of an actor are two pointers away from it. Reads the actor, which should have been prefetched.
inline caf::detail::behavior_stack* behaviors(caf::actor_control_block* actor) {
  // A passive actor has no behavior, nor has an actor before its first message.
  if (actor == nullptr || !actor->get()->getf(caf::abstract_actor::is_initialized_flag)) return nullptr;
  auto& scheduled = static_cast<caf::scheduled_actor&>(*actor->get());
  return scheduled.has_behavior() ? &scheduled.bhvr_stack() : nullptr;
}

/// Prefetches the state of an actor that is not passive, which lies behind CAF's part. To be called when the
/// first part has been fetched.
inline void prefetch_state(caf::actor_control_block* actor, std::size_t bytes) {
  constexpr std::size_t begin = 1024;
  auto* stack = behaviors(actor);
  if (stack == nullptr) return;
  prefetch(&stack->back(), sizeof(caf::behavior));
  prefetch(reinterpret_cast<const char*>(actor) + begin, bytes);
}

/// Access to the place where CAF keeps the handlers of a behavior.
struct HandlersOf : caf::detail::behavior_impl {
  static const caf::match_case_info* first(const caf::detail::behavior_impl& behavior) {
    return behavior.*(&HandlersOf::begin_);
  }
};

inline void prefetch_behavior(caf::actor_control_block* actor) {
  if (auto* stack = behaviors(actor)) prefetch(stack->back().as_behavior_impl().get(), 1);
}

/// Prefetches the table of handlers and the first handler, which lies right before it. To be called when the
/// behavior has been fetched. An actor's first handler is that of its most frequent message.
inline void prefetch_handlers(caf::actor_control_block* actor) {
  constexpr std::size_t cache_line = 64;
  auto* stack = behaviors(actor);
  if (stack == nullptr || stack->back().as_behavior_impl() == nullptr) return;
  const auto* table = reinterpret_cast<const char*>(HandlersOf::first(*stack->back().as_behavior_impl()));
  prefetch(table - cache_line, 2 * cache_line);
}

}  // namespace tardigrad
