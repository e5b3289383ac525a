#include "runtime/transport/transport_silence.hpp"

#include <doctest/doctest.h>

#include "runtime/transport/transport_stranger_log.hpp"

using namespace tardigrad;
using namespace std::chrono_literals;

namespace {

using Verdict = SilenceRule::Verdict;
const SilenceRule::Moment kBegin{std::chrono::hours(1)};

}  // namespace

TEST_CASE("a silent peer is gone after the longest silence, not before") {
  SilenceRule rule(1s, kBegin);
  for (auto at = 100ms; at <= 1s; at += 100ms) CHECK(rule.tick(kBegin + at) != Verdict::gone);
  CHECK(rule.tick(kBegin + 1100ms) == Verdict::gone);
}

TEST_CASE("a peer that is heard of stays") {
  SilenceRule rule(1s, kBegin);
  for (auto at = 100ms; at <= 10s; at += 100ms) {
    rule.heard(kBegin + at);
    CHECK(rule.tick(kBegin + at) != Verdict::gone);
  }
}

TEST_CASE("a beat is due a quarter of the longest silence after the last word") {
  SilenceRule rule(1s, kBegin);
  rule.heard(kBegin + 1s);
  CHECK(rule.tick(kBegin + 200ms) == Verdict::fine);
  CHECK(rule.tick(kBegin + 250ms) == Verdict::beat);
  rule.spoken(kBegin + 250ms);
  CHECK(rule.tick(kBegin + 400ms) == Verdict::fine);
  CHECK(rule.tick(kBegin + 500ms) == Verdict::beat);
}

TEST_CASE("a beat comes several times a second, as the peer may allow less silence") {
  SilenceRule rule(10min, kBegin);
  rule.heard(kBegin + 1s);
  CHECK(rule.tick(kBegin + 200ms) == Verdict::fine);
  CHECK(rule.tick(kBegin + 250ms) == Verdict::beat);
}

TEST_CASE("a process that has slept itself gives its peers the time anew") {
  SilenceRule rule(1s, kBegin);
  CHECK(rule.tick(kBegin + 100ms) == Verdict::fine);
  CHECK(rule.tick(kBegin + 1h) == Verdict::beat);
  for (auto at = 100ms; at <= 1s; at += 100ms) CHECK(rule.tick(kBegin + 1h + at) != Verdict::gone);
  CHECK(rule.tick(kBegin + 1h + 1100ms) == Verdict::gone);
}

TEST_CASE("a flood of strangers leaves ten lines and then one a second, which counts the others") {
  StrangerLog log;
  int lines = 0;
  for (int i = 0; i < 1000; ++i) lines += log.line("knocked", kBegin) ? 1 : 0;
  CHECK(lines == 10);
  CHECK(log.line("knocked", kBegin + 1s) == "knocked (990 more were dropped before)");
  CHECK_FALSE(log.line("knocked", kBegin + 1s));
  CHECK(log.line("knocked", kBegin + 3s) == "knocked (1 more were dropped before)");
}
