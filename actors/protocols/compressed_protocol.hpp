/// A codec between any protocol and the network; the protocol knows nothing of it.
#pragma once

#include <memory>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/protocol.hpp"
#include "models/codecs/codec.hpp"

namespace tardigrad {

/// Raw values of whatever the protocol sends travel encoded, and come to the receiver's protocol decoded. What a sparse
/// codec does not send counts as the receiver's own value: as it is when the message comes, and, while the protocol
/// keeps the message, as local steps make it, so that they are not averaged away.
///
/// What is no encoding of this fragment's values comes to the protocol without any, which refuses it.
class CompressedProtocol final : public FragmentProtocol {
 public:
  CompressedProtocol(std::unique_ptr<FragmentProtocol> protocol, std::shared_ptr<const Codec> codec, const Seat& seat,
                     std::uint64_t seed);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(Round round, SharedValues trained, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override;

 private:
  /// A decoded message with values missing. The buffer is the receiving protocol's alone, so completing it once more
  /// changes it for nobody else.
  struct Sparse {
    std::shared_ptr<Values> completed;
    SharedBytes encoded;

    void persist(StateArchive& archive) { archive(completed, encoded); }
  };

  /// Null if it is no encoding of this fragment's values.
  SharedValues decode(const SharedBytes& encoded);
  void forget_mixed();
  void complete_kept();
  void encode_sends(Actions& actions);
  void encode(Actions::Send& message);

  std::unique_ptr<FragmentProtocol> protocol_;
  std::shared_ptr<const Codec> codec_;
  Seat seat_;
  std::uint64_t seed_;
  std::uint64_t encoded_count_ = 0;
  SharedValues own_;  ///< the fragment's values as they are
  std::vector<Sparse> kept_;
};

/// Each of `protocols` behind the same codec.
ProtocolFactory compressed(ProtocolFactory protocols, std::shared_ptr<const Codec> codec, std::uint64_t seed);

}  // namespace tardigrad
