/// Actors that live in another part of a run, on another host.
#pragma once

#include <caf/actor_proxy.hpp>
#include <caf/actor_system.hpp>
#include <caf/type_erased_tuple.hpp>
#include <cstdint>

#include "netem/base/units.hpp"
#include "runtime/hosts/event_key.hpp"
#include "runtime/hosts/lane.hpp"

namespace tardigrad {

/// Part of a run: 0 is the coordinator, the others are hosts.
using PartId = std::uint32_t;

/// An actor by what it is: the same in all parts.
struct Address {
  PartId part = 0;
  std::uint8_t role = 0;  ///< what the actors of a run agree on
  NodeId node = 0;
};

/// Takes letters to other parts.
class Post {
 public:
  virtual ~Post() = default;
  /// At once, in order.
  virtual void post(const Address& to, const caf::type_erased_tuple& message) = 0;
  /// To be delivered at `at` as the event of this key.
  virtual void post(const Address& to, Time at, const EventKey& key, const caf::type_erased_tuple& message) = 0;
  /// What messages of models to a part take; nullptr where they need not wait for room, as in virtual time.
  virtual Lane* lane(PartId part) = 0;
  /// Whether the part is gone for good: what is posted to it is lost.
  virtual bool is_lost(PartId part) const = 0;
};

/// Stands for a far actor: whoever has its handle talks to it as to any other. What is sent to it is posted, and
/// so is what is scheduled for it, when it is scheduled: time to travel is what lies between that and its moment.
class FarActor final : public caf::actor_proxy {
 public:
  /// `post` outlives it.
  static caf::strong_actor_ptr make(caf::actor_system& system, Post& post, const Address& address);

  FarActor(caf::actor_config& config, Post& post, const Address& address)
      : caf::actor_proxy(config), post_(post), address_(address) {}

  /// nullptr if the actor is not far.
  static FarActor* from(const caf::strong_actor_ptr& actor);

  void post_at(Time at, const EventKey& key, const caf::type_erased_tuple& message) {
    post_.post(address_, at, key, message);
  }
  Lane* lane() const { return post_.lane(address_.part); }
  bool is_lost() const { return post_.is_lost(address_.part); }
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) override {
    post_.post(address_, element->content());
  }
  void kill_proxy(caf::execution_unit* context, caf::error reason) override { cleanup(std::move(reason), context); }

 private:
  Post& post_;
  Address address_;
};

}  // namespace tardigrad
