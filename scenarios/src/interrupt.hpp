/// Ctrl-C and a polite kill: the run in progress stops at the next event and leaves what it has.
#pragma once

namespace tardigrad {

/// From now on the first SIGINT or SIGTERM is noted, and standard error says at once what comes of it: `what_follows`,
/// a text that lasts as long as the program. The same signal for a second time ends the process on the spot, with the
/// exit code of one that is interrupted; files keep what is in them.
void note_interrupts(const char* what_follows = "ending");
bool interrupted();

}  // namespace tardigrad
