#include <fmt/format.h>

#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

using LossKey = Key<LossModel>;
using BurstKey = Key<LossModel::Burst>;

const Section<LossModel::Burst>& burst_table() {
  static const std::string example = "{ rate = 0.5, begins = 0.01, ends = 0.2 }";
  static const Section<LossModel::Burst> section = {
      "[network] loss = { burst = { } }",
      {BurstKey("rate", &LossModel::Burst::rate, "probability of losing a transmission in a burst")
           .within(0, 1)
           .required(example),
       BurstKey("begins", &LossModel::Burst::begins, "probability per message that a burst begins")
           .within(0, 1)
           .required(example),
       BurstKey("ends", &LossModel::Burst::ends, "probability per message that it ends")
           .above(0, 1)
           .required(example)}};
  return section;
}

bool retransmits(const LossModel& loss) { return loss.on_loss == OnLoss::retransmit; }

void read_timeout(const TomlSection& table, const LossKey& key, const Scenario&, LossModel& loss) {
  loss.timeout = table.duration(key.name, std::chrono::milliseconds(200));
}

void check_loss(const TomlSection& table, const Scenario&, LossModel& loss) {
  if (retransmits(loss) && loss.rate >= 1) {
    table.complain("rate", "expected less than 1 where what is lost is retransmitted");
  }
  for (const char* key : {"timeout", "most_transmissions"}) {
    if (table.has(key) && !retransmits(loss)) table.complain(key, "expected only with mode = \"retransmit\"");
  }
  if (loss.timeout > kLongestDuration / loss.most_transmissions) {
    table.complain("timeout", fmt::format("expected {} of them to last at most {}", loss.most_transmissions,
                                          duration_text(kLongestDuration)));
  }
}

/// The rates of both states stand side by side.
void write_rates(const LossModel& loss, TomlWriter& out) {
  out.key("rate", value_toml(loss.rate));
  if (loss.burst.begins > 0) out.key("burst", inline_toml(burst_table(), loss.burst));
}

}  // namespace

const Section<LossModel>& loss_table() {
  static const Section<LossModel> section = {
      "[network] loss = { }",
      {LossKey("rate", &LossModel::rate, "probability of losing a transmission")
           .within(0, 1)
           .required("rate = 0.01")
           .written_by(write_rates),
       choice_key<LossModel>("mode", &LossModel::on_loss,
                             ValueNames<OnLoss>{{"drop", OnLoss::drop}, {"retransmit", OnLoss::retransmit}},
                             "what is lost is gone, or is sent again")
           .such_as("loss = { rate = 0.01, mode = \"retransmit\" }"),
       LossKey("timeout", &LossModel::timeout, "after so long it is sent again")
           .read_by(read_timeout)
           .usually("\"200ms\"")
           .written_if(retransmits)
           .only_with("mode", "retransmit")
           .such_as("loss = { rate = 0.01, mode = \"retransmit\", timeout = \"200ms\" }"),
       LossKey("most_transmissions", &LossModel::most_transmissions, "then the sender gives up")
           .within(1, 1000)
           .written_if(retransmits)
           .only_with("mode", "retransmit")
           .such_as("loss = { rate = 0.01, mode = \"retransmit\", most_transmissions = 5 }"),
       table_key("burst", &LossModel::burst, burst_table(), "losses that come in bursts (Gilbert-Elliott)")
           .such_as("loss = { rate = 0.001, burst = { rate = 0.5, begins = 0.01, ends = 0.2 } }")
           .written_by([](const LossModel&, TomlWriter&) {})},
      check_loss};
  return section;
}

}  // namespace tardigrad
