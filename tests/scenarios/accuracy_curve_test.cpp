#include "scenarios/src/accuracy_curve.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

namespace {

EvaluationPoint point(double time_s, double mean, double bytes) {
  EvaluationPoint evaluation;
  evaluation.time_s = time_s;
  evaluation.mean = mean;
  evaluation.std = 0.1;
  evaluation.min = mean - 0.2;
  evaluation.max = mean + 0.2;
  evaluation.averaged_model = mean + 0.1;
  evaluation.bytes_sent = bytes;
  return evaluation;
}

SeedRun run_of(std::vector<EvaluationPoint> points) {
  SeedRun run;
  run.evaluations = std::move(points);
  return run;
}

}  // namespace

TEST_CASE("an accuracy curve is the mean over seeds, its extremes those of any node and seed") {
  const SeedRun a = run_of({point(0, 0.3, 0), point(10, 0.5, 100)});
  const SeedRun b = run_of({point(0, 0.3, 0), point(10, 0.7, 300)});
  const auto curve = accuracy_curve({&a, &b}, 100);
  REQUIRE(curve.size() == 2);
  CHECK(curve[1].time_s == 10);
  CHECK(curve[1].bytes_sent == 200);
  CHECK(curve[1].mean == doctest::Approx(0.6));
  CHECK(curve[1].std_over_nodes == doctest::Approx(0.1));
  CHECK(curve[1].min == doctest::Approx(0.3));
  CHECK(curve[1].max == doctest::Approx(0.9));
  CHECK(curve[1].averaged_model == doctest::Approx(0.7));
}

TEST_CASE("a curve ends where the first of its seeds does") {
  const SeedRun a = run_of({point(0, 0.3, 0), point(10, 0.5, 1), point(20, 0.6, 2)});
  const SeedRun b = run_of({point(0, 0.3, 0), point(10, 0.7, 1)});
  const auto curve = accuracy_curve({&a, &b}, 100);
  REQUIRE(curve.size() == 2);
  CHECK(curve.back().time_s == 10);
}

TEST_CASE("a long curve is thinned out and keeps its first and last evaluation") {
  std::vector<EvaluationPoint> points;
  for (int i = 0; i <= 1000; ++i) points.push_back(point(i, 0.5, i));
  const SeedRun run = run_of(points);
  const auto curve = accuracy_curve({&run}, 11);
  REQUIRE(curve.size() == 11);
  CHECK(curve.front().time_s == 0);
  CHECK(curve[1].time_s == 100);
  CHECK(curve.back().time_s == 1000);
}

TEST_CASE("a run without evaluations has an empty curve") {
  const SeedRun run;
  CHECK(accuracy_curve({&run}, 10).empty());
}
