// One training step of each network as it was computed by LibTorch before the kernels, against the kernels: one thread,
// both sides taking turns. Names of networks as arguments choose among them. The transformer, which has been there on
// the kernels from the start, is against the same network in plain LibTorch; its products also against a loop of fused
// multiplications and additions.
//
// Both sides compute in a thread of their own, as in a run, and memory stays with the program: glibc would give some
// back to the system after each step of LibTorch's and take it again, which would measure the allocator. Times are the
// thread's own.
#include <ATen/ATen.h>
#include <dlfcn.h>
#include <fmt/core.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "models/kernels/isa.hpp"
#include "models/learners/learner.hpp"
#include "tests/bench/former_networks.hpp"
#include "tests/bench/product_shares.hpp"
#include "tests/models/random_images.hpp"

namespace {

using namespace tardigrad;

constexpr int kMostTurns = 21;
constexpr int kFewestTurns = 5;
constexpr double kContestMilliseconds = 20'000;
constexpr double kTurnMilliseconds = 60;

double thread_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

double milliseconds_a_call(const std::function<void()>& call, int calls) {
  const double begin = thread_milliseconds();
  for (int i = 0; i < calls; ++i) call();
  return (thread_milliseconds() - begin) / calls;
}

/// As many calls as fill a turn.
int calls_a_turn(const std::function<void()>& call) {
  call();
  return std::max(1, static_cast<int>(kTurnMilliseconds / milliseconds_a_call(call, 1)));
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void compete(const std::string& what, const std::function<void()>& former, const std::function<void()>& own) {
  const int former_calls = calls_a_turn(former), own_calls = calls_a_turn(own);
  const double begin = thread_milliseconds();
  const auto goes_on = [&](int turn) {
    return turn < kFewestTurns || (turn < kMostTurns && thread_milliseconds() - begin < kContestMilliseconds);
  };
  std::vector<double> former_times, own_times, ratios;
  for (int turn = 0; goes_on(turn); ++turn) {
    former_times.push_back(milliseconds_a_call(former, former_calls));
    own_times.push_back(milliseconds_a_call(own, own_calls));
    ratios.push_back(former_times.back() / own_times.back());
  }
  fmt::print("{:<44} {:9.3f} ms {:9.3f} ms   {:6.2f} times as fast [{:.2f} {:.2f}]\n", what,
             quantile(former_times, 0.5), quantile(own_times, 0.5), quantile(ratios, 0.5), quantile(ratios, 0.25),
             quantile(ratios, 0.75));
  std::fflush(stdout);
}

Minibatch random_batch(const Problem& problem, std::size_t samples) {
  const auto size = [&](std::size_t place) { return static_cast<std::size_t>(problem.input[place]); };
  if (problem.vocabulary == 0) {
    return test::whole_batch(
        test::random_images({size(0), size(1), size(2)}, samples, 1, static_cast<std::size_t>(problem.classes)));
  }
  RandomStream stream(1, Purpose::test);
  const auto sign = [&] {
    return static_cast<std::uint16_t>(stream.below(static_cast<std::uint64_t>(problem.vocabulary)));
  };
  Tokens tokens;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < samples * size(0); ++i) tokens.push_back(sign());
  for (std::size_t i = 0; i < samples; ++i) labels.push_back(sign());
  return test::whole_batch({{problem.input[0]}, std::move(tokens), size(0), std::move(labels)});
}

/// One network on both sides, with one batch and steps that change nothing.
struct Contest {
  Contest(const ModelSpec& spec, const Problem& problem, std::size_t samples)
      : batch(random_batch(problem, samples)),
        former(bench::former_network(spec, problem)),
        own(make_network(spec, problem, Backend::kernels).network),
        former_model(former->initial_model(1)),
        own_model(former_model) {
    former->bind(former_model);
    own->bind(own_model);
  }

  void former_step() {
    former->loss_and_gradient(batch);
    const at::Tensor& gradient = former->gradient();
    at::from_blob(former_model.data(), {gradient.numel()}).sub_(gradient, 0);
  }
  void own_step() {
    own->loss_and_gradient(batch);
    own->descend(own_model, 0);
  }

  double gradient_difference() {
    former_step();
    own_step();
    return ((own->gradient() - former->gradient()).norm() / former->gradient().norm()).item<double>();
  }

  Minibatch batch;
  std::unique_ptr<Network> former, own;
  Values former_model, own_model;
};

std::string text_of(const Problem& problem) {
  std::string text;
  for (const std::int64_t size : problem.input) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

void compare(const ModelSpec& spec, const Problem& problem, std::size_t samples) {
  Contest contest(spec, problem, samples);
  const std::string name = fmt::format("{}, {}, batch {}", spec.kind, text_of(problem), samples);
  const double difference = contest.gradient_difference();
  compete(
      name, [&] { contest.former_step(); }, [&] { contest.own_step(); });
  fmt::print("    gradients differ by {:.1e} in norm\n", difference);
  if (spec.kind != "gn-lenet") return;
  compete(
      "    evaluation", [&] { contest.former->logits(contest.batch.inputs); },
      [&] { contest.own->logits(contest.batch.inputs); });
}

/// The products of a transformer's layers as shares of the most that a core can do, the two taking turns.
void print_product_shares(const ModelSpec& spec, std::ptrdiff_t rows) {
  const auto loop = bench::multiply_add_loop(isa_choice().isa);
  if (!loop) return;
  float sink[16];
  const double peak_operations = loop(sink);
  const std::ptrdiff_t width = spec.width;
  for (const FullyConnectedShape& shape :
       {FullyConnectedShape{width, 3 * width}, FullyConnectedShape{width, width}, FullyConnectedShape{width, 4 * width},
        FullyConnectedShape{4 * width, width}}) {
    bench::LayerProducts products(shape, rows);
    const auto compute = [&] { products.compute(); };
    const auto peak = [&] { loop(sink); };
    const int calls = calls_a_turn(compute), peak_calls = calls_a_turn(peak);
    std::vector<double> shares;
    for (int turn = 0; turn < kFewestTurns; ++turn) {
      const double peak_rate = peak_operations / milliseconds_a_call(peak, peak_calls);
      shares.push_back(products.operations() / milliseconds_a_call(compute, calls) / peak_rate);
    }
    fmt::print("    products of {:<18} {:3.0f} % of a loop of multiplications and additions\n", products.text(),
               100 * quantile(shares, 0.5));
  }
}

void keep_memory() {
  constexpr int kAlways = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kAlways);
  mallopt(M_TRIM_THRESHOLD, kAlways);
  mallopt(M_TOP_PAD, 64 << 20);
}

/// The library whose products LibTorch calls.
std::string blas() {
  Dl_info place{};
  void* product = dlsym(RTLD_DEFAULT, "sgemm_");
  if (!product || dladdr(product, &place) == 0 || !place.dli_fname) return "unknown";
  char* real = realpath(place.dli_fname, nullptr);
  std::string name = real ? real : place.dli_fname;
  std::free(real);
  return name;
}

void compare_all(const std::set<std::string>& wanted) {
  prepare_compute_thread();
  const Problem cifar = {{3, 32, 32}, 10}, grey = {{1, 28, 28}, 10}, femnist = {{1, 28, 28}, 62}, text = {{80}, 80, 80};
  const auto compare_wanted = [&](const std::string& kind, const Problem& problem, std::size_t samples) {
    if (wanted.empty() || wanted.count(kind) > 0) compare({kind}, problem, samples);
  };
  for (const std::size_t samples : {8, 32}) compare_wanted("gn-lenet", cifar, samples);
  compare_wanted("gn-lenet", grey, 8);
  compare_wanted("mlp", cifar, 8);
  compare_wanted("logistic-regression", grey, 8);
  compare_wanted("lenet", femnist, 8);
  compare_wanted("resnet-20", cifar, 8);
  compare_wanted("vgg-11", cifar, 8);
  compare_wanted("lstm", text, 8);
  compare_wanted("transformer", {{64}, 65, 65}, 8);
  if (wanted.empty() || wanted.count("transformer") > 0) print_product_shares({"transformer"}, 8 * 64);
}

}  // namespace

int main(int argc, char** argv) {
  if (!isa_choice().error.empty()) {
    fmt::print(stderr, "{}\n", isa_choice().error);
    return 2;
  }
  keep_memory();
  fmt::print("kernels: {}; BLAS of LibTorch: {}\n", name_of(isa_choice().isa), blas());
  fmt::print("{:<44} {:>12} {:>12}   (medians of up to {} turns, one thread; ratio with quartiles)\n", "", "LibTorch",
             "kernels", kMostTurns);
  std::thread(compare_all, std::set<std::string>(argv + 1, argv + argc)).join();
}
