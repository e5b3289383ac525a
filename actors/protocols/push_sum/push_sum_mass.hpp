/// A node's part of the two sums of push-sum, x and w, and how shares of it travel.
///
/// Plainly, a message holds a share (p x, p w) as d + 1 values of 4 bytes. A lost one takes its share with it.
///
/// With running sums (`robust`; Spiridonoff, Olshevsky, Paschalidis: "Robust Asynchronous Stochastic
/// Gradient-Push", 2018, arXiv 1811.03982) a message holds the sums of all shares that the sender has ever given, and
/// the receiver takes what is new in them since the last message of this sender that it saw:
///
///     sender:      sigma += (p x, p w);  send sigma with the number of the round
///     receiver:    an older round than the last seen: nothing;  else (x, w) += sigma - rho,  rho <- sigma
///
/// A message makes good all those before it that were lost or overtaken, so that over time nothing is missing:
///
///     sum over nodes of x + sum over links of (sigma of the sender - rho of the receiver)
///         = the initial sum + all local steps,          and the same of w, = the number of nodes.
///
/// This needs a graph that stays the same, on which all receivers are given the same shares. sigma and rho are in
/// double, also in the message (8 (d + 1) bytes, the round is in its header), since sums of thousands of rounds in
/// single precision would have no digits left for a round's share.
///
/// A node whose weight would fall below `least_weight` keeps its share to itself, since its local steps, which enter
/// x as they are, move x / w the further the smaller w is.
#pragma once

#include <map>
#include <vector>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

struct PushSumForm {
  bool robust = false;
  float least_weight = 0;

  /// Of a message, without its header.
  Bytes payload(std::uint64_t parameters) const {
    return (robust ? sizeof(double) : sizeof(float)) * (Bytes{parameters} + 1);
  }
};

class PushSumMass {
 public:
  explicit PushSumMass(PushSumForm form) : form_(form) {}

  void begin(const Values& initial) { biased_ = initial; }
  /// x += trained - start.
  void add(const Values& trained, const Values& start);
  /// Keeps p = 1 / (receivers + 1) of x and w and puts such a share for each receiver into the message. False if it
  /// gives nothing, because too little would be left: the message says so.
  bool give(NodeId receivers, Actions::Send& message);
  /// Makes `message.values` the share that it brings: d values of x, then w. False if no other node can have sent
  /// the message. An overtaken one brings nothing: a weight of 0.
  bool read(ProtocolMessage& message);
  void take(const Values& share);
  /// Begins anew with the present model and a weight of one.
  void renew();

  /// x / w.
  Values model() const;
  const Values& biased() const { return biased_; }
  float weight() const { return weight_; }
  const PushSumForm& form() const { return form_; }
  void persist(StateArchive& archive) { archive(biased_, weight_, given_, seen_); }

 private:
  /// rho of one sender.
  struct Seen {
    Round round = 0;
    std::vector<double> sums;

    void persist(StateArchive& archive) { archive(round, sums); }
  };

  bool read_sums(ProtocolMessage& message);

  PushSumForm form_;
  Values biased_;
  float weight_ = 1;
  std::vector<double> given_;  ///< sigma: of x, then of w
  std::map<NodeId, Seen> seen_;
};

/// The option `robust` of the family.
OptionSpec robust_option();

}  // namespace tardigrad
