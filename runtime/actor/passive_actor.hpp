/// An actor without a mailbox: its handler runs on the sender's thread, one message at a time. For links and
/// downlinks, of which there may be a million.
#pragma once

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/make_actor.hpp>
#include <caf/type_erased_tuple.hpp>
#include <exception>
#include <utility>

#include "runtime/clock/clock.hpp"

namespace tardigrad {

/// Has a handle as any other actor, but takes a third of the memory, and a message to it is no turn of the
/// scheduler. Cannot be linked or monitored.
///
/// Its handlers may send messages and schedule events, and must not wait for anything: two passive actors that
/// message each other could block each other.
class PassiveActor : public caf::abstract_actor {
 public:
  using caf::abstract_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) final;

  void attach(caf::attachable_ptr) final {}
  std::size_t detach(const caf::attachable::token&) final { return 0; }
  void add_link(caf::abstract_actor*) final {}
  void remove_link(caf::abstract_actor*) final {}
  bool add_backlink(caf::abstract_actor*) final { return false; }
  bool remove_backlink(caf::abstract_actor*) final { return false; }

 protected:
  PassiveActor(caf::actor_config& config, Clock& clock) : caf::abstract_actor(config), clock_(clock) {}

  Clock& clock() const { return clock_; }
  /// Ignores all messages from now on.
  void quit() { has_quit_ = true; }
  /// The content if it is a message of this type; else nullptr.
  template <class Message>
  static const Message* as(const caf::type_erased_tuple& message) {
    return message.match_element<Message>(0) ? &message.get_as<Message>(0) : nullptr;
  }

 private:
  virtual void receive(const caf::type_erased_tuple& message) = 0;

  Clock& clock_;
  bool has_quit_ = false;
};

/// `Handle` is the typed actor interface of the new actor.
template <class Handle, class Passive, class... Arguments>
Handle make_passive(caf::actor_system& system, Arguments&&... arguments) {
  caf::actor_config config;
  return caf::actor_cast<Handle>(caf::make_actor<Passive, caf::strong_actor_ptr>(
      system.next_actor_id(), system.node(), &system, config, std::forward<Arguments>(arguments)...));
}

}  // namespace tardigrad
