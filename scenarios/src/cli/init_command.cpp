#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "models/printable.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/reference/scenario_template.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

struct InitArguments {
  std::string file;
  TemplateRequest request;
};

/// Never writes over another file. Returns the reason why it has not been written; empty on success.
std::string write_new(const std::string& path, const std::string& text) {
  const auto reason = [] { return std::generic_category().message(errno); };
  std::FILE* file = std::fopen(path.c_str(), "wx");
  if (file == nullptr && errno == EEXIST) return "there is such a file already: name another one";
  if (file == nullptr) return "cannot be written: " + reason();
  const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  std::string problem = is_written ? "" : "cannot be written: " + reason();
  if (std::fclose(file) != 0 && problem.empty()) problem = "cannot be written: " + reason();
  if (!problem.empty()) std::remove(path.c_str());
  return problem;
}

int init(const InitArguments& arguments) {
  const TemplateResult made = scenario_template(arguments.request);
  if (!made.error.empty()) return complain(exit_wrong_use, "init: " + made.error);
  if (arguments.file.empty() || arguments.file == "-") {
    print_result(made.text);
    return exit_done;
  }
  const std::string name = printable(arguments.file, 400);
  const std::string problem = write_new(arguments.file, made.text);
  if (!problem.empty()) return complain(exit_failed, fmt::format("{}: {}", name, problem));
  print_result("{} is written; next: tardigrad check {}\n", name, name);
  return exit_done;
}

}  // namespace

SubCommand add_init_command(const Program& program) {
  const auto arguments = std::make_shared<InitArguments>();
  CLI::App* command = program.app.add_subcommand("init", "write a new scenario with a comment for every line");
  command->footer(examples({"init my-study.toml", "init my-study.toml --nodes 20 --algorithms divshare,d-psgd",
                            "init --model resnet-20 --stragglers 0.25 > my-study.toml"}));
  command->add_option("file", arguments->file, "a new file; standard output if left out or -")->type_name("FILE");
  TemplateRequest& request = arguments->request;
  command->add_option("--nodes", request.nodes, "number of nodes")->capture_default_str();
  command->add_option("--model", request.model, "what every node trains (tardigrad list models)")
      ->type_name("MODEL")
      ->capture_default_str();
  command->add_option("--algorithms", request.algorithms, "what is compared (tardigrad list algorithms)")
      ->delimiter(',')
      ->type_name("ALGORITHMS")
      ->default_str(fmt::format("{}", fmt::join(request.algorithms, ",")));
  command->add_option("--stragglers", request.stragglers, "share of the nodes that have slow links, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  return {command, [arguments] { return init(*arguments); }};
}

}  // namespace tardigrad
