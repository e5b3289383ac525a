/// A codec between any protocol and the network; the protocol does not know of it.
#pragma once

#include <memory>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/protocol.hpp"
#include "models/codecs/codec.hpp"

namespace tardigrad {

/// Raw values that the protocol sends travel encoded, and reach the receiver's protocol decoded. Values that a
/// sparse codec does not send count as the receiver's own: as they are when the message arrives, and, while the
/// protocol keeps the message, as local steps change them, so that these changes are not averaged away.
///
/// A message that is no encoding of this fragment's values reaches the protocol without values, and the
/// protocol refuses it.
class CompressedProtocol final : public FragmentProtocol {
 public:
  CompressedProtocol(std::unique_ptr<FragmentProtocol> protocol, std::shared_ptr<const Codec> codec,
                     const FragmentInfo& info, std::uint64_t seed);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override;

 private:
  /// A decoded message with values missing. Only the receiving protocol holds the buffer, so completing it once
  /// more changes it for no other reader.
  struct Sparse {
    std::shared_ptr<Values> completed;
    SharedBytes encoded;

    void persist(StateArchive& archive) { archive(completed, encoded); }
  };

  /// Null if the bytes are no encoding of this fragment's values.
  SharedValues decode(const SharedBytes& encoded);
  void forget_mixed();
  void complete_kept();
  void encode_sends(Actions& actions);
  void encode(Actions::Send& message);

  std::unique_ptr<FragmentProtocol> protocol_;
  std::shared_ptr<const Codec> codec_;
  FragmentInfo info_;
  std::uint64_t seed_;
  std::uint64_t encoded_count_ = 0;
  SharedValues own_;  ///< the fragment's present values
  std::vector<Sparse> kept_;
};

/// Puts the same codec behind each of `protocols`.
ProtocolFactory compressed(ProtocolFactory protocols, std::shared_ptr<const Codec> codec, std::uint64_t seed);

}  // namespace tardigrad
