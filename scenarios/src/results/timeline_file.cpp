#include "scenarios/src/results/timeline_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace tardigrad {

namespace {

namespace fs = std::filesystem;

/// The numbers of events for which the writer is woken, and which may be waiting for it.
constexpr std::size_t kWorthWriting = 1 << 13;
constexpr std::size_t kMostQueued = 1 << 20;
constexpr std::size_t kBlock = 1 << 20;
/// A timeline is so repetitive that more effort gains little.
constexpr const char* kCompressed = "wb1";
constexpr const char* kPlain = "wbT";

}  // namespace

void TimelineFile::CloseStream::operator()(gzFile_s* stream) const { gzclose(stream); }

TimelineFile::TimelineFile(fs::path path) : path_(std::move(path)) {
  std::error_code failure;
  if (path_.has_parent_path()) fs::create_directories(path_.parent_path(), failure);
  errno = 0;
  stream_.reset(gzopen(path_.c_str(), path_.extension() == ".gz" ? kCompressed : kPlain));
  if (stream_) {
    writer_ = std::thread([this] { work(); });
  } else {
    fail(std::strerror(errno));
  }
}

TimelineFile::~TimelineFile() { close(); }

void TimelineFile::add(const RoundRecord& record) { queue(record, 1 + record.hops()); }

void TimelineFile::queue(Entry entry, std::size_t events) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return queued_events_ < kMostQueued || failed_; });
  if (failed_) return;
  entries_.push_back(std::move(entry));
  queued_events_ += events;
  if (queued_events_ >= kWorthWriting) changed_.notify_all();
}

void TimelineFile::work() {
  TraceEvents events;
  std::string text = "[\n";
  for (bool goes_on = true; goes_on;) {
    std::vector<Entry> entries;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return queued_events_ >= kWorthWriting || closed_; });
      entries.swap(entries_);
      queued_events_ = 0;
      goes_on = !closed_ || !entries.empty();
      changed_.notify_all();
    }
    for (const Entry& entry : entries) {
      if (const auto* run = std::get_if<TimelineRun>(&entry)) {
        events.begin(*run, text);
      } else {
        events.add(std::get<RoundRecord>(entry), text);
      }
      if (text.size() < kBlock) continue;
      write(text);
      text.clear();
    }
  }
  write(text + "\n]\n");
}

void TimelineFile::write(const std::string& text) {
  if (failed_) return;
  errno = 0;
  if (gzwrite(stream_.get(), text.data(), static_cast<unsigned>(text.size())) > 0) return;
  fail(std::strerror(errno));
}

void TimelineFile::fail(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (error_.empty()) error_ = fmt::format("{}: cannot write: {}", path_.string(), why);
  failed_ = true;
  changed_.notify_all();
}

std::string TimelineFile::close() {
  if (!writer_.joinable()) return error();
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  writer_.join();
  errno = 0;
  if (gzclose(stream_.release()) != Z_OK) fail(std::strerror(errno));
  return error();
}

std::string TimelineFile::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

std::string objection_to_timeline(const fs::path& file, bool force) {
  std::error_code failure;
  const auto status = fs::status(file, failure);
  if (status.type() == fs::file_type::directory) return fmt::format("{}: a folder, expected a file", file.string());
  if (status.type() != fs::file_type::regular || force) return {};
  return fmt::format("{}: exists; name another file with --trace, or replace it with --force", file.string());
}

}  // namespace tardigrad
