#include "scenarios/src/run/figure_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "scenarios/src/system/file_text.hpp"
#include "tests/scenarios/result_folder.hpp"
#include "tests/scenarios/tardigrad_command.hpp"

using namespace tardigrad;
using test::ResultFolder;
using test::tardigrad_command;

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) { return file_text(file, 1 << 24).value_or("(none)"); }

/// A run's folder with figures of it.
struct Drawn {
  Drawn() {
    folder.write("run/scenario.toml", "name = \"race\"\n[evaluation]\ntarget = 0.5\n");
    folder.write_run("run/divshare/s1");
  }
  int draw(const std::string& to = "figures", const std::string& width = "3.3in") const {
    return tardigrad_command(
        {"report", (folder.path() / "run").string(), "--figures", (folder.path() / to).string(), "--width", width});
  }
  fs::path figures(const std::string& file = "") const { return folder.path() / "figures" / file; }

  ResultFolder folder;
};

}  // namespace

TEST_CASE("a report's figures are in SVG and PDF, with numbers and captions, the same bytes each time") {
  const Drawn drawn;
  REQUIRE(drawn.draw() == exit_done);
  for (const char* file : {"accuracy-over-time.svg", "accuracy-over-time.pdf", "loss-over-bytes.svg", "accuracy.csv",
                           "loss.csv", "time-to-target.pdf", "captions.txt"}) {
    CAPTURE(file);
    CHECK(fs::exists(drawn.figures(file)));
  }
  REQUIRE(drawn.draw("again") == exit_done);
  for (const auto& entry : fs::directory_iterator(drawn.figures())) {
    CAPTURE(entry.path().filename().string());
    CHECK(text_of(entry.path()) == text_of(drawn.folder.path() / "again" / entry.path().filename()));
  }
}

TEST_CASE("figures replace earlier ones, and leave other files alone") {
  const Drawn drawn;
  drawn.folder.write("figures/paper.tex", "mine");
  REQUIRE(drawn.draw() == exit_done);
  drawn.folder.write("figures/accuracy-over-time-log.svg", "of an earlier run");
  const std::string narrow = text_of(drawn.figures("accuracy-over-time.svg"));
  REQUIRE(drawn.draw("figures", "7in") == exit_done);
  CHECK(text_of(drawn.figures("paper.tex")) == "mine");
  CHECK_FALSE(fs::exists(drawn.figures("accuracy-over-time-log.svg")));
  CHECK(text_of(drawn.figures("accuracy-over-time.svg")) != narrow);
}

TEST_CASE("a file with a figure's name that is no figure is in the way, and nothing changes") {
  const Drawn drawn;
  drawn.folder.write("figures/accuracy.csv", "mine");
  CHECK(objection_to_figures(drawn.figures()).find("accuracy.csv: exists and is no figure of tardigrad's") !=
        std::string::npos);
  CHECK(drawn.draw() == exit_wrong_use);
  CHECK(text_of(drawn.figures("accuracy.csv")) == "mine");
  CHECK_FALSE(fs::exists(drawn.figures("captions.txt")));
  CHECK_FALSE(fs::exists(drawn.folder.path() / "run/report.html"));
}

TEST_CASE("figures are refused where a file is, in no width, and of runs without evaluations") {
  const Drawn drawn;
  drawn.folder.write("file", "");
  CHECK(drawn.draw("file") == exit_wrong_use);
  for (const char* width : {"7", "1in", "50in", "wide"}) {
    CAPTURE(width);
    CHECK(drawn.draw("figures", width) == exit_wrong_use);
  }
  CHECK(tardigrad_command({"report", (drawn.folder.path() / "run").string(), "--width", "7in"}) == exit_wrong_use);
  const ResultFolder empty;
  empty.write("divshare/s1/evaluations.csv", "time_s,node,round,accuracy,loss\n");
  CHECK(tardigrad_command({"report", empty.path().string(), "--figures", drawn.figures().string()}) == exit_failed);
  CHECK_FALSE(fs::exists(drawn.figures()));
}
