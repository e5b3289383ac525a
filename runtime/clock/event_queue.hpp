/// Events to come, in the order in which a clock delivers them.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/mailbox_element.hpp>
#include <cstdint>
#include <vector>

#include "netem/base/units.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "runtime/hosts/event_key.hpp"

namespace tardigrad {

/// Predicts which actor the event's target will message next, so that its memory can be prefetched. In two
/// steps: `clue` gives an address to fetch, `receiver` reads through it one event later.
class Foresight {
 public:
  /// The address from which `receiver` reads. `content` is the event's, and has been fetched.
  virtual const void* clue(const void* content) const { return content; }
  virtual caf::actor_control_block* receiver(const void* clue) const = 0;
  /// The address of what the receiver will read next. The receiver has been fetched, and is still the one that
  /// `receiver` returned.
  virtual const void* beyond(const caf::abstract_actor& receiver) const = 0;

 protected:
  ~Foresight() = default;
};

/// Memory that the target of an event will need, for prefetching. Must outlive the event. Changes nothing but
/// speed.
struct Upcoming {
  const void* content = nullptr;         ///< a cache line that the target will read
  const void* clue = nullptr;            ///< another cache line; null if the foresight has to find it
  const Foresight* foresight = nullptr;  ///< predicts the actor that the target will message; null if there is none
};

template <class Handle>
caf::actor_control_block* control_block(const Handle& actor) {
  return caf::actor_cast<caf::actor_control_block*>(actor);
}

/// One message to one actor at one time.
struct Event {
  Time at{};
  EventKey key;
  caf::strong_actor_ptr target;
  caf::mailbox_element_ptr message;
  Time* told = nullptr;                          ///< the member of `message` that carries its time, if there is one
  ComputeJobPtr job;                             ///< to be done before delivery
  Upcoming upcoming;                             ///< the memory that the target will need
  caf::actor_control_block* receiver = nullptr;  ///< the actor that the target will message, once that is known

  /// Writes the time into the message, and puts the message into the target's mailbox.
  void deliver();
  /// These three prefetch the memory that the target will need; see `Upcoming`.
  void find_clue();
  void find_receiver();
  void look_beyond() const;
};

/// A sorted list of the next few events, a binary heap of those that come soon, and an unsorted list of the
/// others: O(log events) for a push and a pop, nearly all of it in few cache lines however many events there
/// are. Not thread-safe.
class EventQueue {
 public:
  bool empty() const { return next_.empty(); }
  /// The time of the first event; `kNever` if there is none.
  Time earliest() const { return next_.empty() ? kNever : next_.front().at; }
  void push(Event event);
  /// Removes the first event. Needs !empty().
  Event pop();
  /// Prefetches the memory that the next events will touch while the current one is handled; each pointer is
  /// followed one event after it was fetched. Only for clocks whose actors run on one thread.
  void prefetch_next();
  /// All events. Valid until the next push or pop.
  std::vector<const Event*> in_order() const;

 private:
  // The part of an event that is nearly always enough for a comparison, and the place of the rest, which does
  // not move.
  struct Entry {
    Time at;
    std::uint32_t slot;
  };
  struct Later {
    const std::vector<Event>& slots;
    bool operator()(const Entry& a, const Entry& b) const {
      return a.at != b.at ? a.at > b.at : slots[b.slot].key < slots[a.slot].key;
    }
  };
  Later later() const { return {slots_}; }
  static constexpr std::size_t kMostNext = 8;
  /// One of so many parts of the distant events moves into the heap at once: the smaller the part, the smaller
  /// the heap, and the more often all distant events are examined.
  static constexpr std::size_t kParts = 16;
  static constexpr std::size_t kLeastPart = 256;

  void push_later(const Entry& entry);
  /// Removes the first event of the heap and the distant ones. Needs at least one of these.
  Entry pop_later();
  void bring_near();

  std::vector<Entry> next_;  ///< ascending; earlier than all others
  std::vector<Entry> heap_;
  std::vector<Entry> far_;     ///< later than `border_`, unsorted
  Time border_ = Time::min();  ///< an upper bound of the times in the heap
  std::vector<Event> slots_;
  std::vector<std::uint32_t> free_slots_;
};

}  // namespace tardigrad
