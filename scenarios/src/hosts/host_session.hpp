/// A host: offers this machine to runs that a coordinator starts, one after the other.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "runtime/compute/compute_pool.hpp"
#include "scenarios/src/hosts/host_network.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/system/private_folder.hpp"

namespace tardigrad {

class HostSession {
 public:
  struct Settings {
    unsigned threads = 1;
    std::string data_root;  ///< this machine's folder of the data set; empty: the scenario's
    bool modules = true;    ///< true if it runs a coordinator's TorchScript modules
    bool python = true;     ///< true if it runs a coordinator's learners and algorithms in Python
  };

  HostSession(HostNetwork& network, Settings settings, std::function<void(const std::string&)> log);
  ~HostSession() { network_.set_door(HostNetwork::nobody); }
  HostSession(const HostSession&) = delete;
  HostSession& operator=(const HostSession&) = delete;

  /// Serves coordinators until the process is interrupted; `once`: the first one alone. True if the last one's
  /// runs ended well.
  bool serve(bool once);
  /// Callable from any thread, before the process ends in the middle of its work: leaves no files behind.
  void abandon();

 private:
  using PeerEvent = HostNetwork::PeerEvent;
  class Waiting;

  /// Called on the transport's thread, at any time: admits one coordinator, and tells the next ones at once
  /// that the host is busy.
  bool let_in(const Peer& peer);
  void take(const PeerEvent& event);
  void take_coming(const PeerEvent& event);
  void take_going(const PeerEvent& event);
  void take_word(const PeerEvent& event);
  /// Works from the scenario to its last run.
  void work(const HostPrepare& prepare);
  /// Connects to the other hosts; returns one line on failure, else an empty text.
  std::string meet(const HostPrepare& prepare);
  std::string take_scenario(const HostPrepare& prepare);
  std::string prepare_seed(std::uint64_t seed);
  void run(const HostPrepare& prepare, const HostLaunch& launch);
  /// The next frame of one of these kinds from the coordinator. Throws PartLost.
  std::pair<HostFrame, WireBytes> from_coordinator();
  void answer(const std::string& problem);
  /// Reports the reason for the session's end to the coordinator and the log.
  void leave(const std::string& why);
  void end_session();

  HostNetwork& network_;
  Settings settings_;
  std::function<void(const std::string&)> log_;
  PeerId coordinator_ = 0;  ///< 0: none
  std::string coordinator_address_;
  std::map<PartId, PartPeer> parts_;
  std::map<PeerId, std::string> newcomers_;  ///< hosts that have not named themselves
  std::map<PartId, std::string> lost_;       ///< the reasons for those of them without which a run goes on
  std::uint32_t last_run_ = 0;
  bool has_met_ = false;      ///< all of `parts_` are connected
  bool is_all_done_ = false;  ///< the last run has ended well

  std::mutex mutex_;
  // State that the transport's thread uses, too.
  PeerId engaged_with_ = 0;  ///< the coordinator that was admitted last; 0: none
  std::string engaged_address_;
  bool is_waiting_ = false;                ///< for a coordinator, or for its next message
  std::unique_ptr<PrivateFolder> folder_;  ///< the files that the scenario names
  std::unique_ptr<Scenario> scenario_;
  std::unique_ptr<Learner> learner_;
  std::unique_ptr<ComputePool> pool_;
  std::uint64_t seed_ = 0;
};

}  // namespace tardigrad
