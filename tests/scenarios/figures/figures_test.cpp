#include "scenarios/src/figures/figures.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "scenarios/src/figures/drawn_curves.hpp"
#include "scenarios/src/results/sweep_folder.hpp"
#include "scenarios/src/text/text_columns.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::finished_run;
using test::folder_of;

namespace {

const FigureStyle style{
    238, [](const std::string& text, double size) { return size / 2 * static_cast<double>(text_width(text)); }};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// With evaluations every second, which rise to an accuracy of 0.7.
SeedRun with_curve(SeedRun run, double last = 0.7) {
  run.summary.nodes = 4;
  for (int i = 0; i <= 20; ++i) {
    EvaluationPoint point;
    point.time_s = i;
    point.bytes_sent = 1e6 * i;
    point.rounds = static_cast<std::uint64_t>(8 * i);
    const double accuracy = last * i / 20;
    point.accuracy = {accuracy, 0.01, accuracy - 0.02, accuracy + 0.02, accuracy, 0};
    point.loss = {3 - accuracy, 0.1, 2.9 - accuracy, 3.1 - accuracy, 3 - accuracy, 0};
    run.evaluations.push_back(point);
  }
  return run;
}

std::vector<AlgorithmRuns> algorithms(std::size_t count) {
  std::vector<AlgorithmRuns> some;
  for (std::size_t i = 0; i < count; ++i)
    some.push_back({std::string(1, static_cast<char>('a' + i)), {with_curve(finished_run(1, 10.0, 0.7))}});
  return some;
}

const PaperFigure* find(const PaperFigures& figures, const std::string& name) {
  const auto found = std::find_if(figures.figures.begin(), figures.figures.end(),
                                  [&](const PaperFigure& figure) { return figure.name == name; });
  return found == figures.figures.end() ? nullptr : &*found;
}

std::string csv_of(const PaperFigures& figures, const std::string& name) {
  for (const FigureData& data : figures.data) {
    if (data.name == name) return data.csv;
  }
  return {};
}

/// The parts of panels: what is clipped.
std::size_t panels(const PaperFigure& figure) {
  const auto& layers = figure.drawing.layers;
  return static_cast<std::size_t>(
      std::count_if(layers.begin(), layers.end(), [](const Layer& layer) { return layer.clip.has_value(); }));
}

std::set<std::string> texts(const PaperFigure& figure) {
  std::set<std::string> found;
  for (const Layer& layer : figure.drawing.layers) {
    for (const Shape& shape : layer.shapes) {
      if (const Text* text = std::get_if<Text>(&shape)) found.insert(text->text);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("figures are of accuracy and loss over time, bytes and rounds, and of times to the target") {
  const PaperFigures figures = paper_figures({folder_of(algorithms(2))}, style);
  const std::vector<std::string> names = figure_names();
  CHECK(figures.figures.size() == 13);
  CHECK(names.size() == 13);
  for (const PaperFigure& figure : figures.figures) {
    CAPTURE(figure.name);
    CHECK(std::count(names.begin(), names.end(), figure.name) == 1);
    CHECK(csv_of(figures, figure.data) != "");
    CHECK(figure.drawing.width == style.width);
  }
  for (const FigureData& data : figures.data) {
    const auto known = figure_data_names();
    CHECK(std::count(known.begin(), known.end(), data.name) == 1);
  }
  REQUIRE(find(figures, "accuracy-over-bytes"));
  CHECK(texts(*find(figures, "accuracy-over-bytes")).count("data sent by all nodes (MB)") == 1);
  CHECK(texts(*find(figures, "accuracy-over-rounds")).count("rounds per node") == 1);
  CHECK(texts(*find(figures, "accuracy-over-time")).count("target: 60 %") == 1);
  CHECK(texts(*find(figures, "loss-over-time")).count("target: 60 %") == 0);
}

TEST_CASE("a spread is over seeds where there are several, else over the nodes of the only one, and says so") {
  const SeedRun low = with_curve(finished_run(1, 10.0, 0.5), 0.5);
  const SeedRun high = with_curve(finished_run(2, 10.0, 0.7), 0.7);
  const std::vector<RunFolder> several{folder_of({{"a", {low, high}}})};
  const Ranking ranking = ranking_of(several);
  const DrawnPoint last = drawn_curves(ranking, Figure::accuracy).at(0).points.back();
  CHECK(last.mean == doctest::Approx(0.6));
  CHECK(last.std == doctest::Approx(0.2 / std::sqrt(2.0)));
  CHECK(last.min == doctest::Approx(0.5));
  CHECK(last.max == doctest::Approx(0.7));
  CHECK(last.rounds == doctest::Approx(40));
  const PaperFigures figures = paper_figures(several, style);
  CHECK(contains(csv_of(figures, "accuracy.csv"), "race,a,2,20,20000000,40,0.6,0.141421356,0.5,0.7,seeds\n"));
  CHECK(texts(figures.figures.front()).count("\u00b1 std. dev. over seeds") == 1);
  CHECK(contains(figures.figures.front().caption,
                 "mean over nodes and 2 seeds; the shade is one standard deviation over seeds"));

  const PaperFigures one = paper_figures({folder_of({{"a", {high}}})}, style);
  CHECK(contains(csv_of(one, "accuracy.csv"), "race,a,1,20,20000000,40,0.7,0.01,0.68,0.72,nodes\n"));
  CHECK(texts(one.figures.front()).count("\u00b1 std. dev. over nodes") == 1);
}

TEST_CASE("from eight curves on there is a panel for each, or for each folder of fewer") {
  const auto panels_of = [](const std::vector<RunFolder>& folders, const std::string& name) {
    const PaperFigures figures = paper_figures(folders, style);
    return panels(*find(figures, name));
  };
  CHECK(panels_of({folder_of(algorithms(7))}, "accuracy-over-time") == 1);
  CHECK(panels_of({folder_of(algorithms(8))}, "accuracy-over-time") == 8);
  CHECK(panels_of({folder_of(algorithms(8))}, "loss-over-bytes-log") == 8);
  std::vector<RunFolder> folders(3, folder_of(algorithms(3)));
  folders[1].name = "slow";
  folders[2].name = "slower";
  CHECK(panels_of(folders, "accuracy-over-time") == 3);
  folders.pop_back();
  CHECK(panels_of(folders, "accuracy-over-time") == 1);
}

TEST_CASE("in the numbers of times a bound is no time, and who did not reach the target has none") {
  const PaperFigures figures =
      paper_figures({folder_of({{"bound", {test::measured_every(2, finished_run(1, 1.5, 0.7))}},
                                {"none", {finished_run(1, {}, 0.5)}},
                                {"plain", test::seeds_with({4.0, 6.0})}})},
                    style);
  const std::string csv = csv_of(figures, "time-to-target.csv");
  CHECK(contains(csv, "race,bound,1,1,,,,,2,< 2 s\n"));
  CHECK(contains(csv, "race,plain,2,2,5,1.41421356,4,6,,5 s\n"));
  CHECK(contains(csv, "race,none,1,0,,,,,,not reached\n"));
  REQUIRE(find(figures, "time-to-target"));
  CHECK(texts(*find(figures, "time-to-target")).count("not reached") == 1);
  CHECK(contains(find(figures, "time-to-target")->caption, "Hatched: reached before the bar ends"));
}

TEST_CASE("without evaluations and target there is nothing to draw") {
  SeedRun null = finished_run(1, {}, 0);
  null.summary.final_accuracy.reset();
  null.summary.target.reset();
  CHECK(paper_figures({folder_of({{"null", {null}}})}, style).figures.empty());
}

TEST_CASE("a loss that diverges is cut off, and the caption says so") {
  SeedRun run = with_curve(finished_run(1, 10.0, 0.7));
  run.evaluations[15].loss.mean = 1e9;
  run.evaluations[20].loss.mean = std::numeric_limits<double>::infinity();
  const PaperFigures figures = paper_figures({folder_of({{"a", {run}}})}, style);
  const PaperFigure& loss = *find(figures, "loss-over-time");
  CHECK(contains(loss.caption, " are not shown."));
  CHECK(texts(loss).count("3.0") == 1);
  CHECK(contains(csv_of(figures, "loss.csv"), ",1e+09,"));
}

TEST_CASE("names that would be commands elsewhere are quoted in the numbers") {
  const PaperFigures figures =
      paper_figures({folder_of({{"<b>&\"x\", y", {with_curve(finished_run(1, 10.0, 0.7))}}})}, style);
  CHECK(contains(csv_of(figures, "accuracy.csv"), "race,\"<b>&\"\"x\"\", y\",1,"));
  CHECK(texts(figures.figures.front()).count("<b>&\"x\", y") == 1);
}

TEST_CASE("the folder of a sweep is the folders of its points in natural order, any other itself") {
  const test::ResultFolder folder;
  folder.write("sweep.csv", "");
  folder.write("logs/rate=8", "");
  for (const char* point : {"rate=32", "rate=8"}) folder.write(std::string(point) + "/scenario.toml", "");
  const auto found = run_folders_of(folder.path());
  REQUIRE(found.size() == 2);
  CHECK(found[0].filename() == "rate=8");
  CHECK(found[1].filename() == "rate=32");
  CHECK(run_folders_of(found[0]) == std::vector<std::filesystem::path>{found[0]});
}
