/// Messages to come, in the order in which a clock delivers them.
#pragma once

#include <caf/actor_control_block.hpp>
#include <caf/mailbox_element.hpp>
#include <cstdint>
#include <tuple>
#include <vector>

#include "netem/units.hpp"
#include "runtime/compute_pool.hpp"
#include "runtime/event_key.hpp"

namespace tardigrad {

/// One message to one actor at one moment.
struct Event {
  Time at{};
  EventKey key;
  caf::strong_actor_ptr target;
  caf::mailbox_element_ptr message;
  Time* told = nullptr;  ///< where in `message` it says when it comes, if it does
  ComputeJobPtr job;     ///< to be done before

  /// Tells the message when it comes, and puts it into the target's mailbox.
  void deliver();
};

/// A binary heap by (time, key): O(log events) for a push and a pop. Not thread-safe.
class EventQueue {
 public:
  bool empty() const { return heap_.empty(); }
  /// When the first event comes; `kNever` where there is none.
  Time earliest() const { return heap_.empty() ? kNever : heap_.front().at; }
  void push(Event event);
  /// Takes out the first event. Needs !empty().
  Event pop();
  /// Has the processor fetch what the first event will need, while the one before it is being handled:
  /// with thousands of nodes hardly any of it is in a cache.
  void prefetch_first() const;

 private:
  // The heap holds what is compared and where the rest of the event is; the rest does not move.
  struct Entry {
    Time at;
    EventKey key;
    std::uint32_t slot;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const { return std::tie(b.at, b.key) < std::tie(a.at, a.key); }
  };

  std::vector<Entry> heap_;
  std::vector<Event> slots_;
  std::vector<std::uint32_t> free_slots_;
};

}  // namespace tardigrad
