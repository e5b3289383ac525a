/// Result folders for tests: written to a temporary place, or made up in memory.
#pragma once

#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/src/results/run_folder.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad::test {

class ResultFolder : public TemporaryFolder {
 public:
  /// Writes a file, also into folders that do not exist yet.
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((path() / name).parent_path());
    return TemporaryFolder::write(name, content);
  }

  /// A whole run of two nodes: 0.2 accuracy at 0 s, 0.6 at 10 s; 100 bytes by 5 s, 300 by 10 s.
  void write_run(const std::string& run) const {
    write(run + "/evaluations.csv",
          "time_s,node,round,accuracy,loss\n"
          "0,0,0,0.1,2.3\n0,1,0,0.3,2.3\n0,averaged,0,0.25,2.3\n"
          "10,0,5,0.5,1\n10,1,4,0.7,1\n10,averaged,4,0.65,1\n");
    write(run + "/rounds.csv", std::string(rounds_header) +
                                   "0,0,0,5,4,2,2,1,1,1,100,50,1,2\n"
                                   "1,0,2,10,4,2,2,2,1,0,200,50,3,1\n");
    write(run + "/links.csv", std::string(links_header) +
                                  "uplink-0,0,0,uplink,1000,1,100,0.8,1,1,100\n"
                                  "downlink-1,1,1,downlink,1000,1,100,1.6,1,0,0\n");
    write(run + "/summary.json",
          R"({"kind": "divshare", "complete": true, "stopped_because": "duration", "target": 0.5,
              "time_to_target_s": 7.5, "final_time_s": 10, "virtual_s": 10, "nodes": 2, "rounds": 2,
              "final_accuracy": {"mean": 0.6, "std": 0.1, "min": 0.5, "max": 0.7, "averaged_model": 0.65},
              "messages_sent": 3, "messages_dropped": 1, "bytes_sent": 300, "mean_staleness": 1.25,
              "wall_s": 123.5, "peak_memory_bytes": 77777777,
              "stragglers": {"network": [1], "compute": []}, "versions": {"tardigrad": "0.1.0"}})");
  }

  static constexpr const char* rounds_header =
      "node,round,begin_s,end_s,trained_s,training_loss,queued,sent,received,dropped,bytes_sent,bytes_received,mixed,"
      "staleness\n";
  static constexpr const char* links_header =
      "link,from,to,kind,rate_bps,messages,bytes,busy_s,longest_queue,dropped_messages,dropped_bytes\n";
};

/// One seed's run that ended with this accuracy, and reached the target of 0.6 when given a time.
inline SeedRun finished_run(std::uint64_t seed, std::optional<double> time_to_target_s, double accuracy) {
  SeedRun run;
  run.seed = seed;
  run.summary.complete = true;
  run.summary.target = {Figure::accuracy, 0.6};
  run.summary.time_to_target_s = time_to_target_s;
  run.earliest_s = run.latest_s = time_to_target_s.value_or(0);
  run.summary.final_accuracy = FinalFigure{accuracy, 0.02, accuracy - 0.05, accuracy + 0.05, accuracy};
  run.summary.virtual_s = 800;
  return run;
}

/// The same run with a time to the target of that resolution.
inline SeedRun measured_every(double interval_s, SeedRun run) {
  run.time_resolution_s = interval_s;
  if (run.summary.time_to_target_s) {
    run.latest_s = interval_s * std::ceil(*run.summary.time_to_target_s / interval_s);
    run.earliest_s = run.latest_s - interval_s;
  }
  if (run.summary.time_to_target_s && *run.summary.time_to_target_s <= interval_s) run.reached_before_s = interval_s;
  return run;
}

/// The same run, stopped before its end.
inline SeedRun interrupted(SeedRun run) {
  run.summary.complete = false;
  run.summary.stopped_because = "interrupted";
  run.gaps = {"interrupted"};
  return run;
}

/// The same run, whose losses were not finite from some time on.
inline SeedRun diverged_by(double time_s, SeedRun run) {
  run.summary.diverged_s = time_s;
  run.summary.final_loss.reset();
  return run;
}

/// Seeds 1, 2, ... with these times to the target.
inline std::vector<SeedRun> seeds_with(const std::vector<std::optional<double>>& times_to_target_s,
                                       double accuracy = 0.7) {
  std::vector<SeedRun> seeds;
  for (const auto& time_s : times_to_target_s) seeds.push_back(finished_run(seeds.size() + 1, time_s, accuracy));
  return seeds;
}

inline RunFolder folder_of(std::vector<AlgorithmRuns> algorithms) {
  RunFolder folder;
  folder.path = "results/race";
  folder.name = "race";
  folder.algorithms = std::move(algorithms);
  return folder;
}

}  // namespace tardigrad::test
