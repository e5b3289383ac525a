/// The file of `run --trace`: a JSON array of trace events (scenarios/src/results/trace_events.hpp), written
/// during the runs. Under the virtual clock the bytes are the same every time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "actors/record/record_sink.hpp"
#include "scenarios/src/results/trace_events.hpp"

struct gzFile_s;

namespace tardigrad {

/// Formats and writes on a thread of its own. Holds a bounded number of events; a caller that adds more waits
/// until some have been written. The first failure to write is kept, and nothing is written after it.
class TimelineFile {
 public:
  /// Compressed if the name ends in ".gz". `error` reports a file that cannot be written.
  explicit TimelineFile(std::filesystem::path path);
  /// Ends the file unless `close` has.
  ~TimelineFile();
  TimelineFile(const TimelineFile&) = delete;
  TimelineFile& operator=(const TimelineFile&) = delete;

  /// Both are called by one thread at a time, which need not always be the same.
  void begin(const TimelineRun& run) { queue(run, 1); }
  void add(const RoundRecord& record);
  /// Ends the file. Returns one line if not all of it could be written.
  std::string close();

  bool failed() const { return failed_; }
  /// One line; empty without a failure.
  std::string error() const;

 private:
  using Entry = std::variant<TimelineRun, RoundRecord>;
  struct CloseStream {
    void operator()(gzFile_s* stream) const;
  };

  void queue(Entry entry, std::size_t events);
  void work();
  void write(const std::string& text);
  void fail(const std::string& why);

  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, CloseStream> stream_;  ///< zlib's, which writes plain files as well
  std::atomic<bool> failed_{false};

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string error_;
  std::vector<Entry> entries_;     ///< to be written
  std::size_t queued_events_ = 0;  ///< in these
  bool closed_ = false;
  std::thread writer_;
};

/// Passes a run's results on, and adds them to the timeline.
class TimelineSink final : public RecordSink {
 public:
  TimelineSink(RecordSink& results, TimelineFile& file) : results_(results), file_(file) {}

  void add(const RoundRecord& record) override {
    results_.add(record);
    file_.add(record);
  }
  void add_of_server(const RoundRecord& record) override {
    results_.add_of_server(record);
    file_.add(record);
  }
  void add_unfinished(const RoundRecord& record) override {
    results_.add_unfinished(record);
    file_.add(record);
  }
  void add(const EvaluationRow& row) override { results_.add(row); }
  void add(const LinkRow& row) override { results_.add(row); }
  void commit() override { results_.commit(); }
  bool looks_between() override { return results_.looks_between(); }
  void add_between(const std::vector<EvaluationRow>& rows) override { results_.add_between(rows); }
  bool has_enough() const override { return results_.has_enough(); }

 private:
  RecordSink& results_;
  TimelineFile& file_;
};

/// The reason why no timeline may go to that file; empty if it may. An existing file is replaced with `force`
/// only.
std::string objection_to_timeline(const std::filesystem::path& file, bool force);

}  // namespace tardigrad
