/// Sharing of the largest changes: JWINS and top-k sharing.
///
/// A node sends the coefficients of its model whose score is largest in magnitude: their change in this round,
/// and the accumulated earlier changes since they were sent. With T a wavelet transform (JWINS) or the identity
/// (top-k sharing), V the accumulated scores:
///
///     score = T(half - x) + V,   half = x after local steps
///     S = the round(alpha * count) largest |score|, alpha drawn anew by every node in every round;   V[S] = 0
///     send T(half)[S]; if alpha is not below the cap, all of T(half) without indices, and V = 0
///     x <- inverse T of sum_j W_ij c_j, where c_j is the own T(half) overwritten by the coefficients that j has sent
///     V += T(x - x of the round's start)
///
/// Coefficients that a neighbour does not send count as the node's own, and so does the whole model of a
/// neighbour whose message did not arrive. Hence, unlike with whole models, the mean over nodes is not
/// preserved.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/protocols/parts/synchronous.hpp"
#include "models/codecs/wavelet.hpp"

namespace tardigrad {

/// The changes that are added to V.
enum class Accumulation {
  none,
  total,  ///< changes by local steps and by averaging, at the end of a round, including coefficients that have just
          ///< been sent
  train,  ///< changes by local steps only, before the choice
};

/// The names in scenarios.
const std::vector<std::string>& accumulation_names();
Accumulation accumulation_of(const std::string& name);

struct ScoredSharingOptions {
  std::optional<Wavelet> wavelet;  ///< nothing: the parameters themselves are sent
  unsigned levels = 4;
  Accumulation accumulation = Accumulation::none;
  /// From this share on everything is sent, as indices would cost more than they save.
  double cap = 1;
};

class ScoredSharing final : public SynchronousProtocol {
 public:
  /// The share alpha that a node sends in a round.
  using Fraction = std::function<double(NodeId, Round)>;

  ScoredSharing(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs,
                const ScoredSharingOptions& options, Fraction fraction);

  /// V.
  const Values& scores() const { return scores_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(coefficients_, scores_);
  }

 private:
  void begin(const SharedValues& initial) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  std::uint64_t coefficient_count() const;
  Values transformed(Values values) const;
  /// The scores of this round; with `train` they are V itself.
  Values score(const Values& trained);
  Actions::Send everything();
  Actions::Send largest(std::uint64_t count, const Values& trained);

  ScoredSharingOptions options_;
  Fraction fraction_;
  std::optional<WaveletTransform> transform_;
  Values coefficients_;  ///< T(half)
  Values scores_;
};

/// Bytes of a message with this share of the coefficients of so many parameters, typical where indices travel.
Bytes scored_payload(double fraction, const ScoredSharingOptions& options, std::uint64_t parameters);

}  // namespace tardigrad
