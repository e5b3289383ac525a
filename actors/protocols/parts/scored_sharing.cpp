#include "actors/protocols/parts/scored_sharing.hpp"

#include <utility>

#include "models/chosen_count.hpp"
#include "models/codecs/float32.hpp"
#include "models/codecs/sparse_encoding.hpp"
#include "models/codecs/top_k.hpp"
#include "models/weighted_sum.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

const Float32& chosen_values() {
  static const Float32 codec;
  return codec;
}

}  // namespace

const std::vector<std::string>& accumulation_names() {
  static const std::vector<std::string> names = {"none", "total", "train"};
  return names;
}

Accumulation accumulation_of(const std::string& name) {
  if (name == "total") return Accumulation::total;
  return name == "train" ? Accumulation::train : Accumulation::none;
}

Bytes scored_payload(double fraction, const ScoredSharingOptions& options, std::uint64_t parameters) {
  std::uint64_t count = parameters;
  if (options.wavelet) {
    count =
        WaveletTransform(*options.wavelet, options.levels, static_cast<std::size_t>(parameters)).coefficient_count();
  }
  if (fraction >= options.cap) return sizeof(float) * count;
  return typical_sparse_size(chosen_count(fraction, count), count, chosen_values());
}

ScoredSharing::ScoredSharing(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs,
                             const ScoredSharingOptions& options, Fraction fraction)
    : SynchronousProtocol(info, std::move(graphs)), options_(options), fraction_(std::move(fraction)) {
  if (options.wavelet) transform_.emplace(*options.wavelet, options.levels, static_cast<std::size_t>(parameters()));
}

void ScoredSharing::begin(const SharedValues& initial) {
  if (!initial->empty()) scores_.assign(static_cast<std::size_t>(coefficient_count()), 0.0F);
}

void ScoredSharing::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  const double fraction = fraction_(self(), round);
  if (learns()) coefficients_ = transformed(*trained);
  const bool sends_all = fraction >= options_.cap;
  Actions::Send message = sends_all ? everything() : largest(chosen_count(fraction, coefficient_count()), *trained);
  send_to_neighbours(round, graph, std::move(message), actions);
}

Actions::Send ScoredSharing::everything() {
  scores_.assign(scores_.size(), 0.0F);
  Actions::Send message;
  message.values = share(Values(coefficients_));
  message.payload = sizeof(float) * coefficient_count();
  return message;
}

Actions::Send ScoredSharing::largest(std::uint64_t count, const Values& trained) {
  Actions::Send message;
  if (!learns()) {
    message.payload = typical_sparse_size(count, coefficient_count(), chosen_values());
    return message;
  }
  std::vector<std::uint32_t> chosen = top_k(score(trained), count);
  for (const std::uint32_t index : chosen) scores_[index] = 0;
  Values values = gather(coefficients_, chosen);
  RandomStream undrawn(0, Purpose::compression);  // the codec of float32 draws nothing
  EncodedBytes bytes = encode_sparse({std::move(chosen), std::move(values)}, chosen_values(), undrawn);
  message.payload = bytes.size();
  message.encoded = share(std::move(bytes));
  return message;
}

Values ScoredSharing::score(const Values& trained) {
  Values change = transformed(difference(trained, *start()));
  if (options_.accumulation == Accumulation::none) return change;
  if (options_.accumulation == Accumulation::total) {
    add_weighted(change, 1.0F, scores_);
    return change;
  }
  add_weighted(scores_, 1.0F, change);
  return scores_;
}

bool ScoredSharing::read(ProtocolMessage& message, const SharedValues&) {
  if (!message.encoded) return message.values && message.values->size() == coefficient_count();
  const auto sent = decode_sparse(*message.encoded, coefficient_count(), chosen_values());
  if (!sent) return false;
  Values completed = coefficients_;
  scatter(sent->values, sent->indices, completed);
  message.values = share(std::move(completed));
  return true;
}

SharedValues ScoredSharing::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (!learns()) return trained;
  Values mixed = weighted_mean(exchange, coefficients_);
  if (transform_) mixed = transform_->inverse(mixed);
  if (options_.accumulation == Accumulation::total) {
    add_weighted(scores_, 1.0F, transformed(difference(mixed, *start())));
  }
  return share(std::move(mixed));
}

std::uint64_t ScoredSharing::coefficient_count() const {
  return transform_ ? transform_->coefficient_count() : parameters();
}

Values ScoredSharing::transformed(Values values) const { return transform_ ? transform_->forward(values) : values; }

}  // namespace tardigrad
