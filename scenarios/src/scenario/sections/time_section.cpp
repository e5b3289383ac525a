#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

void check_host_loss(const TomlSection& table, const Scenario&, TimeSection& time) {
  if (!time.survives_host_loss || time.clock == "real") return;
  table.complain("on_host_loss",
                 "in virtual time nothing can go on without a host: expected \"stop\", or clock = \"real\"");
}

}  // namespace

const Section<TimeSection>& time_section() {
  static const Section<TimeSection> section = {
      "[time]",
      {Key<TimeSection>("clock", &TimeSection::clock, "time jumps from event to event, or passes")
           .one_of({"virtual", "real"}),
       Key<TimeSection>("duration", &TimeSection::duration, "when the run ends")
           .required("duration = \"800s\"")
           .also_called({{"epochs", "a run lasts so long in emulated time"}, {"runtime"}, {"end_time"}}),
       choice_key<TimeSection>("on_host_loss", &TimeSection::survives_host_loss,
                               ValueNames<bool>{{"stop", false}, {"continue", true}},
                               "real clock: to go on without a lost host, whose nodes leave for good")
           .brief()
           .such_as("on_host_loss = \"continue\"  # clock = \"real\"")},
      check_host_loss};
  return section;
}

}  // namespace tardigrad
