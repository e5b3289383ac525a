/// Sparse-Push (Aketi, Singh, Rabaey: "Sparse-Push: Communication- & Energy-Efficient Decentralized Distributed
/// Learning over Directed & Time-Varying Graphs with non-IID Datasets", 2021, arXiv 2102.05715): push-sum of
/// the largest values, with the rest kept at the sender to be sent later. The paper's ingredients, combined so
/// that the sum of all x is preserved whatever is left out:
///
///     P_ji = 1 / (out-degree_i + 1),   z_i = x_i / w_i   (the model that is trained and tested)
///     half_i = x_i + the change of z_i in local steps
///     v_i = half_i + e_i,   c_i = top-k(v_i),   e_i <- v_i - c_i                  (c_i and w_i are sent)
///     x_i <- half_i + gamma (sum_j P_ij c_j - c_i),   w_i <- w_i + gamma (sum_j P_ij w_j - w_i),   j = i included
///
/// Values that are left out add up in e_i, so that c_i contains many rounds' changes: gamma must be small if
/// few values are sent. Nodes send different values at different times and so stay apart by a distance in
/// proportion to gamma.
///
/// `per = "layer"` takes the largest values of every tensor by itself, as the author's scripts do.
///
/// In rounds without local steps (`consensus_rounds`) whole models travel, gamma is 1, and e is dropped, which the sum
/// of all x does not contain: x_i <- sum_j P_ij x_j, w_i <- sum_j P_ij w_j. With some 50 of them behind training this
/// is `sc-sparse-push`, Skew-Compensated Sparse-Push as reconstructed from the author's scripts (aparna-aketi/qgm-sgp
/// and Low_Precision_DL): the paper's abstract names it, and no text or code of that name was found. The kind of phase
/// is sure; 50, whole values and the dropped e are likely.
///
/// Every message is needed: no node holds a copy of another's values, but a lost message takes all of its share
/// of w with it and only some coordinates of x, so that the others would be too large for good.
#pragma once

#include <memory>

#include "actors/protocols/parts/synchronous.hpp"
#include "models/codecs/codec.hpp"

namespace tardigrad {

class SparsePush final : public SynchronousProtocol {
 public:
  SparsePush(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, float gamma,
             std::shared_ptr<const Codec> codec);

  /// x_i.
  const Values& biased() const { return biased_; }
  /// w_i.
  float weight() const { return weight_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(biased_, error_, sent_, weight_);
  }

 private:
  void begin(const SharedValues& initial) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;
  bool only_averages() const { return local().steps == 0; }
  /// Puts the largest values into `sent_` and the message, and keeps the rest.
  void choose(Actions::Send& message);
  /// The whole model and its weight.
  void send_all(Actions::Send& message);

  float gamma_;
  std::shared_ptr<const Codec> codec_;  ///< top-k
  Values biased_;                       ///< half_i from sending to mixing
  Values error_;
  Values sent_;  ///< c_i
  float weight_ = 1;
};

Algorithm sparse_push_algorithm();
Algorithm sc_sparse_push_algorithm();

}  // namespace tardigrad
