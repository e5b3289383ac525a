/// A host: offers this machine to runs that a coordinator starts, one after the other.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "scenarios/src/hosts/host_network.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/system/private_folder.hpp"

namespace tardigrad {

class HostSession {
 public:
  struct Settings {
    unsigned threads = 1;
    std::string data_root;  ///< where this machine has the data set; empty: where the scenario says
    bool modules = true;    ///< whether it runs a coordinator's TorchScript modules
  };

  HostSession(HostNetwork& network, Settings settings, std::function<void(const std::string&)> log);
  ~HostSession() { network_.set_door(HostNetwork::nobody); }
  HostSession(const HostSession&) = delete;
  HostSession& operator=(const HostSession&) = delete;

  /// Serves coordinators until the process is interrupted; `once`: the first one alone. Whether the last one's runs
  /// ended well.
  bool serve(bool once);
  /// From any thread, before the process ends in the middle of something: leaves no files behind.
  void abandon();

 private:
  using Happening = HostNetwork::Happening;
  class Waiting;

  /// On the transport's thread, at any time: one coordinator is let in, the next ones hear at once that it is busy.
  bool let_in(const Peer& peer);
  void take(const Happening& happening);
  void take_coming(const Happening& happening);
  void take_going(const Happening& happening);
  void take_word(const Happening& happening);
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
  /// Tells coordinator and log why the session ends.
  void leave(const std::string& why);
  void end_session();

  HostNetwork& network_;
  Settings settings_;
  std::function<void(const std::string&)> log_;
  PeerId coordinator_ = 0;  ///< 0: nobody
  std::string coordinator_address_;
  std::map<PartId, PartPeer> parts_;
  std::map<PeerId, std::string> newcomers_;  ///< hosts that have not said who they are
  std::map<PartId, std::string> lost_;       ///< of these, where a run goes on without them: why
  std::uint32_t last_run_ = 0;
  bool has_met_ = false;      ///< all of `parts_` are there
  bool is_all_done_ = false;  ///< the last run was one that ended well, and is over

  std::mutex mutex_;
  // What the transport's thread looks at, too.
  PeerId engaged_with_ = 0;  ///< the coordinator that was let in last; 0: nobody
  std::string engaged_address_;
  bool is_waiting_ = false;                ///< for a coordinator, or for its next word
  std::unique_ptr<PrivateFolder> folder_;  ///< the files that the scenario names
  std::unique_ptr<Scenario> scenario_;
  std::unique_ptr<Learner> learner_;
  std::unique_ptr<ComputePool> pool_;
  std::uint64_t seed_ = 0;
};

}  // namespace tardigrad
