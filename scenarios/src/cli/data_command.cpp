#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/data/dataset_package.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

struct FetchArguments {
  std::string name;
  FetchRequest request;
  std::string mirror;
};

int fetch(FetchArguments arguments) {
  const auto& packages = dataset_packages();
  DatasetPackage& package = arguments.request.package;
  package = *std::find_if(packages.begin(), packages.end(), [&](const auto& p) { return p.name == arguments.name; });
  if (!arguments.mirror.empty()) package.url = arguments.mirror + package.url.substr(package.url.rfind('/'));
  note_interrupts();
  const FetchOutcome outcome = fetch(arguments.request, stderr);
  if (outcome.code != exit_done) return complain(outcome.code, outcome.text);
  print_result("{}\n", outcome.text);
  return exit_done;
}

}  // namespace

SubCommand add_data_command(const Program& program) {
  const auto arguments = std::make_shared<FetchArguments>();
  std::vector<std::string> names;
  for (const DatasetPackage& package : dataset_packages()) names.push_back(package.name);
  CLI::App* command = program.app.add_subcommand("data", "data sets on this machine");
  command->require_subcommand(1);
  CLI::App* fetching = command->add_subcommand("fetch", "get a data set from its authors, check and unpack it");
  fetching->add_option("name", arguments->name, fmt::format("{}", fmt::join(names, ", ")))
      ->required()
      ->type_name("ARCHIVE")
      ->check(CLI::IsMember(names));
  const auto from =
      fetching->add_option("--from", arguments->request.from, "the archive, loaded some other way, or its folder")
          ->type_name("FILE");
  fetching->add_option("--data", arguments->request.data, "folder for data sets")
      ->type_name("FOLDER")
      ->capture_default_str();
  fetching->add_option("--mirror", arguments->mirror, "address of a folder with the same archive")->excludes(from);
  for (CLI::App* app : {command, fetching}) {
    app->footer(examples({"data fetch cifar10", "data fetch movielens --from ml-latest-small.zip"}));
  }
  return {command, [arguments] { return fetch(*arguments); }};
}

}  // namespace tardigrad
