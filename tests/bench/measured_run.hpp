/// Runs a scenario's first algorithm without writing files, and measures it.
#pragma once

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include "actors/run/run.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "runtime/compute/memory.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"

namespace tardigrad::bench {

inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double peak_memory_gib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / (1 << 20);
}

inline unsigned cores() { return std::max(1U, std::thread::hardware_concurrency()); }

struct Measured {
  double start_s = 0;  ///< from the checked scenario to the first event
  double run_s = 0;    ///< from the first event to the last
  std::uint64_t events = 0;
  std::uint64_t rounds = 0;
  std::uint64_t delivered = 0;  ///< messages
};

class CountingSink final : public RecordSink {
 public:
  void add(const RoundRecord&) override {}
  void add(const EvaluationRow&) override {}
  void add(const LinkRow& row) override {
    if (row.kind == LinkRow::Kind::downlink) delivered += row.passed.messages;
  }
  void commit() override {}

  std::uint64_t delivered = 0;
};

/// Ends the program with the reason if the scenario or its data are not usable.
inline Measured run_scenario(const std::string& toml, unsigned threads = cores(),
                             const std::function<bool(const RunPosition&)>& keep_going = nullptr) {
  const auto loaded = parse_scenario(toml, "benchmark");
  if (!loaded.scenario) {
    fmt::print(stderr, "{}\n", loaded.error);
    std::exit(1);
  }
  const Scenario& scenario = *loaded.scenario;
  const double begin = seconds_now();
  const LearnerResult prepared = prepare_learner(scenario, scenario.seeds.front(), threads);
  if (!prepared.error.empty()) {
    fmt::print(stderr, "{}\n", prepared.error);
    std::exit(1);
  }
  ComputePool pool(threads, prepare_compute_thread);
  const RunPlan plan = make_plan(scenario, scenario.algorithms.front(), scenario.seeds.front());
  CountingSink sink;
  Measured measured;
  double first_event = 0;
  double last_event = 0;
  const RunOutcome outcome = run_in_virtual_time(plan, *prepared.learner, pool, sink, [&](const RunPosition& position) {
    const bool goes_on = !keep_going || keep_going(position);
    // Asking for the time takes a part of the time of an event. What comes after the last one is no event's cost.
    if (position.events % 16 == 0 || !goes_on) last_event = seconds_now();
    if (first_event == 0) first_event = last_event;
    return goes_on;
  });
  measured.start_s = first_event - begin;
  measured.run_s = last_event - first_event;
  measured.events = outcome.position.events;
  measured.rounds = outcome.position.rounds;
  measured.delivered = sink.delivered;
  return measured;
}

}  // namespace tardigrad::bench
