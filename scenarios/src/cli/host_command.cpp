#include "scenarios/src/hosts/host_command.hpp"

#include <memory>

#include "scenarios/src/cli/arguments.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"

namespace tardigrad {

SubCommand add_host_command(const Program& program) {
  const auto arguments = std::make_shared<HostArguments>();
  arguments->threads = RunningArguments{}.threads;
  CLI::App* command = program.app.add_subcommand("host", "offer this machine to runs");
  command->footer(examples({"host", "host --listen 192.0.2.1:4242 --cert host.pem --key host.key --ca ca.pem"}));
  command->add_option("--listen", arguments->listen, "address and port")->capture_default_str();
  add_threads(*command, arguments->threads);
  command->add_option("--data-root", arguments->data_root, "where this machine has the data set")->type_name("FOLDER");
  command->add_flag("!--no-modules", arguments->modules, "refuse scenarios with a TorchScript module, which is code");
  command->add_flag_function(
      "--python,!--no-python", [arguments](std::int64_t said) { arguments->python = said > 0; },
      "run learners and algorithms in Python, which are code; usual on a loopback address alone");
  command->add_flag("--once", arguments->once, "end when the runs of the first who comes are over");
  command->add_flag("--insecure", arguments->insecure, "allow an address that others can reach, without TLS");
  add_peer_arguments(*command, arguments->peers);
  return {command, [arguments] { return host_command(*arguments); }};
}

}  // namespace tardigrad
