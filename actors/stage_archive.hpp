/// The state of a run's actors on its way into a checkpoint or out of one.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "netem/base/state_archive.hpp"

namespace tardigrad {

class StageArchive;

/// An actor whose state can be saved while it has nothing to do, and given to another one that was made as it was.
/// Between two events of the virtual clock all actors have nothing to do, and nobody else touches them.
class PersistentActor {
 public:
  /// All that messages have changed since it was made.
  virtual void persist(StageArchive& archive) = 0;

 protected:
  ~PersistentActor() = default;
};

/// Numbers actors as they come: in the same order when a stage is saved as when it is loaded.
class StageArchive {
 public:
  explicit StageArchive(StateArchive& fields) : fields_(fields) {}

  StateArchive& fields() { return fields_; }
  bool loads() const { return fields_.loads(); }
  template <class... Fields>
  void operator()(Fields&... fields) {
    fields_(fields...);
  }

  /// One more actor, and its state.
  template <class Handle>
  void enter(const Handle& actor) {
    enter(caf::actor_cast<caf::strong_actor_ptr>(actor));
  }
  void enter(const caf::strong_actor_ptr& actor);

  /// Of an actor that has come. Throws std::logic_error of any other.
  std::uint32_t number_of(const caf::strong_actor_ptr& actor) const;
  /// Null if there is none of that number.
  caf::strong_actor_ptr actor(std::uint32_t number) const;

 private:
  StateArchive& fields_;
  std::vector<caf::strong_actor_ptr> actors_;
  std::map<const caf::actor_control_block*, std::uint32_t> numbers_;
};

}  // namespace tardigrad
