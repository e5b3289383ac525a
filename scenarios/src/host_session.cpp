#include "scenarios/src/host_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "actors/part_run.hpp"
#include "models/datasets.hpp"
#include "scenarios/src/host_group.hpp"
#include "scenarios/src/interrupt.hpp"
#include "scenarios/src/scenario_file.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTick{100};
constexpr seconds kMeetingTime{30};

/// What a run hears, until the process is interrupted.
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

/// The data of this machine, whatever folders the scenario says. Files that it names one by one keep their names.
void look_in(const std::string& folder, DataSpec& data) {
  data.root = folder;
  for (std::string* file : {&data.train, &data.test}) {
    if (!file->empty()) *file = std::filesystem::path(folder) / std::filesystem::path(*file).filename();
  }
}

}  // namespace

HostSession::HostSession(HostNetwork& network, Settings settings, std::function<void(const std::string&)> log)
    : network_(network), settings_(std::move(settings)), log_(std::move(log)) {}

void HostSession::serve() {
  while (!interrupted()) {
    try {
      const auto [kind, bytes] = from_coordinator();
      if (kind != HostFrame::prepare) throw PartLost("the coordinator has sent nonsense");
      ByteReader in(bytes);
      const HostPrepare prepare = read_prepare(in);
      if (!in.ok() || !in.at_end()) throw PartLost("the coordinator has sent a scenario that is none");
      work(prepare);
    } catch (const PartLost& lost) {
      if (coordinator_ != 0) {
        log_(fmt::format("the run of {} is over: {}", coordinator_address_, lost.what()));
        network_.send(coordinator_, frame_of(HostReady{lost.what()}));
      }
    }
    end_session();
  }
}

void HostSession::take(const Happening& happening) {
  if (happening.kind == Happening::Kind::came) {
    if (happening.role == static_cast<std::uint32_t>(HostRole::host)) {
      newcomers_[happening.peer] = happening.text;
    } else if (coordinator_ == 0) {
      coordinator_ = happening.peer;
      coordinator_address_ = happening.text;
      log_(fmt::format("coordinator {}", happening.text));
      network_.send(coordinator_, frame_of(HostOffer{settings_.threads}));
    } else {
      log_(fmt::format("turned coordinator {} away: busy with {}", happening.text, coordinator_address_));
      network_.send(happening.peer, frame_of(HostOffer{settings_.threads}));
      network_.send(happening.peer, frame_of(HostReady{"busy with another run"}));
      network_.close(happening.peer);
    }
    return;
  }
  if (happening.kind == Happening::Kind::gone) {
    if (happening.peer == coordinator_) throw PartLost("the coordinator is gone: " + happening.text);
    newcomers_.erase(happening.peer);
    for (const auto& [part, peer] : parts_) {
      if (peer.peer == happening.peer) throw PartLost(fmt::format("{} is gone: {}", peer.name, happening.text));
    }
    return;
  }
  if (happening.kind == Happening::Kind::room) return;
  if (happening.run != 0) return keep_if_early(happening);
  const auto newcomer = newcomers_.find(happening.peer);
  if (newcomer == newcomers_.end()) return;
  ByteReader in(happening.bytes);
  in.get<std::uint32_t>();
  const bool joins = in.get<std::uint8_t>() == static_cast<std::uint8_t>(HostFrame::join);
  const HostJoin join = read_join(in);
  if (joins && in.ok() && parts_.count(join.part) == 0) {
    parts_[join.part] = {happening.peer, fmt::format("host {} ({})", join.part, newcomer->second)};
  } else {
    log_(fmt::format("turned {} away: it does not say which host it is", newcomer->second));
    network_.close(happening.peer);
  }
  newcomers_.erase(newcomer);
}

void HostSession::keep_if_early(const Happening& happening) {
  // All others are the rest of a run that has ended.
  if (happening.run > last_run_) early_.push_back(happening);
}

std::pair<HostFrame, WireBytes> HostSession::from_coordinator() {
  for (;;) {
    if (interrupted()) throw PartLost("interrupted");
    auto happening = network_.next(kTick);
    if (!happening) continue;
    const bool is_word = happening->kind == Happening::Kind::frame && happening->peer == coordinator_;
    if (!is_word) {
      take(*happening);
      continue;
    }
    if (happening->run != 0) {
      keep_if_early(*happening);
      continue;
    }
    ByteReader in(happening->bytes);
    in.get<std::uint32_t>();
    const auto kind = in.get<std::uint8_t>();
    if (!in.ok() || kind > static_cast<std::uint8_t>(HostFrame::begin))
      throw PartLost("the coordinator sends nonsense");
    const auto header = static_cast<std::ptrdiff_t>(happening->bytes.size() - in.left());
    happening->bytes.erase(happening->bytes.begin(), happening->bytes.begin() + header);
    return {static_cast<HostFrame>(kind), std::move(happening->bytes)};
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
    if (kind != HostFrame::launch || !in.ok() || launch.algorithm >= scenario_->algorithms.size()) {
      throw PartLost("the coordinator has sent nonsense");
    }
    answer(prepare_seed(launch.seed));
    if (from_coordinator().first != HostFrame::begin) throw PartLost("the coordinator has sent nonsense");
    run(prepare, launch);
  }
}

std::string HostSession::take_scenario(const HostPrepare& prepare) {
  folder_ = std::make_unique<PrivateFolder>();
  if (folder_->path().empty()) return "cannot create a temporary folder";
  auto parsed = unpack(prepare.scenario, folder_->path());
  if (!parsed.scenario) return parsed.error;
  if (parsed.scenario->nodes.model.kind == "torchscript" && !settings_.modules) {
    return "this host takes no TorchScript modules, which are code (--no-modules)";
  }
  scenario_ = std::make_unique<Scenario>(std::move(*parsed.scenario));
  if (prepare.part_of.size() != scenario_->nodes.count) return "the placement is not that of the scenario";
  if (!settings_.data_root.empty()) look_in(settings_.data_root, scenario_->data);
  const ChecksumResult own = content_checksum(scenario_->data);
  if (!own.error.empty()) return own.error;
  if (own.checksum == prepare.data_checksum) return {};
  return fmt::format("its {} is not the coordinator's: the checksums differ", scenario_->data.set);
}

std::string HostSession::meet(const HostPrepare& prepare) {
  parts_[0] = {coordinator_, "the coordinator"};
  for (PartId part = 1; part < prepare.self; ++part) {
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
    if (const auto happening = network_.next(kTick)) take(*happening);
  }
  for (auto& [part, peer] : parts_) {
    if (part > prepare.addresses.size()) return "a host has joined that is not of this run";
    if (part != 0) peer.name = host_text(part, prepare.addresses[part - 1], prepare.part_of);
  }
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
                   std::count(prepare.part_of.begin(), prepare.part_of.end(), prepare.self), scenario_->nodes.count));
  RunPlan plan = make_plan(*scenario_, section, launch.seed);
  plan.timeline = launch.timeline;
  last_run_ = launch.run;
  network_.give_back(std::exchange(early_, {}));
  HostChannel channel(network_, launch.run, parts_, [this](const Happening& happening) { take(happening); });
  InterruptibleChannel interruptible(channel);
  const auto parts = static_cast<PartId>(prepare.addresses.size() + 1);
  PartTools tools{plan, *learner_, *pool_, interruptible, {prepare.self, parts, prepare.part_of}};
  tools.placement.lookahead = lookahead_of(plan, tools.placement);
  if (scenario_->time.survives_host_loss) {
    tools.on_loss = [this](const LostHost& lost) { log_(fmt::format("{}; going on without it", lost.what)); };
  }
  tools.on_refusal = [this](const std::string& line) { log_(line); };
  if (scenario_->time.clock == "real") return host_in_real_time(tools);
  const WindowCost cost = host_in_virtual_time(tools);
  log_(fmt::format("{} windows of virtual time, {:.1f} s of waiting for the others at their ends", cost.windows,
                   cost.waiting_s));
}

void HostSession::end_session() {
  for (const auto& [part, peer] : parts_) {
    if (peer.peer != coordinator_) network_.close(peer.peer);
  }
  if (coordinator_ != 0) network_.close(coordinator_);
  parts_.clear();
  early_.clear();
  last_run_ = 0;
  coordinator_ = 0;
  learner_.reset();
  scenario_.reset();
  folder_.reset();
}

}  // namespace tardigrad
