/// Where a run's rows go, and the order in which they come there.
#pragma once

#include <cstddef>
#include <vector>

#include "actors/rows.hpp"
#include "netem/base/state_archive.hpp"

namespace tardigrad {

/// One node and round, complete.
struct RoundRecord {
  RoundRow round;
  AccessRow uplink;
  AccessRow downlink;

  /// The number of its hops in a timeline.
  std::size_t hops() const;
  void persist(StateArchive& archive);
};

/// Takes a run's rows in their final order: rounds by (end, node), then those that the end of the run
/// interrupts, by node; evaluations by (time, node) with the server's and the averaged model last, links by (kind,
/// from, to). Under the real clock a round that is reported more than a second late follows those that were in time.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual void add(const RoundRecord& record) = 0;
  /// A server's round, in which nobody trains.
  virtual void add_of_server(const RoundRecord&) {}
  virtual void add_unfinished(const RoundRecord&) {}
  virtual void add(const EvaluationRow& row) = 0;
  virtual void add(const LinkRow& row) = 0;
  /// Everything so far has been added.
  virtual void commit() = 0;
  /// Called when an evaluation has been committed, until it returns true once: models at the moments between
  /// that evaluation and the one before are to be tested, too (`RunPlan::moments_between`).
  virtual bool looks_between() { return false; }
  /// The evaluations of these models, in order; empty if there is no evaluation before.
  virtual void add_between(const std::vector<EvaluationRow>&) {}
  /// True if the run may end before its time: its target has been reached, and nothing more is to be tested.
  virtual bool has_enough() const { return false; }
};

}  // namespace tardigrad
