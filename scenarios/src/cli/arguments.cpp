#include "scenarios/src/cli/arguments.hpp"

#include "scenarios/src/text/number_list.hpp"

namespace tardigrad {

void add_scenario_arguments(CLI::App& command, ScenarioArguments& arguments, const char* set, const char* set_type) {
  command.add_option("scenario", arguments.scenario, "scenario file (.toml)")->required()->type_name("FILE");
  command.add_option("--set", arguments.overrides, set)->expected(1)->take_all()->type_name(set_type);
}

void add_threads(CLI::App& command, unsigned& threads, const std::string& help) {
  command.add_option("--threads", threads, help)->check(CLI::Range(1U, 1024U))->capture_default_str();
}

CLI::Option* add_seeds(CLI::App& command, const std::string& name, std::vector<std::uint64_t>& seeds,
                       const std::string& help) {
  const auto read_seeds = [name, &seeds](const std::string& text) {
    NumberListResult read = parse_number_list(text, kSeeds);
    if (!read.error.empty()) throw CLI::ValidationError(name, read.error);
    seeds = std::move(read.numbers);
  };
  return command.add_option_function<std::string>(name, read_seeds, help)->type_name("SEEDS");
}

void add_running_arguments(CLI::App& command, RunningArguments& arguments) {
  add_seeds(command, "--seeds", arguments.seeds, "run once for each of these seeds: 1,2,3 or 1-5");
  add_threads(command, arguments.threads, "compute threads; results do not depend on it");
}

void add_peer_arguments(CLI::App& command, PeerArguments& peers) {
  command.add_option("--token", peers.token, "secret that the hosts of a run share (TARDIGRAD_TOKEN)");
  command.add_option("--cert", peers.certificate, "TLS: own certificate (PEM)")->type_name("FILE");
  command.add_option("--key", peers.key, "TLS: its key")->type_name("FILE");
  command.add_option("--ca", peers.ca, "TLS: who has signed the others' certificates")->type_name("FILE");
  command.add_flag("--any-name", peers.any_name, "TLS: take certificates that are not for the host's address or name");
  add_duration(command, "--host-timeout", peers.timeout, "whoever says nothing for so long is gone",
               {kShortestTimeout, kLongestTimeout})
      ->default_str(duration_text(peers.timeout));
}

}  // namespace tardigrad
