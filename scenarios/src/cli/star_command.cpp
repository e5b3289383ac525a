#include <fmt/format.h>

#include <memory>

#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/data/star_trace.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

struct StarArguments {
  Star star;
  std::string rate = rate_text(star.rate);
  std::string jitter = rate_text(star.jitter);
};

int star(const StarArguments& arguments) {
  Star shape = arguments.star;
  if (shape.stragglers > shape.nodes) {
    return complain(exit_wrong_use, fmt::format("--stragglers: expected at most {} of {} nodes, got {}", shape.nodes,
                                                shape.nodes, shape.stragglers));
  }
  const auto rate = parse_rate(arguments.rate);
  if (!rate.value) return complain(exit_wrong_use, "--rate: " + rate.error);
  if (rate.value->value < 1) return complain(exit_wrong_use, "--rate: expected a rate of at least 1bps");
  const auto jitter = parse_rate(arguments.jitter);
  if (!jitter.value) return complain(exit_wrong_use, "--jitter: " + jitter.error);
  shape.rate = *rate.value;
  shape.jitter = *jitter.value;
  print_result(star_trace(shape));
  return exit_done;
}

}  // namespace

SubCommand add_star_command(const Program& program) {
  const auto arguments = std::make_shared<StarArguments>();
  Star& shape = arguments->star;
  CLI::App* command =
      program.app.add_subcommand("star", "print a trace for [[network.traces]]: a star with slow nodes");
  command->footer(examples({"star --nodes 60 --stragglers 7 --factor 5 --jitter 1Mbps --seed 1 > star.csv"}));
  command->add_option("--nodes", shape.nodes, "nodes")->check(CLI::Range(2U, 1'000'000U))->capture_default_str();
  command->add_option("--stragglers", shape.stragglers, "slow nodes, the first ones")->capture_default_str();
  command->add_option("--rate", arguments->rate, "of the others, up and down")->capture_default_str();
  command->add_option("--factor", shape.factor, "by which slow nodes are slower")
      ->check(CLI::Range(1.0, 1e9))
      ->capture_default_str();
  command->add_option("--jitter", arguments->jitter, "slow rates are drawn within so much of theirs")
      ->capture_default_str();
  command->add_option("--seed", shape.seed, "of these draws")->capture_default_str();
  return {command, [arguments] { return star(*arguments); }};
}

}  // namespace tardigrad
