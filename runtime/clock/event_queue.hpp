/// Messages to come, in the order in which a clock delivers them.
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

/// Tells whom the target of an event will send something, where finding that out takes a look at memory that is hardly
/// ever in a cache. Asked for the clue first, unless that is known, and for the receiver when it has been fetched.
class Foresight {
 public:
  /// Where it says who the receiver is. `content` is that of the event, and has been fetched.
  virtual const void* clue(const void* content) const { return content; }
  virtual caf::actor_control_block* receiver(const void* clue) const = 0;
  /// What the receiver will turn to. It has been fetched, and still is the one that `receiver` said.
  virtual const void* beyond(const caf::abstract_actor& receiver) const = 0;

 protected:
  ~Foresight() = default;
};

/// What the target of an event will turn to, for the processor to fetch beforehand. Must outlive the
/// event. Changes nothing but speed.
struct Upcoming {
  const void* content = nullptr;         ///< a cache line that it will read
  const void* clue = nullptr;            ///< another one; null if the foresight has to tell
  const Foresight* foresight = nullptr;  ///< knows whom it will send something; null if that is nobody
};

template <class Handle>
caf::actor_control_block* control_block(const Handle& actor) {
  return caf::actor_cast<caf::actor_control_block*>(actor);
}

/// One message to one actor at one moment.
struct Event {
  Time at{};
  EventKey key;
  caf::strong_actor_ptr target;
  caf::mailbox_element_ptr message;
  Time* told = nullptr;                          ///< where in `message` it says when it comes, if it does
  ComputeJobPtr job;                             ///< to be done before
  Upcoming upcoming;                             ///< what the target will touch then
  caf::actor_control_block* receiver = nullptr;  ///< whom it will send something, once that is known

  /// Tells the message when it comes, and puts it into the target's mailbox.
  void deliver();
  /// All three for the processor to fetch what the target will touch; see `Upcoming`.
  void find_clue();
  void find_receiver();
  void look_beyond() const;
};

/// The next few events in order, a binary heap of those that come soon, and the others as they came: O(log events) for
/// a push and a pop, nearly all of it in few cache lines however many events there are. Not thread-safe.
class EventQueue {
 public:
  bool empty() const { return next_.empty(); }
  /// When the first event comes; `kNever` where there is none.
  Time earliest() const { return next_.empty() ? kNever : next_.front().at; }
  void push(Event event);
  /// Takes out the first event. Needs !empty().
  Event pop();
  /// Has the processor fetch what the next events will need, while another is being handled: with
  /// thousands of nodes hardly any of it is in a cache. Where one piece of memory says where another is, that
  /// is an event's turn later. Only where no actor runs on another thread.
  void prefetch_next();
  /// All there are. Valid until the next push or pop.
  std::vector<const Event*> in_order() const;

 private:
  // What is compared nearly always, and where the rest of the event is; the rest does not move.
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
  /// One part in so many of what is far away comes near at once: the less, the smaller the heap, and the more often all
  /// that is far away is looked at.
  static constexpr std::size_t kParts = 16;
  static constexpr std::size_t kLeastPart = 256;

  void push_later(const Entry& entry);
  /// The first of those that are neither next nor taken out. Needs one.
  Entry pop_later();
  void bring_near();

  std::vector<Entry> next_;  ///< ascending; all before what is in the heap
  std::vector<Entry> heap_;
  std::vector<Entry> far_;     ///< later than `border_`, in no order
  Time border_ = Time::min();  ///< what is in the heap is not later
  std::vector<Event> slots_;
  std::vector<std::uint32_t> free_slots_;
};

}  // namespace tardigrad
