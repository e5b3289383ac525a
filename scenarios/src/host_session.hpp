/// A host: offers this machine to runs that a coordinator starts, one after the other.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "scenarios/src/experiment.hpp"
#include "scenarios/src/host_network.hpp"
#include "scenarios/src/private_folder.hpp"

namespace tardigrad {

class HostSession {
 public:
  struct Settings {
    unsigned threads = 1;
    std::string data_root;  ///< where this machine has the data set; empty: where the scenario says
    bool modules = true;    ///< whether it runs a coordinator's TorchScript modules
  };

  HostSession(HostNetwork& network, Settings settings, std::function<void(const std::string&)> log);

  /// Serves coordinators until the process is interrupted.
  void serve();

 private:
  using Happening = HostNetwork::Happening;

  void take(const Happening& happening);
  void keep_if_early(const Happening& happening);
  /// From the scenario to the last run of it.
  void work(const HostPrepare& prepare);
  /// Who is who; empty, or what is wrong.
  std::string meet(const HostPrepare& prepare);
  std::string take_scenario(const HostPrepare& prepare);
  std::string prepare_seed(std::uint64_t seed);
  void run(const HostPrepare& prepare, const HostLaunch& launch);
  /// The next frame of one of these kinds from the coordinator. Throws PartLost.
  std::pair<HostFrame, WireBytes> from_coordinator();
  void answer(const std::string& problem);
  void end_session();

  HostNetwork& network_;
  Settings settings_;
  std::function<void(const std::string&)> log_;
  PeerId coordinator_ = 0;  ///< 0: nobody
  std::string coordinator_address_;
  std::map<PartId, PartPeer> parts_;
  std::map<PeerId, std::string> newcomers_;  ///< hosts that have not said who they are
  std::uint32_t last_run_ = 0;
  std::deque<Happening> early_;  ///< of the next run, from those who have begun it already

  std::unique_ptr<PrivateFolder> folder_;  ///< the files that the scenario names
  std::unique_ptr<Scenario> scenario_;
  std::unique_ptr<Learner> learner_;
  std::unique_ptr<ComputePool> pool_;
  std::uint64_t seed_ = 0;
};

}  // namespace tardigrad
