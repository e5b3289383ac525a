/// The source of time. Actors use `Clock` only, and do not depend on which clock runs them.
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

/// True if a message has a member `Time at`, which the clock sets on delivery.
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
  /// What happened up to then has been reported to everybody: in virtual time all before this instant, under the real
  /// clock what happened a second ago, which is taken to be long enough for a report.
  virtual Time settled() const = 0;

  /// Puts `message` into the actor's mailbox at `at`, or at once if that has passed. Events of one instant are
  /// delivered in the order of their keys.
  ///
  /// A message with a member `Time at` carries its due time. Actors use that time, not now(): their next
  /// actions then begin at the very moment the event was due, however long it really took to reach them, and
  /// the delays of a long chain of events do not add up.
  template <class Actor, class Message>
  void schedule(Time at, EventKey key, const Actor& target, Message&& message, Upcoming upcoming = {}) {
    Event event = make_event(at, key, target, std::forward<Message>(message));
    event.upcoming = upcoming;
    if (FarActor* far = FarActor::from(event.target)) return far->send_at(at, key, event.message->content());
    add(std::move(event));
  }

  /// Schedules `message` for the end of `job`: the result becomes visible at `at`, or when the job is done if
  /// that is later. Emulated time counts from `begin`, however late the job really starts; the job has no
  /// emulated duration if `begin` equals `at`. The actor must be in this process.
  template <class Actor, class Message>
  void schedule_after(ComputeJobPtr job, Time begin, Time at, EventKey key, const Actor& target, Message&& message) {
    Event event = make_event(at, key, target, std::forward<Message>(message));
    event.job = std::move(job);
    add_computation(std::move(event), begin);
  }

  /// Reports the failure of an actor: the caller that runs the clock stops and throws `failure`.
  virtual void fail(std::exception_ptr failure) = 0;

 protected:
  virtual void add(Event event) = 0;
  /// `event.job` may be null: there is nothing to compute.
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

/// A clock from the point of view of the caller that runs it.
class RunningClock : public Clock {
 public:
  /// Delivers all events up to and including `end`, at which time stands then. Calls `keep_going` now and then;
  /// stops and returns false if the answer is false. Throws what a job or an actor threw.
  virtual bool run_until(Time end, const std::function<bool()>& keep_going) = 0;
  /// The time of the next event, `kNever` if there is none. Must not be called while the clock runs.
  virtual Time next_event() const = 0;
  /// True if nothing more will happen by itself: the only events to come are evaluations and departures of
  /// nodes, no computation is under way, and (as far as can be told) no actor is busy.
  virtual bool stands_still() const = 0;
  /// Drops all events to come.
  virtual void clear() = 0;
  /// Lets the system's actors work until at most `left` of them are alive. The others must have been told to
  /// quit, and their messages have been delivered to mailboxes by then.
  virtual void await_exits(std::size_t left) = 0;

  virtual std::uint64_t delivered_events() const = 0;
};

/// CAF removes an actor whose handler threw and continues; a run must not continue without one of its actors.
template <class Actor>
void stop_run_if_it_throws(Actor& actor, Clock& clock) {
  actor.set_exception_handler([&clock](std::exception_ptr& failure) -> caf::error {
    clock.fail(failure);
    return caf::exit_reason::unhandled_exception;
  });
}

}  // namespace tardigrad
