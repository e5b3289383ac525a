// The cost of coding: choosing and the wavelet against the barest loops over the same values; every codec on a
// model of GN-LeNet's size, and whole rounds of the algorithms that compress, as shares of the time that the
// local steps of a round take. All sides take turns, medians count.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/protocols/registry.hpp"
#include "models/codecs/codec.hpp"
#include "models/codecs/top_k.hpp"
#include "models/codecs/wavelet.hpp"
#include "models/learners/learner.hpp"
#include "models/networks/gn_lenet.hpp"
#include "tests/models/random_images.hpp"

namespace {

using namespace tardigrad;

constexpr std::size_t kMillion = 1000000;
constexpr std::size_t kGnLeNet = 89834;
constexpr int kTurns = 31;
/// A local round of GN-LeNet: so many steps on batches of so many images.
constexpr int kSteps = 128;
constexpr std::size_t kBatch = 8;
/// The limit for encoding and decoding, as a share of a round's training time.
constexpr double kLimit = 0.05;

volatile float sink;

double microseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Values normal_values(std::size_t count) {
  RandomStream draws(1, Purpose::test);
  Values values(count);
  for (float& value : values) value = static_cast<float>(draws.normal());
  return values;
}

struct Side {
  std::string name;
  std::function<void()> work;
};

/// Both sides in turns.
void compare(const Side& ours, const Side& bare) {
  std::vector<double> our_times, bare_times, ratios;
  for (int turn = 0; turn < kTurns; ++turn) {
    bare_times.push_back(microseconds(bare.work));
    our_times.push_back(microseconds(ours.work));
    ratios.push_back(our_times.back() / bare_times.back());
  }
  fmt::print("{}: {:.0f} us; {}: {:.0f} us; {:.2f} times as long\n", ours.name, median(our_times), bare.name,
             median(bare_times), median(ratios));
}

void compare_choosing(double fraction) {
  const Values values = normal_values(kMillion);
  const auto k = static_cast<std::size_t>(fraction * kMillion);
  const auto choose = [&] { sink = static_cast<float>(top_k(values, k).back()); };
  // The input of nth_element: the magnitudes, copied as it reorders them. It leaves them without their indices.
  Values magnitudes = values;
  for (float& value : magnitudes) value = std::abs(value);
  Values reordered(values.size());
  const auto nth_element = [&] {
    std::copy(magnitudes.begin(), magnitudes.end(), reordered.begin());
    std::nth_element(reordered.begin(), reordered.begin() + k, reordered.end(), std::greater<>());
    sink = reordered[k];
  };
  compare({fmt::format("top-k, {} of {} values", k, kMillion), choose}, {"std::nth_element", nth_element});
}

/// Computes as many outputs as the transform has over all of its levels, each from two filters of four taps and
/// every second value: no ends, no levels.
void strided_loop(const Values& values, Values& low, Values& high) {
  for (std::size_t q = 0; q < low.size(); ++q) {
    const float* x = values.data() + 2 * q;
    low[q] = 0.48F * x[0] + 0.84F * x[1] + 0.22F * x[2] - 0.13F * x[3];
    high[q] = -0.13F * x[0] - 0.22F * x[1] + 0.84F * x[2] - 0.48F * x[3];
  }
  sink = low[low.size() / 2] + high[low.size() / 2];
}

void compare_wavelet() {
  const Values values = normal_values(kMillion);
  const WaveletTransform transform(Wavelet::sym2, 4, kMillion);
  const std::size_t outputs = kMillion * 15 / 16;  // of each filter: 1/2 + 1/4 + 1/8 + 1/16
  const Values longer = normal_values(2 * outputs + 4);
  Values low(outputs), high(outputs);
  const Side bare{"strided loop", [&] { strided_loop(longer, low, high); }};
  compare({"wavelet forward", [&] { sink = transform.forward(values).back(); }}, bare);
  const Values coefficients = transform.forward(values);
  compare({"wavelet inverse", [&] { sink = transform.inverse(coefficients).back(); }}, bare);
}

/// The microseconds for which one thread trains in a local round.
double training_time() {
  const ImageShape shape{3, 32, 32};
  const Minibatch batch = test::whole_batch(test::random_images(shape, kBatch, 1));
  GnLeNet network(shape);
  Values model = network.initial_model(1);
  network.bind(model);
  std::vector<double> rounds;
  for (int turn = 0; turn < 5; ++turn) {
    rounds.push_back(microseconds([&] {
      for (int step = 0; step < kSteps; ++step) {
        sink = static_cast<float>(network.loss_and_gradient(batch));
        network.descend(model, 0);
      }
    }));
  }
  return median(rounds);
}

std::string share_text(double time, double training) {
  const double share = time / training;
  return fmt::format("{:6.3f} % of a round{}", 100 * share, share <= kLimit ? "" : ": ABOVE THE LIMIT");
}

void time_codec(const CodecSpec& spec, const std::string& name, double training) {
  const Values values = normal_values(kGnLeNet);
  Values received(values.size());
  const auto codec = make_codec(spec);
  RandomStream draws(2, Purpose::test);
  std::vector<double> encoding, decoding;
  EncodedBytes bytes;
  for (int turn = 0; turn < kTurns; ++turn) {
    encoding.push_back(microseconds([&] { bytes = codec->encode(values, draws); }));
    decoding.push_back(microseconds([&] { sink = codec->decode(bytes, received) ? received[0] : 0; }));
  }
  fmt::print("  {:24} encode {:6.0f} us, decode {:6.0f} us, {:7} bytes, {}\n", name, median(encoding), median(decoding),
             bytes.size(), share_text(median(encoding) + median(decoding), training));
}

/// Three nodes, each the other two's neighbour, whose local steps are random numbers.
class Neighbours {
 public:
  explicit Neighbours(const std::string& kind) {
    const Algorithm& algorithm = *find_algorithm(kind);
    const auto graphs = graph_schedule(algorithm.usual_topology, kNodes, 1);
    const auto protocols = algorithm.protocols(AlgorithmOptions(algorithm.options), {graphs, 1});
    for (NodeId node = 0; node < kNodes; ++node) {
      protocols_.push_back(protocols({node, 0, kGnLeNet}));
      Actions actions;
      protocols_[node]->on_start(share(normal_values(kGnLeNet)), actions);
      models_.push_back(actions.values());
    }
  }

  /// Microseconds that node 0's protocol computes for in the next round: encoding, decoding two messages, mixing.
  double next_round() {
    double own = 0;
    const auto timed = [&](NodeId node, const std::function<void()>& work) {
      const double time = microseconds(work);
      if (node == 0) own += time;
    };
    std::vector<std::pair<NodeId, Actions::Send>> under_way;
    for (NodeId node = 0; node < kNodes; ++node) {
      Values trained = *models_[node];
      for (std::size_t p = 0; p < kGnLeNet; ++p) trained[p] += 0.01F * static_cast<float>(draws_.normal());
      Actions actions;
      timed(node, [&] { protocols_[node]->on_trained({round_, share(std::move(trained))}, actions); });
      for (const Actions::Send& sent : actions.sends()) under_way.emplace_back(node, sent);
    }
    for (const auto& [from, sent] : under_way) {
      Actions actions;
      const ProtocolMessage message{from, sent.kind, sent.round, sent.values, sent.encoded};
      timed(sent.to, [&] { protocols_[sent.to]->on_message(message, actions); });
      if (actions.starts_round()) models_[sent.to] = actions.values();
    }
    ++round_;
    return own;
  }

 private:
  static constexpr NodeId kNodes = 3;

  std::vector<std::unique_ptr<FragmentProtocol>> protocols_;
  std::vector<SharedValues> models_;
  RandomStream draws_{3, Purpose::test};
  Round round_ = 0;
};

void time_round(const std::string& kind, double training) {
  Neighbours nodes(kind);
  std::vector<double> times;
  for (int turn = 0; turn < kTurns; ++turn) times.push_back(nodes.next_round());
  const double longest = *std::max_element(times.begin(), times.end());
  fmt::print("  {:24} {:6.0f} us, at most {:6.0f} us, {}\n", kind, median(times), longest,
             share_text(median(times), training));
}

}  // namespace

int main() {
  for (const double fraction : {0.01, 0.1, 0.37}) compare_choosing(fraction);
  compare_wavelet();

  prepare_compute_thread();
  const double training = training_time();
  fmt::print("a round of {} steps of {} images: {:.0f} ms on one thread; limit of coding: {:.0f} %\n", kSteps, kBatch,
             training / 1000, 100 * kLimit);
  fmt::print("{} values of GN-LeNet:\n", kGnLeNet);
  for (const auto& kind : codec_kinds()) {
    CodecSpec spec;
    spec.kind = kind.name;
    time_codec(spec, kind.name, training);
    if (!kind.chooses) continue;
    for (const std::string values : {"float16", "quantizer"}) {
      spec.values = values;
      time_codec(spec, kind.name + ", " + values, training);
    }
  }
  const Values model = normal_values(kGnLeNet);
  const WaveletTransform transform(Wavelet::sym2, 4, kGnLeNet);
  std::vector<double> forward, inverse;
  Values coefficients, back;
  for (int turn = 0; turn < kTurns; ++turn) {
    forward.push_back(microseconds([&] { coefficients = transform.forward(model); }));
    inverse.push_back(microseconds([&] { back = transform.inverse(coefficients); }));
  }
  fmt::print("  {:24} forward {:5.0f} us, inverse {:5.0f} us\n", "wavelet, sym2, 4 levels", median(forward),
             median(inverse));

  fmt::print("whole rounds of a node with two neighbours, averaging included:\n");
  for (const char* kind :
       {"d-psgd", "random-sampling", "top-k", "choco-sgd", "jwins", "dcd-psgd", "ecd-psgd", "sparse-push"}) {
    time_round(kind, training);
  }
}
