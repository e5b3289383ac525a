#include "runtime/actor/passive_actor.hpp"

namespace tardigrad {

void PassiveActor::enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) {
  const std::lock_guard lock(mtx_);
  if (has_quit_) return;
  try {
    receive(element->content());
  } catch (...) {
    clock_.fail(std::current_exception());
    quit();
  }
}

}  // namespace tardigrad
