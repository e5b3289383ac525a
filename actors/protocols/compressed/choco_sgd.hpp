/// CHOCO-SGD (Koloskova, Stich, Jaggi: "Decentralized Stochastic Optimization and Gossip Algorithms with
/// Compressed Communication", ICML 2019, arXiv 1902.00340; Koloskova, Lin, Stich, Jaggi, ICLR 2020, arXiv
/// 1907.09356): every node has a public copy xhat_i of its model, the same at all its neighbours, and sends
/// compressed differences to it.
///
///     half_i = x_i after local steps
///     q_i = Q(half_i - xhat_i),   xhat_i += q_i,   s_i += sum_j W_ij q_j   (hence s_i = sum_j W_ij xhat_j)
///     x_i <- half_i + gamma (s_i - xhat_i)
///
/// This is the memory-saving form: of the neighbours' copies only their weighted sum s_i is kept. As in the
/// second paper's listing, the averaging may also come first, with the copies of the last exchange:
///
///     x_i <- half_i + gamma (s_i - xhat_i),   q_i = Q(x_i - xhat_i),   xhat_i += q_i,   s_i += sum_j W_ij q_j
///
/// Q is any codec; an unbiased one is divided by 1 + omega. W are Metropolis-Hastings weights, of a graph that
/// stays.
///
/// A message that does not arrive leaves the copies different for good: every message is needed.
#pragma once

#include "actors/protocols/parts/compressor.hpp"
#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

struct ChocoOptions {
  float gamma = 1;
  bool averages_first = false;
};

class ChocoSgd final : public SynchronousProtocol {
 public:
  ChocoSgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, ChocoOptions options,
           Compressor compressor);

  /// xhat_i.
  const Values& public_copy() const { return public_copy_; }
  /// s_i.
  const Values& neighbourhood_mean() const { return neighbourhood_mean_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(public_copy_, neighbourhood_mean_, model_, sent_);
  }

 private:
  void begin(const SharedValues& initial) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  /// model + gamma (s_i - xhat_i).
  Values averaged(const Values& model) const;

  ChocoOptions options_;
  Compressor compressor_;
  Values public_copy_;
  Values neighbourhood_mean_;
  Values model_;  ///< the model whose difference is sent
  Values sent_;   ///< the decoded difference
};

Algorithm choco_sgd_algorithm();

}  // namespace tardigrad
