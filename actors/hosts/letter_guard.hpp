/// Whether a letter from another part of a run is one that this part may send: nothing in it is believed.
///
/// Whose node lives where says the placement, which the parts have agreed on before the run. What a message between
/// nodes holds (its kind, size and encoding, and whether the two talk to each other in that round) its protocol knows:
/// `FragmentProtocol::on_message` refuses what does not fit. A letter that its sender may not send is left out; what
/// waits for it waits as for one that is lost.
#pragma once

#include "actors/letters.hpp"
#include "actors/placement.hpp"
#include "actors/run/run.hpp"

namespace tardigrad {

/// The latest that a message of the run can speak of: no node has finished more rounds by its end.
Round last_round(const RunPlan& plan);

class LetterGuard {
 public:
  LetterGuard(const RunPlan& plan, const Placement& placement, const LetterLimits& limits, bool learns);

  /// Empty: `part` may send this letter. Otherwise what it is, for whoever looks for the reason.
  std::string objection(const Letter& letter, PartId part) const;

 private:
  struct Sender;

  const Placement& placement_;
  bool fair_;  ///< all uplinks live with the recorder
  bool learns_;
  LetterLimits limits_;
  Round last_round_;
};

}  // namespace tardigrad
