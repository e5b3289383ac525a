#include "actors/protocols/compressed_protocol.hpp"

#include <algorithm>
#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

CompressedProtocol::CompressedProtocol(std::unique_ptr<FragmentProtocol> protocol, std::shared_ptr<const Codec> codec,
                                       const FragmentInfo& info, std::uint64_t seed)
    : protocol_(std::move(protocol)), codec_(std::move(codec)), info_(info), seed_(seed) {}

void CompressedProtocol::on_start(SharedValues initial, Actions& actions) {
  own_ = initial;
  protocol_->on_start(std::move(initial), actions);
  encode_sends(actions);
}

void CompressedProtocol::on_trained(LocalRound local, Actions& actions) {
  own_ = local.values;
  complete_kept();
  protocol_->on_trained(std::move(local), actions);
  encode_sends(actions);
}

void CompressedProtocol::on_message(const ProtocolMessage& message, Actions& actions) {
  ProtocolMessage decoded = message;
  if (!own_->empty()) {
    decoded.values = decode(message.encoded);
    decoded.encoded = nullptr;
  }
  protocol_->on_message(decoded, actions);
  encode_sends(actions);
}

SharedValues CompressedProtocol::decode(const SharedBytes& encoded) {
  auto values = std::make_shared<Values>(*own_);
  if (!encoded || !codec_->decode(*encoded, *values)) return nullptr;
  forget_mixed();
  if (codec_->is_sparse()) kept_.push_back({values, encoded});
  return values;
}

void CompressedProtocol::on_wait_over(Actions& actions) {
  protocol_->on_wait_over(actions);
  encode_sends(actions);
}

void CompressedProtocol::persist(StateArchive& archive) {
  protocol_->persist(archive);
  archive(encoded_count_, own_, kept_);
}

void CompressedProtocol::forget_mixed() {
  const auto is_mixed = [](const Sparse& sparse) { return sparse.completed.use_count() == 1; };
  kept_.erase(std::remove_if(kept_.begin(), kept_.end(), is_mixed), kept_.end());
}

void CompressedProtocol::complete_kept() {
  forget_mixed();
  for (const Sparse& sparse : kept_) {
    *sparse.completed = *own_;
    codec_->decode(*sparse.encoded, *sparse.completed);
  }
}

void CompressedProtocol::encode_sends(Actions& actions) {
  if (actions.values()) own_ = actions.values();
  SharedValues values;  // those of the message before: usually all are the same
  const Actions::Send* before = nullptr;
  for (Actions::Send& message : actions.sends()) {
    const bool is_same = before && message.values == values;
    values = message.values;
    if (is_same) {
      message.values = before->values;
      message.encoded = before->encoded;
      message.payload = before->payload;
    } else {
      encode(message);
    }
    before = &message;
  }
}

void CompressedProtocol::encode(Actions::Send& message) {
  if (!message.values || message.values->empty()) {
    message.payload = codec_->typical_size(info_.parameters);
    return;
  }
  RandomStream draws(seed_, Purpose::compression, info_.stream_id(), encoded_count_++);
  message.encoded = share(codec_->encode(*message.values, draws));
  message.payload = message.encoded->size();
  message.values = nullptr;
}

ProtocolFactory compressed(ProtocolFactory protocols, std::shared_ptr<const Codec> codec, std::uint64_t seed) {
  return [protocols = std::move(protocols), codec = std::move(codec), seed](const FragmentInfo& info) {
    return std::make_unique<CompressedProtocol>(protocols(info), codec, info, seed);
  };
}

}  // namespace tardigrad
