/// The checkpoint of a run folder, in virtual time: which runs of the scenario are over, and the state of the
/// one in progress, so that another process can continue it. It is one file, written beside the previous one
/// and put in its place when it is complete and on disk: whenever the program is killed, there is a checkpoint
/// from which to continue.
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

#include "models/data/datasets.hpp"
#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"
#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/system/held_folder.hpp"

namespace tardigrad {

/// The file's name in the run's folder, and its name until it is complete.
inline constexpr const char* kCheckpointName = "checkpoint";
inline constexpr const char* kUnfinishedCheckpointName = "checkpoint.part";

/// A checksum of the resolved scenario, with the edge lists, traces and tables that it names, and of its data:
/// identifies the scenario of a checkpoint. The error is about data that cannot be read, and names their place.
ChecksumResult scenario_checksum(const Scenario& scenario);

struct CheckpointResult;

class Checkpoint {
 public:
  /// The checkpoint of a run folder, held by this process, in which nothing has been run. `every` is emulated
  /// time.
  Checkpoint(const std::filesystem::path& folder, std::shared_ptr<const HeldFolder> held, std::uint32_t scenario,
             Time every);
  /// Opens the folder's checkpoint; one line if there is none, if it is of another scenario or program or
  /// damaged, or if another process has it open.
  static CheckpointResult open(const std::filesystem::path& folder, std::uint32_t scenario);

  Time every() const { return every_; }
  void set_every(Time every) { every_ = every; }
  /// The number of runs that are over, in the order of the scenario.
  std::uint64_t finished() const { return finished_; }
  /// The length of curves.csv, to which all runs write, at the end of the last of these runs; 0 if there is
  /// none.
  std::int64_t curves_length() const { return curves_length_; }
  /// The state of the next run, to be loaded once; null if that run is to begin.
  StateArchive* saved() const { return saved_ ? &saved_->archive : nullptr; }

  // Each returns one line on failure, else an empty text.

  /// Saves that nothing has been run.
  std::string begin() { return write(nullptr); }
  /// Saves the state of the run after those that are over.
  std::string save(const std::function<void(StateArchive&)>& state);
  /// Saves that one more run is over, with this length of curves.csv.
  std::string finish_run(std::int64_t curves_length);
  /// Removes the checkpoint, as all runs are over.
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
