#include "scenarios/src/run/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

constexpr auto kTerminalInterval = std::chrono::milliseconds(200);
constexpr auto kLogInterval = std::chrono::seconds(10);
/// Reading the wall clock costs as much as part of an event.
constexpr std::uint64_t kUpdatesPerLook = 16;
constexpr int kBarWidth = 20;

std::string bar(double share) {
  const int full = static_cast<int>(share * kBarWidth);
  std::string text = "[";
  for (int i = 0; i < kBarWidth; ++i) text += i < full ? '#' : '.';
  return text + "]";
}

std::string wall_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole >= 3600) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{:.0f}s", seconds);
}

std::string count_text(double count) {
  if (count >= 1e6) return fmt::format("{:.1f}M", count / 1e6);
  if (count >= 1e4) return fmt::format("{:.0f}k", count / 1e3);
  return fmt::format("{:.0f}", count);
}

std::size_t terminal_width(std::FILE* stream) {
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
  return 80;
}

}  // namespace

Progress::Progress(std::FILE* stream) : stream_(stream), terminal_(isatty(fileno(stream)) != 0) {}

void Progress::begin(const std::string& title, Time duration, bool trains, double spent_s) {
  title_ = title;
  duration_ = duration;
  trains_ = trains;
  accuracy_ = -1;
  const auto now = WallClock::now();
  begin_ = now - std::chrono::duration_cast<WallClock::duration>(std::chrono::duration<double>(spent_s));
  next_update_ = now + (terminal_ ? WallClock::duration(kTerminalInterval) : WallClock::duration(kLogInterval));
}

void Progress::update(Time now, std::uint64_t events, std::uint64_t steps) {
  if (++updates_ % kUpdatesPerLook != 0) return;
  const auto wall = WallClock::now();
  if (wall < next_update_) return;
  next_update_ = wall + (terminal_ ? WallClock::duration(kTerminalInterval) : WallClock::duration(kLogInterval));
  std::string text = line(now, events, steps);
  if (terminal_) {
    const std::size_t width = terminal_width(stream_) - 1;
    if (text.size() > width) text.resize(width);
    say_on(stream_, fmt::format("\r{}\x1b[K", text));
  } else {
    say_on(stream_, text + "\n");
  }
}

void Progress::end(const std::string& verdict) {
  say_on(stream_,
         fmt::format("{}{} {}, {} of wall time\n", terminal_ ? "\r\x1b[K" : "", title_, verdict, wall_text(elapsed())));
}

void Progress::warn(const std::string& text) { say_on(stream_, fmt::format("warning: {}\n", text)); }

double Progress::elapsed() const { return std::chrono::duration<double>(WallClock::now() - begin_).count(); }

std::string Progress::line(Time now, std::uint64_t events, std::uint64_t steps) const {
  const double share = std::min(1.0, to_seconds(now) / to_seconds(duration_));
  const double wall = elapsed();
  const std::string speed = trains_ ? fmt::format("{} steps/s", count_text(double(steps) / wall))
                                    : fmt::format("{} events/s", count_text(double(events) / wall));
  const std::string measured =
      accuracy_ < 0 ? "" : fmt::format("  accuracy {:.1f} %, loss {:.3g}", 100 * accuracy_, loss_);
  const std::string left = share < 0.01 ? "" : fmt::format("  {} left", wall_text(wall * (1 - share) / share));
  return fmt::format("{} {} {:.1f}/{} s  {}{}{}", title_, bar(share), to_seconds(now), to_seconds(duration_), speed,
                     measured, left);
}

}  // namespace tardigrad
