#include "scenarios/src/report/statistics.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/scenarios/result_folder.hpp"

namespace tardigrad {
namespace {

using test::finished_run;
using test::folder_of;
using test::seeds_with;

/// The row of statistics.csv that begins so, without its beginning; empty if there is none.
std::string row_of(const std::string& csv, const std::string& begin) {
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(begin, 0) == 0) return line.substr(begin.size());
  }
  return "";
}

TEST_CASE("a number over seeds has a mean, the sample's deviation and Student's interval") {
  const SeedStatistics three = statistics_of({1.0, 2.0, 4.0});
  CHECK(three.seeds == 3);
  CHECK(*three.mean == doctest::Approx(7.0 / 3));
  CHECK(*three.std == doctest::Approx(1.5275252));
  CHECK(three.interval->low == doctest::Approx(-1.4612452).epsilon(1e-4));
  CHECK(three.interval->high == doctest::Approx(6.1279119).epsilon(1e-4));
  const SeedStatistics one = statistics_of({5.0});
  CHECK(one.mean == 5.0);
  CHECK_FALSE(one.std);
  CHECK_FALSE(one.interval);
}

TEST_CASE("a number that a seed does not have has no mean") {
  const SeedStatistics part = statistics_of({1.0, std::nullopt, 4.0});
  CHECK(part.seeds == 3);
  CHECK(part.known == 2);
  CHECK_FALSE(part.mean);
  CHECK_FALSE(part.interval);
  CHECK(statistics_of({}).seeds == 0);
}

TEST_CASE("statistics.csv has every measured number, and its differences from the baseline seed by seed") {
  RunFolder folder = folder_of({{"a", seeds_with({10.0, 20.0})}, {"b", seeds_with({11.0, 23.0})}});
  const std::string without = statistics_csv({folder});
  CHECK(without.substr(0, without.find('\n')) ==
        "scenario,algorithm,figure,unit,seeds,known,mean,std,low_95,high_95,baseline,pairs,difference,"
        "difference_low_95,difference_high_95");
  CHECK(row_of(without, "race,b,time_to_target_s,s,2,2,17,").find(",,,,,") != std::string::npos);
  CHECK(row_of(without, "race,a,seed,") == "");  // it is chosen, not measured
  CHECK(row_of(without, "race,a,time_to_target_within_s,") == "");
  folder.baseline = "a";
  const std::string csv = statistics_csv({folder});
  const std::string row = row_of(csv, "race,b,time_to_target_s,s,2,2,17,");
  CHECK(row.find(",a,2,2,") != std::string::npos);  // 1 and 3 later than the baseline
  // 2 +- t(1) * sqrt(2) / sqrt(2)
  CHECK(std::stod(row.substr(row.rfind(',') + 1)) == doctest::Approx(14.706).epsilon(1e-3));
  CHECK(row_of(csv, "race,a,time_to_target_s,s,2,2,15,").find(",a,,,,") != std::string::npos);
}

TEST_CASE("a time that some seeds did not reach has no mean in statistics.csv") {
  const std::string csv = statistics_csv({folder_of({{"a", seeds_with({10.0, std::nullopt})}})});
  CHECK(row_of(csv, "race,a,time_to_target_s,s,2,1,") == ",,,,,,,,");
  CHECK(row_of(csv, "race,a,final_accuracy_mean,") != "");
}

TEST_CASE("readers get the statistics of several seeds") {
  const FindingsTable table = statistics_table({folder_of({{"a", seeds_with({10.0, 20.0})}})});
  REQUIRE_FALSE(table.rows.empty());
  CHECK(table.titles.size() == 6);
  CHECK(table.rows.front()[1] == "time_to_target_s (s)");
  CHECK(table.rows.front()[3] == "15");
  CHECK(statistics_table({folder_of({{"a", {finished_run(1, 10.0, 0.7)}}})}).rows.empty());
}

}  // namespace
}  // namespace tardigrad
