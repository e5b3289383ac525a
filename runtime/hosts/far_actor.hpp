/// Proxies of actors in another part of a run, on another host.
#pragma once

#include <caf/actor_proxy.hpp>
#include <caf/actor_system.hpp>
#include <caf/type_erased_tuple.hpp>
#include <cstdint>

#include "netem/base/units.hpp"
#include "runtime/hosts/event_key.hpp"
#include "runtime/hosts/flow_control.hpp"
#include "runtime/hosts/part_id.hpp"

namespace tardigrad {

/// The address of an actor by its role: the same in all parts.
struct Address {
  PartId part = 0;
  std::uint8_t role = 0;  ///< a number on which all parts agree
  NodeId node = 0;
};

/// Sends messages to other parts.
class Outbox {
 public:
  virtual ~Outbox() = default;
  /// Sends a message for immediate delivery, in order.
  virtual void send(const Address& to, const caf::type_erased_tuple& message) = 0;
  /// Sends a message for delivery at `at` as the event of this key.
  virtual void send(const Address& to, Time at, const EventKey& key, const caf::type_erased_tuple& message) = 0;
  /// The flow control towards a part; nullptr if messages need not wait for room, as in virtual time.
  virtual FlowControl* flow_control(PartId part) = 0;
  /// True if the part is gone for good: messages to it are lost.
  virtual bool is_lost(PartId part) const = 0;
};

/// The local proxy of a far actor, used like any other actor. Messages to it are sent to its part; so are
/// scheduled messages, at the moment of scheduling: they travel during the time until they are due.
class FarActor final : public caf::actor_proxy {
 public:
  /// `outbox` must outlive the actor.
  static caf::strong_actor_ptr make(caf::actor_system& system, Outbox& outbox, const Address& address);

  FarActor(caf::actor_config& config, Outbox& outbox, const Address& address)
      : caf::actor_proxy(config), outbox_(outbox), address_(address) {}

  /// nullptr if the actor is not far.
  static FarActor* from(const caf::strong_actor_ptr& actor);

  void send_at(Time at, const EventKey& key, const caf::type_erased_tuple& message) {
    outbox_.send(address_, at, key, message);
  }
  FlowControl* flow_control() const { return outbox_.flow_control(address_.part); }
  bool is_lost() const { return outbox_.is_lost(address_.part); }
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) override {
    outbox_.send(address_, element->content());
  }
  void kill_proxy(caf::execution_unit* context, caf::error reason) override { cleanup(std::move(reason), context); }

 private:
  Outbox& outbox_;
  Address address_;
};

}  // namespace tardigrad
