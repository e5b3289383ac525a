#include "actors/actor_archive.hpp"

#include <caf/abstract_actor.hpp>
#include <stdexcept>

namespace tardigrad {

void ActorArchive::enter(const caf::strong_actor_ptr& actor) {
  numbers_[actor.get()] = static_cast<std::uint32_t>(actors_.size());
  actors_.push_back(actor);
  dynamic_cast<PersistentActor&>(*actor->get()).persist(*this);
}

std::uint32_t ActorArchive::number_of(const caf::strong_actor_ptr& actor) const {
  const auto known = numbers_.find(actor.get());
  if (known == numbers_.end()) throw std::logic_error("an event for an actor that is not saved");
  return known->second;
}

caf::strong_actor_ptr ActorArchive::actor(std::uint32_t number) const {
  return number < actors_.size() ? actors_[number] : nullptr;
}

}  // namespace tardigrad
