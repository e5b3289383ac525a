#include "actors/protocols/push_sum/push_sum_mass.hpp"

#include <cmath>
#include <cstring>
#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

namespace {

void scale(Values& values, float factor) {
  for (float& value : values) value *= factor;
}

EncodedBytes as_bytes(const std::vector<double>& sums) {
  EncodedBytes bytes(sums.size() * sizeof(double));
  std::memcpy(bytes.data(), sums.data(), bytes.size());
  return bytes;
}

}  // namespace

void PushSumMass::add(const Values& trained, const Values& start) { add_difference(biased_, trained, start); }

bool PushSumMass::give(NodeId receivers, Actions::Send& message) {
  const float part = 1 / (static_cast<float>(receivers) + 1);
  const bool gives = weight_ * part >= form_.least_weight;
  if (gives) {
    scale(biased_, part);
    weight_ *= part;
  }
  if (!form_.robust) {
    Values share_of_each = gives ? biased_ : Values(biased_.size());
    share_of_each.push_back(gives ? weight_ : 0.0F);
    message.values = share(std::move(share_of_each));
    return gives;
  }
  given_.resize(biased_.size() + 1);
  if (gives) {
    for (std::size_t p = 0; p < biased_.size(); ++p) given_[p] += static_cast<double>(biased_[p]);
    given_.back() += static_cast<double>(weight_);
  }
  message.encoded = share(as_bytes(given_));
  return gives;
}

bool PushSumMass::read(ProtocolMessage& message) {
  if (form_.robust) return read_sums(message);
  if (!message.has(biased_.size() + 1)) return false;
  const float weight = message.values->back();
  return std::isfinite(weight) && (weight > 0 || (weight == 0 && form_.least_weight > 0));
}

bool PushSumMass::read_sums(ProtocolMessage& message) {
  const std::size_t size = biased_.size() + 1;
  if (!message.encoded || message.encoded->size() != size * sizeof(double)) return false;
  Seen& seen = seen_[message.from];
  Values brought(size);
  if (seen.sums.empty()) seen.sums.resize(size);
  if (message.round >= seen.round) {
    std::vector<double> sums(size);
    std::memcpy(sums.data(), message.encoded->data(), message.encoded->size());
    for (std::size_t p = 0; p < size; ++p) brought[p] = static_cast<float>(sums[p] - seen.sums[p]);
    if (!(brought.back() >= 0 && std::isfinite(brought.back()))) return false;
    seen = {message.round, std::move(sums)};
  }
  message.values = share(std::move(brought));
  return true;
}

void PushSumMass::take(const Values& share) {
  for (std::size_t p = 0; p < biased_.size(); ++p) biased_[p] += share[p];
  weight_ += share.back();
}

void PushSumMass::renew() {
  biased_ = model();
  weight_ = 1;
}

Values PushSumMass::model() const {
  Values model = biased_;
  scale(model, 1 / weight_);
  return model;
}

OptionSpec robust_option() {
  return {"robust", false,
          "running sums, which survive lost messages: twice the bytes, on a graph that stays the same"};
}

}  // namespace tardigrad
