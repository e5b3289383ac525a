/// The fields of every message in their order: one description for all code that writes or reads messages, to
/// other hosts or into a checkpoint. It leaves out the time that a message is told on delivery (`at`) and flow
/// control (credit, room).
#pragma once

#include "actors/messages.hpp"

namespace tardigrad {

template <class Archive>
void describe(Archive& with, Evaluation& e) {
  with(e.accuracy, e.loss);
}
template <class Archive>
void describe(Archive& with, Transfer& t) {
  with(t.from, t.to, t.fragment, t.kind, t.round, t.size, t.order, t.values, t.encoded, t.number, t.sent);
}
template <class Archive>
void describe(Archive& with, Arriving& m) {
  with(m.transfer, m.tail);
}
template <class Archive>
void describe(Archive& with, Withdrawn& m) {
  with(m.transfer, m.unserved);
}
template <class Archive>
void describe(Archive& with, Outgoing& m) {
  with(m.fragment, m.after_training, m.flush, m.transfers);
}
template <class Archive>
void describe(Archive& with, RoundEnded& m) {
  with(m.round);
}
template <class Archive>
void describe(Archive& with, Evaluate& m) {
  with(m.time);
}
template <class Archive>
void describe(Archive& with, EvaluateBetween& m) {
  with(m.after, m.before);
}
template <class Archive>
void describe(Archive& with, RoundRow& r) {
  with(r.node, r.round, r.begin, r.trained, r.end, r.training_loss, r.steps, r.mixing);
}
template <class Archive>
void describe(Archive& with, Hop& h) {
  with(h.place, h.fate, h.peer, h.fragment, h.round, h.size, h.number, h.begin, h.end);
}
template <class Archive>
void describe(Archive& with, AccessRow& r) {
  with(r.node, r.round, r.uplink, r.queued, r.passed, r.dropped, r.passed_bytes, r.hops);
}
template <class Archive>
void describe(Archive& with, LinkRow& r) {
  with(r.kind, r.from, r.to, r.rate, r.accepted, r.busy, r.passed, r.dropped, r.absent, r.lost, r.under_way,
       r.longest_queue, r.delays);
}
template <class Archive>
void describe(Archive& with, EvaluationRow& r) {
  with(r.time, r.node, r.round, r.result.accuracy, r.result.loss);
}
template <class Archive>
void describe(Archive& with, ModelSnapshot& m) {
  with(m.node, m.round, m.model, m.time);
}
template <class Archive>
void describe(Archive& with, WaitRow& r) {
  with(r.node, r.awaited);
}

// Messages from the clock to an actor of the same process.

template <class Archive>
void describe(Archive&, StartRound&) {}
template <class Archive>
void describe(Archive&, LocalStepsDone&) {}
template <class Archive>
void describe(Archive& with, Evaluated& m) {
  with(m.time);
}
template <class Archive>
void describe(Archive&, EvaluatedBetween&) {}
template <class Archive>
void describe(Archive& with, WaitOver& m) {
  with(m.wait);
}
template <class Archive>
void describe(Archive& with, Wake& m) {
  with(m.why, m.transfer);
}
template <class Archive>
void describe(Archive& with, DropUnsent& m) {
  with(m.node, m.fragment);
}
template <class Archive>
void describe(Archive&, TransferDue&) {}
template <class Archive>
void describe(Archive& with, RateChange& m) {
  with(m.node, m.uplink);
}
template <class Archive>
void describe(Archive& with, PairRateChange& m) {
  with(m.from, m.to);
}

}  // namespace tardigrad
