#include "scenarios/src/cli/command_words.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

namespace {

/// A program with some commands and options.
class Program {
 public:
  Program() : app_("it", "it") {
    app_.formatter(std::make_shared<PlainHelp>());
    CLI::App* run = app_.add_subcommand("run", "runs");
    const auto out = run->add_option("--out", text_, "where");
    run->add_option("--threads", text_, "how many")->excludes(out);
    run->add_flag("--force", flag_, "also so");
    run->add_flag("--hidden", flag_, "for ourselves")->group("");
    app_.add_subcommand("for-ourselves", "hidden")->group("");
    app_.add_subcommand("data", "data")->add_subcommand("fetch", "fetches");
  }
  const CLI::App& app() const { return app_; }
  std::string unknown(const std::vector<std::string>& words) const { return unknown_word(app_, words); }

 private:
  CLI::App app_;
  std::string text_;
  bool flag_ = false;
};

}  // namespace

TEST_CASE("the first unknown word is named, with the nearest that is known") {
  const Program it;
  CHECK(it.unknown({"runn"}) == "unknown command 'runn': expected run or data; did you mean 'run'?");
  CHECK(it.unknown({"data", "fetsh"}) == "unknown command 'fetsh': expected fetch; did you mean 'fetch'?");
  CHECK(it.unknown({"run", "--tread", "2"}) == "unknown option '--tread' of run; did you mean '--threads'?");
  CHECK(it.unknown({"run", "--ot=x"}) == "unknown option '--ot' of run; did you mean '--out'?");
  CHECK(it.unknown({"run", "--hiden"}) == "unknown option '--hiden' of run");
  CHECK(it.unknown({"for-ourselve"}) == "unknown command 'for-ourselve': expected run or data");
  CHECK(it.unknown({"--colour"}) == "unknown option '--colour' of it");
  CHECK(it.unknown({"run", "x", "--out", "--tread", "--force", "-h"}) == "");
  CHECK(it.unknown({"run", "--", "--tread"}) == "");
  CHECK(it.unknown({}) == "");
}

TEST_CASE("an empty value is one that is missing, wherever it stands and however it is written") {
  const auto missing = [](const std::vector<std::string>& words) {
    CLI::App app("it", "it");
    std::string text;
    std::vector<std::string> texts;
    bool flag = false;
    CLI::App* run = app.add_subcommand("run");
    run->add_option("file", text);
    run->add_option("--out", text);
    run->add_option("--hosts", texts)->delimiter(',');
    run->add_option("--set", texts)->expected(1)->take_all();
    run->add_flag("--force", flag);
    app.add_subcommand("data")->add_subcommand("fetch")->add_option("--from", text);
    app.parse(last_first(words));
    return missing_value(app);
  };
  CHECK(missing({"run", "x", "--out", "y", "--hosts", "a,b", "--set", "a=", "--set=b=", "--force"}) == "");
  CHECK(missing({"run", "x", "--out", ""}) == "--out: expected a value, got \"\"");
  CHECK(missing({"run", "--out=", "x"}) == "--out: expected a value, got \"\"");
  CHECK(missing({"run", "x", "--hosts", ""}) == "--hosts: expected a value, got \"\"");
  CHECK(missing({"run", "x", "--set", "a=1", "--set", ""}) == "--set: expected a value, got \"\"");
  CHECK(missing({"run", ""}) == "file: expected a value, got \"\"");
  CHECK(missing({"run", "--", "--out="}) == "");
  CHECK(missing({"data", "fetch", "--from", ""}) == "--from: expected a value, got \"\"");
}

TEST_CASE("help is that of a command, and says nothing of options that exclude each other") {
  const Program it;
  std::string unknown;
  CHECK(help_on(it.app(), {}, unknown) == it.app().help());
  const std::string run = help_on(it.app(), {"run"}, unknown);
  CHECK(run.find("it run") != std::string::npos);
  CHECK(run.find("--threads") != std::string::npos);
  CHECK(run.find("Excludes") == std::string::npos);
  CHECK(run.find("--hidden") == std::string::npos);
  CHECK(help_on(it.app(), {"data", "fetch"}, unknown).find("it data fetch") != std::string::npos);
  CHECK(unknown == "");
  CHECK(help_on(it.app(), {"date"}, unknown) == "");
  CHECK(unknown == "unknown command 'date': expected run or data; did you mean 'data'?");
}
