#include "scenarios/src/hosts/host_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "actors/hosts/part_run.hpp"
#include "models/data/datasets.hpp"
#include "models/networks/model_kind.hpp"
#include "scenarios/src/hosts/host_group.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/interrupt.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTick{100};
constexpr seconds kMeetingTime{30};

/// A run's channel until the process is interrupted.
class InterruptibleChannel final : public PartChannel {
 public:
  explicit InterruptibleChannel(PartChannel& channel) : channel_(channel) {}
  void begin(ByteWriter& frame) const override { channel_.begin(frame); }
  void send(PartId to, WireBytes frame) override { channel_.send(to, std::move(frame)); }
  std::uint64_t under_way(PartId to) const override { return channel_.under_way(to); }
  std::optional<PartFrame> receive(milliseconds most) override {
    if (interrupted()) throw PartLost("interrupted");
    return channel_.receive(most);
  }

 private:
  PartChannel& channel_;
};

/// Replaces the scenario's folders by this machine's data. Files that the scenario names one by one keep their
/// names.
void look_in(const std::string& folder, DataSpec& data) {
  data.root = folder;
  for (std::string* file : {&data.train, &data.test}) {
    if (!file->empty()) *file = std::filesystem::path(folder) / std::filesystem::path(*file).filename();
  }
}

}  // namespace

HostSession::HostSession(HostNetwork& network, Settings settings, std::function<void(const std::string&)> log)
    : network_(network), settings_(std::move(settings)), log_(std::move(log)) {
  network_.set_door([this](const Peer& peer) { return let_in(peer); });
}

bool HostSession::serve(bool once) {
  bool went_well = false;
  for (bool is_served = false; !interrupted() && !(once && is_served);) {
    try {
      const auto [kind, bytes] = from_coordinator();
      if (kind != HostFrame::prepare) throw PartLost("the coordinator has sent nonsense");
      ByteReader in(bytes);
      const HostPrepare prepare = read_prepare(in);
      if (!in.ok() || !in.at_end()) throw PartLost("the coordinator has sent a scenario that is none");
      work(prepare);
    } catch (const PartLost& lost) {
      leave(lost.what());
    } catch (const std::exception& problem) {
      leave(problem.what());
    }
    is_served = coordinator_ != 0;
    went_well = is_all_done_;
    end_session();
  }
  return went_well;
}

void HostSession::leave(const std::string& why) {
  if (coordinator_ == 0) return;
  if (is_all_done_) return log_(fmt::format("the run of {} is done", coordinator_address_));
  log_(fmt::format("the run of {} is over: {}", coordinator_address_, why));
  network_.send(coordinator_, frame_of(HostReady{why}));
}

void HostSession::abandon() {
  const std::lock_guard lock(mutex_);
  folder_.reset();
}

bool HostSession::let_in(const Peer& peer) {
  if (peer.role == static_cast<std::uint32_t>(HostRole::host)) return true;
  const std::lock_guard lock(mutex_);
  // A coordinator that has gone leaves the place free, unless a computation for it is still running.
  if (engaged_with_ == 0 || (is_waiting_ && !network_.is_there(engaged_with_))) {
    engaged_with_ = peer.id;
    engaged_address_ = peer.address;
    network_.admit(peer.id);
    return true;
  }
  log_(fmt::format("turned coordinator {} away: busy with {}", peer.address, engaged_address_));
  network_.send(peer.id, frame_of(HostOffer{settings_.threads}));
  network_.send(peer.id, frame_of(HostReady{"busy with another run"}));
  network_.close(peer.id);
  return false;
}

void HostSession::take(const PeerEvent& event) {
  switch (event.kind) {
    case PeerEvent::Kind::came:
      return take_coming(event);
    case PeerEvent::Kind::gone:
      return take_going(event);
    case PeerEvent::Kind::frame:
      return take_word(event);
    case PeerEvent::Kind::room:
      return;
  }
}

void HostSession::take_coming(const PeerEvent& peer) {
  if (peer.role == static_cast<std::uint32_t>(HostRole::host)) {
    newcomers_[peer.peer] = peer.text;
    return;
  }
  coordinator_ = peer.peer;
  coordinator_address_ = peer.text;
  log_(fmt::format("coordinator {}", peer.text));
  network_.send(coordinator_, frame_of(HostOffer{settings_.threads}));
}

void HostSession::take_going(const PeerEvent& peer) {
  if (peer.peer == coordinator_) throw PartLost("the coordinator is gone: " + peer.text);
  if (const auto newcomer = newcomers_.extract(peer.peer)) {
    log_(fmt::format("{} is gone without saying which host it is: {}", newcomer.mapped(), peer.text));
  }
  const auto gone =
      std::find_if(parts_.begin(), parts_.end(), [&](const auto& part) { return part.second.peer == peer.peer; });
  if (gone == parts_.end()) return;
  const auto& [part, known] = *gone;
  const std::string what = fmt::format("{} is gone: {}", known.name, peer.text);
  if (!has_met_) {
    parts_.erase(gone);  // another host may connect in its place
  } else if (!scenario_->time.survives_host_loss) {
    throw PartLost(what);
  } else if (lost_.emplace(part, what).second) {
    log_(what);
  }
}

void HostSession::take_word(const PeerEvent& word) {
  const auto newcomer = newcomers_.find(word.peer);
  if (word.run != 0 || newcomer == newcomers_.end()) return;  // belongs to a run that has ended
  ByteReader in(word.bytes);
  const bool joins = read_kind(in) == HostFrame::join;
  const HostJoin join = read_join(in);
  if (joins && in.ok() && in.at_end() && parts_.count(join.part) == 0) {
    network_.admit(word.peer);
    parts_[join.part] = {word.peer, fmt::format("host {} ({})", join.part, newcomer->second)};
  } else {
    log_(fmt::format("turned {} away: it does not say which host it is", newcomer->second));
    network_.close(word.peer);
  }
  newcomers_.erase(newcomer);
}

/// During its lifetime nothing is computed.
class HostSession::Waiting {
 public:
  explicit Waiting(HostSession& session) : session_(session) { note(true); }
  ~Waiting() { note(false); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void note(bool is_waiting) {
    const std::lock_guard lock(session_.mutex_);
    session_.is_waiting_ = is_waiting;
  }

  HostSession& session_;
};

std::pair<HostFrame, WireBytes> HostSession::from_coordinator() {
  const Waiting waiting(*this);
  for (;;) {
    if (interrupted()) throw PartLost("interrupted");
    auto event = network_.next(kTick);
    if (!event) continue;
    const bool is_word = event->kind == PeerEvent::Kind::frame && event->peer == coordinator_;
    if (!is_word) {
      take(*event);
      continue;
    }
    if (event->run != 0) continue;  // belongs to a run that has ended
    ByteReader in(event->bytes);
    const HostFrame kind = read_kind(in);
    if (!in.ok() || kind > HostFrame::begin) throw PartLost("the coordinator sends nonsense");
    const auto header = static_cast<std::ptrdiff_t>(event->bytes.size() - in.left());
    event->bytes.erase(event->bytes.begin(), event->bytes.begin() + header);
    return {kind, std::move(event->bytes)};
  }
}

void HostSession::answer(const std::string& problem) {
  network_.send(coordinator_, frame_of(HostReady{problem}));
  if (problem.empty()) return;
  log_(problem);
  throw PartLost(problem);
}

void HostSession::work(const HostPrepare& prepare) {
  std::string problem = take_scenario(prepare);
  if (problem.empty()) problem = meet(prepare);
  answer(problem);
  for (;;) {
    const auto [kind, bytes] = from_coordinator();
    ByteReader in(bytes);
    const HostLaunch launch = read_launch(in);
    const bool is_next = launch.run == last_run_ + 1 && launch.algorithm < scenario_->algorithms.size();
    if (kind != HostFrame::launch || !in.ok() || !in.at_end() || !is_next) {
      throw PartLost("the coordinator has sent nonsense");
    }
    is_all_done_ = false;
    answer(prepare_seed(launch.seed));
    if (from_coordinator().first != HostFrame::begin) throw PartLost("the coordinator has sent nonsense");
    run(prepare, launch);
  }
}

std::string HostSession::take_scenario(const HostPrepare& prepare) {
  {
    const std::lock_guard lock(mutex_);
    folder_ = std::make_unique<PrivateFolder>();
  }
  if (folder_->path().empty()) return "cannot create a temporary folder";
  const std::string no_python = "this host runs no learner or algorithm in Python, which are code (--python allows it)";
  // Before the scenario is read, which opens algorithms.
  if (!prepare.scenario.code.empty() && !settings_.python) return no_python;
  auto parsed = unpack(prepare.scenario, folder_->path());
  if (!parsed.scenario) return parsed.error;
  if (parsed.scenario->nodes.model.kind == "torchscript" && !settings_.modules) {
    return "this host takes no TorchScript modules, which are code (--no-modules)";
  }
  if (task_of(parsed.scenario->nodes.model) == Task::own && !settings_.python) return no_python;
  scenario_ = std::make_unique<Scenario>(std::move(*parsed.scenario));
  if (prepare.part_of.size() != scenario_->nodes.count + scenario_->servers.size())
    return "the placement is not that of the scenario";
  if (!settings_.data_root.empty()) look_in(settings_.data_root, scenario_->data);
  const ChecksumResult own = content_checksum(scenario_->data);
  if (!own.error.empty()) return own.error;
  if (own.checksum == prepare.data_checksum) return {};
  return fmt::format("its {} is not the coordinator's: the checksums differ", scenario_->data.kind);
}

std::string HostSession::meet(const HostPrepare& prepare) {
  parts_[0] = {coordinator_, "the coordinator"};
  for (PartId part = 1; part < prepare.self; ++part) {
    while (const auto event = network_.next(milliseconds(0))) take(*event);
    if (interrupted()) throw PartLost("interrupted");
    const std::string& address = prepare.addresses[part - 1];
    const HostAddress parsed = parse_host_address(address);
    const auto peer = network_.connect(parsed.host, parsed.port, kMeetingTime);
    if (!peer) return peer.error();
    network_.send(peer->id, frame_of(HostJoin{prepare.self}));
    parts_[part] = {peer->id, fmt::format("host {} ({})", part, address)};
  }
  const auto deadline = std::chrono::steady_clock::now() + kMeetingTime;
  while (parts_.size() < prepare.addresses.size()) {
    if (interrupted()) throw PartLost("interrupted");
    if (std::chrono::steady_clock::now() > deadline) return "the other hosts have not connected in time";
    if (const auto event = network_.next(kTick)) take(*event);
  }
  for (auto& [part, peer] : parts_) {
    if (part > prepare.addresses.size()) return "a host has joined that is not of this run";
    if (part != 0) peer.name = host_text(part, prepare.addresses[part - 1], prepare.part_of);
  }
  has_met_ = true;
  return {};
}

std::string HostSession::prepare_seed(std::uint64_t seed) {
  if (learner_ && seed == seed_) return {};
  LearnerResult prepared = prepare_learner(*scenario_, seed, settings_.threads);
  learner_ = std::move(prepared.learner);
  seed_ = seed;
  if (!pool_) pool_ = std::make_unique<ComputePool>(settings_.threads, prepare_compute_thread);
  return prepared.error;
}

void HostSession::run(const HostPrepare& prepare, const HostLaunch& launch) {
  const AlgorithmSection& section = scenario_->algorithms[launch.algorithm];
  log_(fmt::format("{} seed {}: {} of {} nodes", section.name, launch.seed,
                   std::count(prepare.part_of.begin(), prepare.part_of.end(), prepare.self), prepare.part_of.size()));
  RunPlan plan = make_plan(*scenario_, section, launch.seed);
  plan.timeline = launch.timeline;
  last_run_ = launch.run;
  HostChannel channel(network_, launch.run, parts_, lost_, [this](const PeerEvent& event) { take(event); });
  InterruptibleChannel interruptible(channel);
  const auto parts = static_cast<PartId>(prepare.addresses.size() + 1);
  PartTools tools{plan, *learner_, *pool_, interruptible, {prepare.self, parts, prepare.part_of}};
  tools.placement.lookahead = lookahead_of(plan, tools.placement);
  if (scenario_->time.survives_host_loss) {
    tools.on_loss = [this](const LostHost& lost) {
      lost_.emplace(lost.host, lost.what);
      log_(fmt::format("{}; going on without it", lost.what));
    };
  }
  tools.on_refusal = [this](const std::string& line) { log_(line); };
  const bool is_real = scenario_->time.clock == "real";
  const HostOutcome outcome = is_real ? host_in_real_time(tools) : host_in_virtual_time(tools);
  is_all_done_ = outcome.finished;
  if (is_real) return;
  log_(fmt::format("{} windows of virtual time, {:.1f} s of waiting for the others at their ends", outcome.windows,
                   outcome.waiting_s));
}

void HostSession::end_session() {
  const PeerId engaged = coordinator_;
  for (const auto& [part, peer] : parts_) {
    if (peer.peer != coordinator_) network_.close(peer.peer);
  }
  if (coordinator_ != 0) network_.close(coordinator_);
  parts_.clear();
  lost_.clear();
  network_.set_run(0);
  last_run_ = 0;
  has_met_ = false;
  is_all_done_ = false;
  coordinator_ = 0;
  learner_.reset();
  scenario_.reset();
  const std::lock_guard lock(mutex_);
  folder_.reset();
  if (engaged_with_ == engaged) engaged_with_ = 0;
}

}  // namespace tardigrad
