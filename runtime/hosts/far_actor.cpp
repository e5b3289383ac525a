#include "runtime/hosts/far_actor.hpp"

#include <atomic>
#include <caf/actor_cast.hpp>
#include <caf/make_actor.hpp>

namespace tardigrad {

namespace {
// Far above the ids that a system gives to its own actors.
constexpr caf::actor_id kFirstFarId = caf::actor_id{1} << 62;
}  // namespace

caf::strong_actor_ptr FarActor::make(caf::actor_system& system, Outbox& outbox, const Address& address) {
  static std::atomic<caf::actor_id> next{kFirstFarId};
  caf::actor_config config;
  return caf::make_actor<FarActor, caf::strong_actor_ptr>(next++, system.node(), &system, config, outbox, address);
}

FarActor* FarActor::from(const caf::strong_actor_ptr& actor) {
  if (actor->id() < kFirstFarId) return nullptr;
  return static_cast<FarActor*>(caf::actor_cast<caf::abstract_actor*>(actor));
}

}  // namespace tardigrad
