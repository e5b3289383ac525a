/// Where time comes from. Actors know this interface only: which clock runs them is not their
/// business.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>
#include <exception>
#include <utility>

#include "netem/units.hpp"
#include "runtime/compute_pool.hpp"
#include "runtime/event_key.hpp"

namespace tardigrad {

class Clock {
 public:
  virtual ~Clock() = default;

  /// Time since the start of the run.
  virtual Time now() const = 0;

  /// Puts `message` into the actor's mailbox at `at` (not before now()). Events of one instant come
  /// in the order of their keys.
  template <class Actor, class Message>
  void schedule(Time at, EventKey key, const Actor& target, Message&& message) {
    schedule_after(nullptr, at, key, target, std::forward<Message>(message));
  }

  /// The same, but not before `job` is done: its result becomes visible at `at`, however long it
  /// really took.
  template <class Actor, class Message>
  void schedule_after(ComputeJobPtr job, Time at, EventKey key, const Actor& target, Message&& message) {
    add({at, key, caf::actor_cast<caf::strong_actor_ptr>(target),
         caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::forward<Message>(message)),
         std::move(job)});
  }

  /// An actor broke down: whoever runs the clock stops and throws `failure`.
  virtual void fail(std::exception_ptr failure) = 0;

 protected:
  struct Event {
    Time at;
    EventKey key;
    caf::strong_actor_ptr target;
    caf::mailbox_element_ptr message;
    ComputeJobPtr job;
  };

  virtual void add(Event event) = 0;
};

/// CAF takes an actor whose handler threw out of the system and goes on; a run must not go on
/// without one of its actors.
template <class Actor>
void stop_run_if_it_throws(Actor& actor, Clock& clock) {
  actor.set_exception_handler([&clock](std::exception_ptr& failure) -> caf::error {
    clock.fail(failure);
    return caf::exit_reason::unhandled_exception;
  });
}

}  // namespace tardigrad
