/// Adds up the energy of a run's nodes while its rows come.
#pragma once

#include <vector>

#include "actors/record/record_sink.hpp"
#include "netem/base/energy.hpp"
#include "netem/time/node_absence.hpp"

namespace tardigrad {

/// A row of energy.csv.
struct EnergyRow {
  NodeId node = 0;
  NodeUse use;
  double joules = 0;
};

/// All sums go by node and in the rows' own order: they do not depend on threads or hosts. Servers are not counted.
class EnergyMeter {
 public:
  /// One of each a node; `draws` of none: nothing is counted. `absences` may be shorter: the others are always there.
  EnergyMeter(std::vector<PowerDraw> draws, const std::vector<NodeAbsence>& absences);

  bool counts() const { return !draws_.empty(); }

  /// Returns the joules of a round beyond those of a node that idles: of its local steps and bytes.
  double add(const RoundRecord& record);
  void add_unfinished(const RoundRecord& record);
  /// Access links have all bytes, also those of rounds that the end interrupts.
  void add(const LinkRow& row);

  /// Of all nodes if they did nothing until then.
  double idle_joules(Time until) const;
  /// At the end of the run, by node. `until`: by node, the end of the run or the time at which its host was lost.
  std::vector<EnergyRow> rows(const std::vector<Time>& until) const;

  void persist(StateArchive& archive);

 private:
  /// What is known of a node without the end of the run.
  struct Sums {
    Time busy{};  ///< of finished rounds
    Bytes sent = 0;
    Bytes received = 0;
    Time begin = kNever;    ///< of the round in which the run was interrupted, if it had begun
    Time trained = kNever;  ///< the end of its local steps

    void persist(StateArchive& archive) { archive(busy, sent, received, begin, trained); }
  };

  std::vector<PowerDraw> draws_;
  const std::vector<NodeAbsence>& absences_;
  std::vector<Sums> sums_;
};

}  // namespace tardigrad
