/// SparseLoCo (Sarfi, Thérien, Lidin, Belilovsky: "Communication Efficient LLM Pre-training with SparseLoCo", 2025,
/// arXiv 2508.15706): all nodes have the same model theta and exchange the largest parts of their rounds' changes, two
/// bits a value, with an error that is fed back in place of an outer momentum. Of n nodes, with e_i = 0 at first:
///
///     e_i <- beta e_i + (theta - half_i),   half_i = theta after local steps
///     s_i = C(e_i),   e_i <- e_i - s_i                                              (s_i is sent to all others)
///     theta <- theta - alpha (1/n) sum_i s_i
///
/// C is `ChunkedTopK`. Nothing is lost: e_i + s_i is beta e_i + theta - half_i. All nodes sum in the same order, and
/// hold the same theta bit by bit.
///
/// The authors' deployment (tplr-ai/templar) divides a value by the number of nodes that sent it instead of n, `mean =
/// "senders"`, and scales every node's s_i down to the median of their lengths, `clip = "median"`.
///
/// Every message is needed: a node that misses one would go on with a model of its own.
#pragma once

#include <vector>

#include "actors/protocols/parts/synchronous.hpp"
#include "models/codecs/chunked_top_k.hpp"

namespace tardigrad {

struct SparseLocoOptions {
  float error_decay = 0.95F;      ///< beta
  float outer_learning_rate = 1;  ///< alpha
  bool divides_by_senders = false;
  bool clips_to_median = false;
};

class SparseLoco final : public SynchronousProtocol {
 public:
  SparseLoco(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, SparseLocoOptions options,
             ChunkedTopK codec);

  /// e_i.
  const Values& error() const { return error_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(error_, sent_);
  }

 private:
  void begin(const SharedValues& initial) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;
  /// Of all nodes, in their order.
  std::vector<SparseValues> changes(const Exchange& exchange) const;

  SparseLocoOptions options_;
  ChunkedTopK codec_;
  Values error_;
  SharedBytes sent_;
};

Algorithm sparse_loco_algorithm();

}  // namespace tardigrad
