/// ECD-PSGD, extrapolation compression (Tang, Gan, Zhang, Zhang, Liu: "Communication Compression for
/// Decentralized Training", NeurIPS 2018, arXiv 1803.06443): nodes send compressed extrapolations of their
/// models, from which all nodes compute the same estimate y_i of a node's model; the compression's errors
/// average out. In round t = 1, 2, ...:
///
///     new_i = sum_j W_ij y_j + (x_i after local steps - x_i)
///     z_i = C((1 - t/2) x_i + (t/2) new_i),   y_i <- (1 - 2/t) y_i + (2/t) z_i,   x_i <- new_i
///
/// Of the estimates only s_i = sum_j W_ij y_j is kept. C should be unbiased; if it is too coarse the models
/// diverge, in the end to infinity.
///
/// A message that does not arrive leaves s_i wrong for long: every message is needed.
#pragma once

#include "actors/protocols/parts/compressor.hpp"
#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class EcdPsgd final : public SynchronousProtocol {
 public:
  EcdPsgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Compressor compressor);

  /// s_i.
  const Values& neighbourhood_mean() const { return neighbourhood_mean_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(neighbourhood_mean_, model_, sent_);
  }

 private:
  void begin(const SharedValues& initial) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  Compressor compressor_;
  Values neighbourhood_mean_;
  Values model_;  ///< new_i
  Values sent_;   ///< z_i
};

Algorithm ecd_psgd_algorithm();

}  // namespace tardigrad
