#include "scenarios/src/interrupt.hpp"

#include <csignal>

namespace tardigrad {

namespace {

volatile std::sig_atomic_t noted = 0;

void note(int number) {
  noted = 1;
  std::signal(number, SIG_DFL);
}

}  // namespace

void note_interrupts() {
  std::signal(SIGINT, note);
  std::signal(SIGTERM, note);
}

bool interrupted() { return noted != 0; }

}  // namespace tardigrad
