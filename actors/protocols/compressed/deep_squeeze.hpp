/// DeepSqueeze (Tang, Lian, Qiu, Yuan, Zhang, Zhang, Liu: "DeepSqueeze: Decentralization Meets Error-Compensated
/// Compression", 2019, arXiv 1907.07346): neighbours get compressed models, and what compression has taken away is
/// added to the next one.
///
///     half_i = x_i after local steps,   v_i = half_i + e_i,   c_i = C(v_i),   e_i <- v_i - c_i      (c_i is sent)
///     x_i <- half_i + gamma (sum_j W_ij c_j - c_i)
///
/// C is any codec; an unbiased one is divided by 1 + omega, without which the error would grow for ever. W are the
/// Metropolis-Hastings weights of the round's graph. It is `sparse-push` with all weights w at 1, which symmetric W
/// keep there. The mean over nodes of x moves by the mean of the local steps' changes, whatever C takes away. With all
/// values sent and gamma = 1 it is D-PSGD. As in `sparse-push`, c_i contains many rounds' changes if few values are
/// sent, so that gamma must be small then.
///
/// No node keeps anything of another, so that a message that does not arrive costs its round alone: the weight stays
/// with the node's own c_i. The mean moves then by gamma W_ij (c_i - c_j) / n, once.
#pragma once

#include "actors/protocols/parts/compressor.hpp"
#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class DeepSqueeze final : public SynchronousProtocol {
 public:
  DeepSqueeze(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, float gamma,
              Compressor compressor);

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

  float gamma_;
  Compressor compressor_;
  Values error_;
  Values sent_;  ///< c_i
};

Algorithm deep_squeeze_algorithm();

}  // namespace tardigrad
