/// Where time comes from. Actors know `Clock` only: which clock runs them is not their business.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

#include "netem/base/units.hpp"
#include "runtime/clock/event_queue.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "runtime/hosts/event_key.hpp"
#include "runtime/hosts/far_actor.hpp"

namespace tardigrad {

/// Whether a message has a member `Time at`, to be told when it comes.
template <class Message, class = void>
struct IsToldWhen : std::false_type {};
template <class Message>
struct IsToldWhen<Message, std::void_t<decltype(std::declval<Message&>().at)>>
    : std::is_same<decltype(Message::at), Time> {};

class Clock {
 public:
  virtual ~Clock() = default;

  /// Time since the start of the run.
  virtual Time now() const = 0;

  /// Puts `message` into the actor's mailbox at `at`, or at once if that has passed. Events of one
  /// instant come in the order of their keys.
  ///
  /// A message with a member `Time at` is told when it comes. Actors go by that time, not by now():
  /// what they do next then begins at the very moment the event was due, however long it really took
  /// to reach them, and the delays of a long chain of events do not add up.
  template <class Actor, class Message>
  void schedule(Time at, EventKey key, const Actor& target, Message&& message, Upcoming upcoming = {}) {
    Event event = make_event(at, key, target, std::forward<Message>(message));
    event.upcoming = upcoming;
    if (FarActor* far = FarActor::from(event.target)) return far->post_at(at, key, event.message->content());
    add(std::move(event));
  }

  /// The same, but not before `job` is done: its result becomes visible at `at`, or when it is there
  /// if that is later. Its emulated time counts from `begin`, however late it is really begun; none
  /// has been given to it if that is `at`. The actor must be of this process.
  template <class Actor, class Message>
  void schedule_after(ComputeJobPtr job, Time begin, Time at, EventKey key, const Actor& target, Message&& message) {
    Event event = make_event(at, key, target, std::forward<Message>(message));
    event.job = std::move(job);
    add_computation(std::move(event), begin);
  }

  /// An actor broke down: whoever runs the clock stops and throws `failure`.
  virtual void fail(std::exception_ptr failure) = 0;

 protected:
  virtual void add(Event event) = 0;
  /// `event.job` may be null: nothing is to be computed.
  virtual void add_computation(Event event, Time /*begin*/) { add(std::move(event)); }

 private:
  template <class Actor, class Message>
  static Event make_event(Time at, EventKey key, const Actor& target, Message&& message) {
    using Content = std::decay_t<Message>;
    Event event;
    event.at = at;
    event.key = key;
    event.target = caf::actor_cast<caf::strong_actor_ptr>(target);
    event.message = caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::forward<Message>(message));
    if constexpr (IsToldWhen<Content>::value) {
      event.told = &event.message->content().template get_mutable_as<Content>(0).at;
    }
    return event;
  }
};

/// A clock as the one who runs it sees it.
class RunningClock : public Clock {
 public:
  /// Delivers all events up to and including `end`; time stands at `end` then. Asks `keep_going` now
  /// and then and stops where it says no; returns false then. Throws what a job or an actor threw.
  virtual bool run_until(Time end, const std::function<bool()>& keep_going) = 0;
  /// When the next event comes, `kNever` if there is none. Not while the clock runs.
  virtual Time next_event() const = 0;
  /// Whether nothing more will happen by itself: no events to come but evaluations and nodes that leave, no
  /// computation under way, and (as far as can be told) no actor busy.
  virtual bool stands_still() const = 0;
  /// Drops all events to come.
  virtual void clear() = 0;
  /// Lets the system's actors work until at most `left` of them are alive: the others have been told
  /// to quit, and what they have sent until then is in its mailbox.
  virtual void await_exits(std::size_t left) = 0;

  virtual std::uint64_t delivered_events() const = 0;
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
