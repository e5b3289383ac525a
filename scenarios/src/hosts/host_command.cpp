#include "scenarios/src/hosts/host_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "actors/protocols/algorithm_files.hpp"
#include "runtime/transport/address_text.hpp"
#include "scenarios/src/hosts/host_group.hpp"
#include "scenarios/src/hosts/host_session.hpp"
#include "scenarios/src/hosts/local_hosts.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/host_name.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

bool is_loopback(const std::string& host) { return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0; }

std::string token_of(const PeerArguments& arguments) {
  if (!arguments.token.empty()) return arguments.token;
  const char* from_environment = std::getenv(kTokenVariable);
  return from_environment == nullptr ? std::string() : from_environment;
}

void print_line(const std::string& line) {
  print_result("{}\n", line);
  flush_results();
}

/// True if the address stands for all addresses of this machine.
bool is_any(const std::string& host) { return host == "0.0.0.0" || host == "::"; }

}  // namespace

TransportChoice transport_settings(const PeerArguments& arguments, HostRole role) {
  TransportChoice choice;
  choice.settings.token = token_of(arguments);
  choice.settings.role = static_cast<std::uint32_t>(role);
  if (choice.settings.token.empty()) {
    choice.error =
        fmt::format("--token: expected the token that the hosts have (or {} in the environment)", kTokenVariable);
  }
  const int given = !arguments.certificate.empty() + !arguments.key.empty() + !arguments.ca.empty();
  if (given == 3) choice.settings.tls = TlsFiles{arguments.certificate, arguments.key, arguments.ca};
  choice.settings.any_name = arguments.any_name;
  const bool names_tls = given > 0 || arguments.any_name;
  if (names_tls && given < 3) choice.error = "--cert, --key and --ca: expected all three";
  choice.settings.silence = std::chrono::duration_cast<std::chrono::milliseconds>(arguments.timeout);
  choice.patience = std::chrono::duration_cast<std::chrono::milliseconds>(arguments.patience);
  return choice;
}

int host_command(HostArguments arguments) {
  const HostAddress address = parse_host_address(arguments.listen);
  if (address.host.empty()) {
    return complain(exit_wrong_use,
                    fmt::format("--listen: expected an address such as 127.0.0.1:4242, got {}", arguments.listen));
  }
  const bool made_token = token_of(arguments.peers).empty();
  if (made_token) arguments.peers.token = random_token();
  const TransportChoice choice = transport_settings(arguments.peers, HostRole::host);
  if (!choice.error.empty()) return complain(exit_wrong_use, choice.error);
  if (!choice.settings.tls && !is_loopback(address.host) && !arguments.insecure) {
    return complain(exit_wrong_use,
                    fmt::format("--listen {}: without --cert, --key and --ca everybody on the way can read and change "
                                "what is sent; say --insecure if the network is yours alone",
                                arguments.listen));
  }

  const bool runs_python = arguments.python.value_or(is_loopback(address.host));
  if (!runs_python) {
    resolve_algorithms_with([](const std::string&) {
      return FileAlgorithm{nullptr, "this host runs no algorithm in Python, which is code"};
    });
  }
  note_interrupts();
  HostNetwork network(choice.settings, print_line);
  HostSession session(network, {arguments.threads, arguments.data_root, arguments.modules, runs_python}, print_line);
  const ImpatientEnd end([&session] { session.abandon(); });
  const auto port = network.listen(address.host, address.port);
  if (!port) return complain(exit_failed, port.error());
  print_line(kListeningLine + address_text(address.host, *port));
  if (made_token) {
    print_line(
        fmt::format("no token was given: made one up. All other hosts of a run, and who starts it, need the same:\n"
                    "export {}={}",
                    kTokenVariable, choice.settings.token));
  }
  const std::string reached = address_text(is_any(address.host) ? host_name().value_or("HOST") : address.host, *port);
  print_line(fmt::format("tardigrad run SCENARIO --hosts {}{}\nwith more hosts: --hosts {},OTHER:4242", reached,
                         choice.settings.tls ? " --cert ... --key ... --ca ..." : "", reached));
  // Without this line nobody learns of the host, and it cannot be used. The end of the program reports the
  // reason.
  if (!standard_output_problem().empty()) return exit_failed;
  const bool went_well = session.serve(arguments.once);
  if (interrupted()) return exit_interrupted;
  return went_well ? exit_done : exit_failed;
}

}  // namespace tardigrad
