/// Saves and loads the state of a run's actors.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "netem/base/state_archive.hpp"

namespace tardigrad {

class ActorArchive;

/// An actor whose state can be saved while it has nothing to do, and loaded into another actor that was
/// constructed alike. Between two events of the virtual clock no actor has anything to do, and no other thread
/// uses them.
class PersistentActor {
 public:
  /// Saves or loads everything that messages have changed since construction.
  virtual void persist(ActorArchive& archive) = 0;

 protected:
  ~PersistentActor() = default;
};

/// Numbers actors in the order of their arrival, which is the same for saving and loading.
class ActorArchive {
 public:
  explicit ActorArchive(StateArchive& fields) : fields_(fields) {}

  StateArchive& fields() { return fields_; }
  bool loads() const { return fields_.loads(); }
  template <class... Fields>
  void operator()(Fields&... fields) {
    fields_(fields...);
  }

  /// Adds one more actor, with its state.
  template <class Handle>
  void enter(const Handle& actor) {
    enter(caf::actor_cast<caf::strong_actor_ptr>(actor));
  }
  void enter(const caf::strong_actor_ptr& actor);

  /// The number of an actor that was added. Throws std::logic_error for any other.
  std::uint32_t number_of(const caf::strong_actor_ptr& actor) const;
  /// Null if there is none of that number.
  caf::strong_actor_ptr actor(std::uint32_t number) const;

 private:
  StateArchive& fields_;
  std::vector<caf::strong_actor_ptr> actors_;
  std::map<const caf::actor_control_block*, std::uint32_t> numbers_;
};

}  // namespace tardigrad
