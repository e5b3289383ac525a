#include "scenarios/src/report/learning_curve.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

namespace {

EvaluationPoint point(double time_s, double mean, double bytes) {
  EvaluationPoint evaluation;
  evaluation.time_s = time_s;
  evaluation.accuracy = {mean, 0.1, mean - 0.2, mean + 0.2, mean + 0.1};
  evaluation.loss = {2 - mean, 0.1, 1.8 - mean, 2.2 - mean, 1.9 - mean};
  evaluation.bytes_sent = bytes;
  return evaluation;
}

SeedRun run_of(std::vector<EvaluationPoint> points) {
  SeedRun run;
  run.evaluations = std::move(points);
  return run;
}

}  // namespace

TEST_CASE("a learning curve is the mean over seeds, its extremes those of any node and seed") {
  const SeedRun a = run_of({point(0, 0.3, 0), point(10, 0.5, 100)});
  const SeedRun b = run_of({point(0, 0.3, 0), point(10, 0.7, 300)});
  const auto curve = learning_curve({&a, &b}, 100);
  REQUIRE(curve.size() == 2);
  CHECK(curve[1].time_s == 10);
  CHECK(curve[1].bytes_sent == 200);
  CHECK(curve[1].accuracy.mean == doctest::Approx(0.6));
  CHECK(curve[1].accuracy.std == doctest::Approx(0.1));
  CHECK(curve[1].accuracy.min == doctest::Approx(0.3));
  CHECK(curve[1].accuracy.max == doctest::Approx(0.9));
  CHECK(curve[1].accuracy.averaged_model == doctest::Approx(0.7));
  CHECK(curve[1].loss.mean == doctest::Approx(1.4));
  CHECK(curve[1].loss.min == doctest::Approx(1.1));
  CHECK(curve[1].loss.max == doctest::Approx(1.7));
}

TEST_CASE("a curve ends where the first of its seeds does") {
  const SeedRun a = run_of({point(0, 0.3, 0), point(10, 0.5, 1), point(20, 0.6, 2)});
  const SeedRun b = run_of({point(0, 0.3, 0), point(10, 0.7, 1)});
  const auto curve = learning_curve({&a, &b}, 100);
  REQUIRE(curve.size() == 2);
  CHECK(curve.back().time_s == 10);
}

TEST_CASE("a long curve is thinned out and keeps its first and last evaluation") {
  std::vector<EvaluationPoint> points;
  for (int i = 0; i <= 1000; ++i) points.push_back(point(i, 0.5, i));
  const SeedRun run = run_of(points);
  const auto curve = learning_curve({&run}, 11);
  REQUIRE(curve.size() == 11);
  CHECK(curve.front().time_s == 0);
  CHECK(curve[1].time_s == 100);
  CHECK(curve.back().time_s == 1000);
}

TEST_CASE("a run without evaluations has an empty curve") {
  const SeedRun run;
  CHECK(learning_curve({&run}, 10).empty());
}
