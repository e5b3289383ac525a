/// The checkpoint of a run folder, in virtual time: which runs of the scenario are over, and the state of the one in
/// progress, for another process to go on with it. One file, written beside the last one and put in its place when it
/// is whole and on disk: whenever the program is killed, there is one that can be gone on from.
///
///     8 bytes  "tardigck"      4  format      4  CRC-32 of all that follows      8  bytes of that
///     version of tardigrad, checksum of the scenario, interval, runs that are over, length of curves.csv then, and if
///     there is one: a state
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"
#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/system/held_folder.hpp"

namespace tardigrad {

/// What the file is called in the run's folder, and what it is called until it is whole.
inline constexpr const char* kCheckpointName = "checkpoint";
inline constexpr const char* kUnfinishedCheckpointName = "checkpoint.part";

/// Of the resolved scenario, with the edge lists, traces and tables that it names: what a checkpoint belongs to.
std::uint32_t scenario_checksum(const Scenario& scenario);

struct CheckpointResult;

class Checkpoint {
 public:
  /// Of a run folder, held by this process, in which nothing has been run. `every` is emulated time.
  Checkpoint(const std::filesystem::path& folder, std::shared_ptr<const HeldFolder> held, std::uint32_t scenario,
             Time every);
  /// As the folder has it; one line if there is none, or none of this scenario and program, or if it is damaged, or if
  /// another process has it open.
  static CheckpointResult open(const std::filesystem::path& folder, std::uint32_t scenario);

  Time every() const { return every_; }
  void set_every(Time every) { every_ = every; }
  /// How many runs are over, in the order in which the scenario has them.
  std::uint64_t finished() const { return finished_; }
  /// How long curves.csv was, in which all runs write, when the last of those was over; 0 where none is.
  std::int64_t curves_length() const { return curves_length_; }
  /// The state of the run after those, to be loaded once; null if it is to begin.
  StateArchive* saved() const { return saved_ ? &saved_->archive : nullptr; }

  // One line if that fails, else empty.

  /// Nothing has been run.
  std::string begin() { return write(nullptr); }
  /// The run after those that are over stands so.
  std::string save(const std::function<void(StateArchive&)>& state);
  /// One more run is over, and curves.csv so long.
  std::string finish_run(std::int64_t curves_length);
  /// All are.
  std::string remove();

 private:
  struct Saved {
    explicit Saved(std::unique_ptr<ByteSource> bytes) : source(std::move(bytes)), archive(*source) {}
    std::unique_ptr<ByteSource> source;
    StateArchive archive;
  };

  std::string write(const std::function<void(StateArchive&)>* state);
  void head(StateArchive& archive, bool& has_state);

  std::filesystem::path folder_;
  std::shared_ptr<const HeldFolder> held_;
  std::uint32_t scenario_;
  Time every_;
  std::uint64_t finished_ = 0;
  std::int64_t curves_length_ = 0;
  std::unique_ptr<Saved> saved_;
};

struct CheckpointResult {
  std::optional<Checkpoint> checkpoint;
  std::string error;
};

}  // namespace tardigrad
