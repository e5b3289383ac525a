#include "scenarios/src/report/report_html.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "scenarios/src/report/line_styles.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::finished_run;
using test::folder_of;
using test::ResultFolder;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

nlohmann::json data_in(const std::string& page) {
  const std::string opening = "<script type=\"application/json\" id=\"data\">";
  const auto begin = page.find(opening) + opening.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

RunFolder read_whole_run() {
  const ResultFolder folder;
  folder.write("scenario.toml", "name = \"race\"\n[evaluation]\ntarget = 0.5\n");
  folder.write_run("divshare/s1");
  return *read_run_folder(folder.path()).folder;
}

}  // namespace

TEST_CASE("the report is one whole page with the answer, the table and the scenario in it") {
  const std::string page = report_html({read_whole_run()});
  CHECK(page.rfind("<!DOCTYPE html>", 0) == 0);
  CHECK(contains(page, "<h1>divshare reached 50 % accuracy in less than 10 s.</h1>"));
  CHECK(contains(page, "<td>60.0 ± 10.0 %</td>"));
  CHECK(contains(page, "[evaluation]\ntarget = 0.5"));
  CHECK(contains(page, "tardigrad 0.1.0"));
  CHECK(contains(page, "Chart.js v3"));
  CHECK_FALSE(contains(page, "{{title}}"));
  CHECK_FALSE(contains(page, "{{script}}"));
}

TEST_CASE("the report asks for nothing from outside") {
  const std::string page = report_html({read_whole_run()});
  for (const char* reference : {" src=", " href=", "@import", "url(", "fetch(", "XMLHttpRequest"}) {
    CAPTURE(reference);
    CHECK_FALSE(contains(page, reference));
  }
}

TEST_CASE("the report's charts get curves, times and bands of what was run") {
  const auto algorithm = data_in(report_html({read_whole_run()})).at("algorithms").at(0);
  CHECK(algorithm.at("curve").at("time") == nlohmann::json({0.0, 10.0}));
  CHECK(algorithm.at("curve").at("accuracy").at("mean") == nlohmann::json({0.2, 0.6}));
  CHECK(algorithm.at("curve").at("loss").at("mean") == nlohmann::json({2.3, 1.0}));
  CHECK(algorithm.at("curve").at("bytes") == nlohmann::json({0.0, 300.0}));
  CHECK(algorithm.at("time_to_target").at("bar") == 10);
  const auto straggler = algorithm.at("bands").at(0);
  CHECK(straggler.at("nodes") == "node 1");
  CHECK(straggler.at("kind") == "slow link");
  CHECK(straggler.at("training") == 0.2);
  CHECK(straggler.at("waiting") == 0.6);
  CHECK(straggler.at("uplink") == nullptr);
  CHECK(straggler.at("downlink") == 0.16);
}

TEST_CASE("a report of a target loss draws the loss, with a gap where a model has diverged") {
  SeedRun run = finished_run(1, 10.0, 0.4);
  run.summary.target = {Figure::loss, 0.9};
  EvaluationPoint diverged;
  diverged.loss.mean = std::numeric_limits<double>::infinity();
  run.evaluations = {diverged};
  const std::string page = report_html({folder_of({{"a", {run}}})});
  CHECK(contains(page, "<h1>a reached a loss of 0.9 after 10 s.</h1>"));
  const auto data = data_in(page);
  CHECK(data.at("target").at("figure") == "loss");
  CHECK(data.at("target").at("value") == 0.9);
  CHECK(data.at("algorithms").at(0).at("curve").at("loss").at("mean").at(0) == nullptr);
}

TEST_CASE("text from files cannot become part of the page") {
  RunFolder folder = folder_of({{"</script><b>", {finished_run(1, 10.0, 0.7)}}});
  folder.name = "<img>&\"'";
  folder.scenario = "# </pre><script>alert(1)</script> {{data}}\n";
  const std::string page = report_html({folder});
  CHECK(count(page, "</script>") == 3);  // the data, Chart.js and the report's own
  CHECK_FALSE(contains(page, "<b>"));
  CHECK_FALSE(contains(page, "<img>"));
  CHECK(contains(page, "&lt;img&gt;&amp;&quot;&#39;"));
  CHECK(contains(page, "# &lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt; {{data}}"));
  CHECK(data_in(page).at("algorithms").at(0).at("label") == "</script><b>");
}

TEST_CASE("a run without evaluations has a report without curves and target") {
  SeedRun null = finished_run(1, {}, 0);
  null.summary.final_accuracy.reset();
  null.summary.target.reset();
  const std::string page = report_html({folder_of({{"null", {null}}})});
  CHECK(contains(page, "<h1>No accuracy was measured.</h1>"));
  const auto data = data_in(page);
  CHECK(data.at("target") == nullptr);
  CHECK(data.at("algorithms").at(0).at("curve").at("time").empty());
  CHECK(data.at("algorithms").at(0).at("bands").empty());
}

TEST_CASE("an algorithm keeps its colour whatever its rank") {
  const auto colour_of_b = [](double time_of_a) {
    const auto data = data_in(
        report_html({folder_of({{"a", {finished_run(1, time_of_a, 0.7)}}, {"b", {finished_run(1, 100.0, 0.7)}}})}));
    for (const auto& algorithm : data.at("algorithms")) {
      if (algorithm.at("label") == "b") return algorithm.at("colour").get<int>();
    }
    return -1;
  };
  CHECK(colour_of_b(50) == 1);
  CHECK(colour_of_b(200) == 1);
}

TEST_CASE("the report shows what nodes waited at each distance from the stragglers, if there are any") {
  const auto algorithm = data_in(report_html({read_whole_run()})).at("algorithms").at(0);
  const auto& delay = algorithm.at("delay");
  CHECK(delay.at("distance") == "the scenario does not tell the graph");
  REQUIRE(delay.at("rows").size() == 2);
  CHECK(delay.at("rows").at(0).at("label") == "stragglers");
  CHECK(delay.at("rows").at(0).at("waiting").size() == 24);
  CHECK(delay.at("rows").at(1).at("label") == "others");
  CHECK(delay.at("rows").at(1).at("held_up") == 0.2);  // 1 s of waiting, 0.8 s of it beside the own uplink
  const auto even = data_in(report_html({folder_of({{"a", {finished_run(1, 10.0, 0.7)}}})})).at("algorithms").at(0);
  CHECK(even.at("delay") == nullptr);
}

TEST_CASE("of two folders with the same algorithms the report has a table side by side, one colour per algorithm") {
  std::vector<RunFolder> folders(2,
                                 folder_of({{"a", {finished_run(1, 10.0, 0.7)}}, {"b", {finished_run(1, 9.0, 0.7)}}}));
  folders[1].name = "slow";
  const std::string page = report_html(folders);
  CHECK(contains(page, "<h2>Side by side</h2>"));
  CHECK(contains(page, "<th scope=\"col\">time to 60 %, slow</th>"));
  std::set<std::pair<int, int>> styles;
  const auto data = data_in(page);
  for (const auto& algorithm : data.at("algorithms")) {
    CHECK(algorithm.at("colour") == (algorithm.at("label").get<std::string>().front() == 'a' ? 0 : 1));
    styles.insert({algorithm.at("colour").get<int>(), algorithm.at("dash").get<int>()});
  }
  CHECK(styles.size() == 4);
  CHECK_FALSE(contains(report_html({folders[0]}), "<h2>Side by side</h2>"));
}

TEST_CASE("no two of eighteen algorithms are drawn alike") {
  std::vector<AlgorithmRuns> many;
  for (char name = 'a'; name < 'a' + 18; ++name) many.push_back({std::string(1, name), {finished_run(1, 10.0, 0.7)}});
  const auto data = data_in(report_html({folder_of(std::move(many))}));
  std::set<std::pair<int, int>> styles;
  for (const auto& algorithm : data.at("algorithms")) {
    styles.insert({algorithm.at("colour").get<int>() % data.at("styles").at("colours").get<int>(),
                   algorithm.at("dash").get<int>()});
  }
  CHECK(styles.size() == 18);
}

TEST_CASE("the report's colours are those of the table, on light pages and dark ones") {
  const std::string page = report_html({read_whole_run()});
  CHECK(contains(page, "--c0: " + style_table().light.front() + ";"));
  CHECK(contains(page, "--c7: " + style_table().dark.back() + ";"));
  CHECK(style_table().light.size() == style_table().dark.size());
  for (const std::string& marker : style_table().markers) CHECK(marker_named(marker).has_value());
}

TEST_CASE("a report holds its figures and their numbers, compressed, or none if there are none") {
  CHECK(data_in(report_html({read_whole_run()})).at("files").get<std::string>().rfind("eN", 0) == 0);  // of zlib
  SeedRun null = finished_run(1, {}, 0);
  null.summary.target.reset();
  CHECK(data_in(report_html({folder_of({{"null", {null}}})})).at("files") == "");
}

TEST_CASE("the same runs give the same report") {
  CHECK(report_html({read_whole_run()}) == report_html({read_whole_run()}));
}

TEST_CASE("a report of the real clock speaks of real time") {
  RunFolder folder = read_whole_run();
  CHECK(contains(report_html({folder}), "over virtual time</h2>"));
  CHECK(data_in(report_html({folder})).at("time") == "virtual time");
  folder.clock = "real";
  const std::string page = report_html({folder});
  CHECK_FALSE(contains(page, "irtual time"));
  CHECK(contains(page, "Shares of the run's real time."));
  CHECK(data_in(page).at("time") == "real time");
}

TEST_CASE("all rows that lead are marked in the report, and of several folders each has its sentence") {
  std::vector<RunFolder> folders{folder_of({{"a", {finished_run(1, 10.0, 0.7)}}, {"b", {finished_run(1, 10.0, 0.7)}}})};
  CHECK(count(report_html(folders), "<tr class=\"first\">") == 2);
  folders.push_back(folder_of({{"a", {finished_run(1, 11.0, 0.7)}}, {"b", {finished_run(1, 12.0, 0.7)}}}));
  folders[1].name = "slow";
  const std::string page = report_html(folders);
  CHECK(contains(page, "<h1>First to reach 60 % accuracy, in each of 2 folders</h1>"));
  CHECK(contains(page, "<p class=\"finding\">slow: a reached 60 % accuracy first, after 11 s:"));
}

TEST_CASE("in the report only times that every seed has are bars, and a bound is no plain one") {
  const auto data = data_in(report_html({folder_of({{"bound", {test::measured_every(2, finished_run(1, 1.5, 0.7))}},
                                                    {"gone", {test::diverged_by(1, finished_run(1, 1.0, 0.7))}},
                                                    {"none", {finished_run(1, {}, 0.5)}},
                                                    {"plain", test::seeds_with({4.0, 6.0})},
                                                    {"some", test::seeds_with({1.0, {}, {}})}})}));
  std::map<std::string, nlohmann::json> times;
  for (const auto& algorithm : data.at("algorithms")) times[algorithm.at("label")] = algorithm.at("time_to_target");
  using Json = nlohmann::json;
  CHECK(times["bound"] == Json{{"bar", 2}, {"is_bound", true}, {"min", 2}, {"max", 2}, {"text", "< 2 s"}});
  CHECK(times["plain"] == Json{{"bar", 5}, {"is_bound", false}, {"min", 4}, {"max", 6}, {"text", "5 s"}});
  CHECK(times["gone"] == Json{{"bar", nullptr}, {"text", "diverged"}});
  CHECK(times["none"] == Json{{"bar", nullptr}, {"text", "not reached"}});
  CHECK(times["some"] == Json{{"bar", nullptr}, {"text", "reached in 1 of 3 seeds"}});
}
