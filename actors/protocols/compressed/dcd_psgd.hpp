/// DCD-PSGD, difference compression (Tang, Gan, Zhang, Zhang, Liu: "Communication Compression for Decentralized
/// Training", NeurIPS 2018, arXiv 1803.06443): nodes send compressed changes of their models and apply the same
/// compressed changes themselves, so that every node knows its neighbours' models exactly.
///
///     half_i = sum_j W_ij x_j + (x_i after local steps - x_i),   x_i += C(half_i - x_i)
///
/// Of the neighbours' models only s_i = sum_j W_ij x_j is kept, to which their changes are added. C should be
/// unbiased and fine enough for the graph: if it is too coarse the models diverge, in the end to infinity.
///
/// A message that does not arrive leaves s_i wrong for good: every message is needed.
#pragma once

#include "actors/protocols/parts/compressor.hpp"
#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class DcdPsgd final : public SynchronousProtocol {
 public:
  DcdPsgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Compressor compressor);

  /// s_i.
  const Values& neighbourhood_mean() const { return neighbourhood_mean_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(neighbourhood_mean_, sent_);
  }

 private:
  void begin(const SharedValues& initial) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  Compressor compressor_;
  Values neighbourhood_mean_;
  Values sent_;  ///< the compressed change of this round
};

Algorithm dcd_psgd_algorithm();

}  // namespace tardigrad
