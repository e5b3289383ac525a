/// Runs that are saved and continued by other actors.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "actors/message_fields.hpp"
#include "actors/moments_between.hpp"
#include "actors/protocols/compressed_protocol.hpp"
#include "actors/protocols/registry.hpp"
#include "actors/run/run.hpp"
#include "netem/base/random_stream.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/small_runs.hpp"
#include "tests/actors/wild_plan.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;
using test::MemorySource;

constexpr std::int64_t kParameters = 60;

/// The state that a run in progress leaves to its continuation.
struct Saved {
  std::string state;
  MemorySink rows;
};

struct Played {
  RunOutcome outcome;
  MemorySink rows;
  std::vector<Saved> saved;
};

struct Halts {
  Time every = kNever;
  std::uint64_t events = ~std::uint64_t{0};  ///< as many events as may be delivered
};

/// Runs from the start, or from the state that another run has left.
Played play(const RunPlan& plan, const Halts& halts = {}, const Saved* from = nullptr) {
  CountingLearner learner(kParameters);
  ComputePool pool(2, nullptr);
  Played played;
  if (from) played.rows = from->rows;
  if (!plan.moments_between.empty()) played.rows.look_from = plan.evaluations[plan.seed % plan.evaluations.size()];
  if (!plan.possible_ends.empty()) played.rows.enough_from = plan.duration / 2;
  MemorySource source(from ? from->state : "");
  StateArchive archive(source);
  Checkpointing checkpointing;
  checkpointing.every = halts.every;
  checkpointing.store = [&](const std::function<void(StateArchive&)>& save) {
    test::MemoryBytes state;
    StateArchive out(state);
    save(out);
    played.saved.push_back({std::move(state.bytes), played.rows});
  };
  if (from) checkpointing.saved = &archive;
  played.outcome = run_in_virtual_time(
      plan, learner, pool, played.rows, [&](const RunPosition& position) { return position.events < halts.events; },
      checkpointing);
  return played;
}

std::string bytes_of(Played& played) {
  RunPosition& position = played.outcome.position;
  return test::saved(played.rows.rounds, played.rows.of_servers, played.rows.evaluations, played.rows.between,
                     played.rows.links, position.now, position.events, position.rounds, played.outcome.finished,
                     played.outcome.stands_still);
}

/// Saves the plan's run at a few moments and after a few events, and continues from each.
void check_goes_on_as_ever(const RunPlan& plan, RandomStream& draw) {
  Played whole = play(plan);
  const std::string expected = bytes_of(whole);
  const Time every = plan.duration / 5 + Time(static_cast<std::int64_t>(draw.below(100'000'000'000)));
  Played halted = play(plan, {every});
  CHECK((bytes_of(halted) == expected));
  std::vector<Saved> saved = halted.saved;
  for (int i = 0; i < 3; ++i) {
    const Played stopped = play(plan, {kNever, draw.below(whole.outcome.position.events)});
    REQUIRE(stopped.saved.size() == 1);
    saved.push_back(stopped.saved.front());
  }
  REQUIRE(saved.size() > 3);
  for (const Saved& state : saved) {
    INFO("state of " << state.state.size() << " bytes");
    const Played at_once = play(plan, {kNever, 0}, &state);
    CHECK((at_once.saved.front().state == state.state));
    Played resumed = play(plan, {}, &state);
    CHECK((bytes_of(resumed) == expected));
  }
}

RunPlan evaluated(RunPlan plan) {
  for (int i = 0; i < 6; ++i) plan.evaluations.push_back(plan.duration * i / 6);
  plan.evaluations.push_back(plan.duration);
  plan.moments_between = moments_between(plan.evaluations);
  return plan;
}

RunPlan that_may_end(RunPlan plan) {
  plan.possible_ends = plan.evaluations;
  return plan;
}

RunPlan with_codec(RunPlan plan, const std::string& codec) {
  CodecSpec spec;
  spec.kind = codec;
  plan.protocols = compressed(plan.protocols, make_codec(spec), plan.seed);
  return plan;
}

TEST_CASE("a run that ends when it has enough does so where it was saved on the way, too") {
  for (const std::string kind : {"divshare", "d-psgd", "async-local-sgd"}) {
    INFO(kind);
    const RunPlan plan = that_may_end(evaluated(plan_of(kind, 8, milliseconds(50), milliseconds(900))));
    RandomStream draw(2, Purpose::test);
    CHECK(play(plan).outcome.position.now == plan.duration / 2);
    check_goes_on_as_ever(plan, draw);
  }
}

TEST_CASE("a run that is saved and goes on in other actors ends as if it had not been, for every algorithm") {
  for (const std::string& kind : kinds()) {
    for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
      INFO(kind << (sharing == Sharing::fair ? ", fair" : ", serial"));
      RunPlan plan = evaluated(plan_of(kind, 8, milliseconds(50), milliseconds(900)));
      plan.network.sharing = sharing;
      RandomStream draw(1, Purpose::test);
      check_goes_on_as_ever(plan, draw);
    }
  }
}

TEST_CASE("loss, jitter, churn, pair rates and changing rates are saved too, for every algorithm") {
  for (const std::string& kind : kinds()) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      INFO(kind << ", seed " << seed);
      RandomStream draw(seed, Purpose::test);
      check_goes_on_as_ever(evaluated(wild_plan(kind, seed)), draw);
    }
  }
}

TEST_CASE("what a codec keeps of messages is saved, for every algorithm that bears one") {
  for (const Algorithm& algorithm : algorithms()) {
    const Compression borne = algorithm.borne_compression(AlgorithmOptions(algorithm.options));
    for (const char* codec : {"quantizer", "top-k", "random-k"}) {
      if (borne == Compression::none || (borne == Compression::dense && codec != std::string("quantizer"))) continue;
      INFO(algorithm.name << ", " << codec);
      RandomStream draw(2, Purpose::test);
      check_goes_on_as_ever(with_codec(evaluated(wild_plan(algorithm.name, 2)), codec), draw);
    }
  }
}

TEST_CASE("a run goes on as often as one likes") {
  const RunPlan plan = evaluated(wild_plan("divshare", 3));
  Played whole = play(plan);
  Played part = play(plan, {kNever, 50});
  int parts = 1;
  for (; !part.outcome.finished; ++parts) {
    const Saved state = part.saved.back();
    part = play(plan, {kNever, part.outcome.position.events + 50}, &state);
  }
  CHECK(parts > 5);
  CHECK((bytes_of(part) == bytes_of(whole)));
}

TEST_CASE("a run in which nobody can go on ends as such after it has been saved") {
  RunPlan plan = evaluated(plan_of("d-psgd", 6, milliseconds(50), milliseconds(2000)));
  LinkModel link{Latency(milliseconds(2)), {}, std::nullopt};
  link.loss.rate = 0.02;
  plan.network.link = same_link(link);
  Played whole = play(plan);
  REQUIRE(whole.outcome.stands_still);
  const Played stopped = play(plan, {kNever, whole.outcome.position.events / 2});
  Played resumed = play(plan, {}, &stopped.saved.front());
  CHECK((bytes_of(resumed) == bytes_of(whole)));
  REQUIRE(resumed.outcome.waits.size() == whole.outcome.waits.size());
  CHECK(resumed.outcome.waits.front().awaited == whole.outcome.waits.front().awaited);
}

TEST_CASE("a state of another plan, or a part of one, is refused") {
  const RunPlan plan = evaluated(plan_of("divshare", 8, milliseconds(50), milliseconds(900)));
  Saved state = play(plan, {kNever, 300}).saved.front();
  CHECK_THROWS_WITH(play(evaluated(plan_of("divshare", 9, milliseconds(50), milliseconds(900))), {}, &state),
                    "the checkpoint does not fit the scenario");
  RandomStream draw(3, Purpose::test);
  for (int i = 0; i < 30; ++i) {
    const Saved cut{state.state.substr(0, draw.below(state.state.size())), {}};
    CHECK_THROWS_WITH(play(plan, {}, &cut), "the checkpoint does not fit the scenario");
  }
}

}  // namespace
}  // namespace tardigrad
