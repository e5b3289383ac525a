/// Ctrl-C and a polite kill: the run in progress stops at the next event and leaves what it has.
#pragma once

namespace tardigrad {

/// From now on the first SIGINT or SIGTERM is noted; a second one ends the process at once.
void note_interrupts();
bool interrupted();

}  // namespace tardigrad
