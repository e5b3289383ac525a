// Hosts that lie, at the wire: a process is attacked over its socket by peers that know the token. Every attack first
// shows that a sound message on the same way arrives.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <caf/make_message.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/hosts/part_outbox.hpp"
#include "models/data/datasets.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/travelling_scenario.hpp"
#include "tests/models/made_up_ratings.hpp"
#include "tests/scenarios/forged_peer.hpp"
#include "tests/scenarios/running_hosts.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {

using namespace test;
using std::chrono::milliseconds;

namespace {

constexpr NodeId kNodes = 8;
constexpr std::uint32_t kRun = 1;

/// In real time, in which hosts wait for nobody.
std::string besieged_scenario(const TemporaryFolder& folder, const std::string& algorithm) {
  folder.write("ratings.csv", ratings_csv(20, 60));
  return fmt::format(R"(name = "besieged"
[time]
duration = "1000s"
clock = "real"
[nodes]
count = {}
model = "matrix-factorization"
[data]
root = "{}"
[training]
local_steps = 1
[compute]
step_time = "20ms"
[network]
uplink = "10Mbps"
downlink = "10Mbps"
[[algorithm]]
{})",
                     kNodes, folder.path().string(), algorithm);
}

/// A run in which node 0 lives at a real host; all other nodes live at a host that lies, and the coordinator is one
/// of its kind.
class Siege {
 public:
  Siege(const TemporaryFolder& folder, const std::string& address, const std::string& algorithm)
      : scenario_(load_scenario(folder.write("besieged.toml", besieged_scenario(folder, algorithm)))),
        address_(address) {
    REQUIRE_MESSAGE(scenario_.scenario, scenario_.error);
    limits_.nodes = kNodes;
    limits_.fragments = 1;
    limits_.parameters =
        static_cast<std::uint64_t>(prepare_learner(*scenario_.scenario, 1, 1).learner->layout().shared_numel());
    REQUIRE(comes_true([&] { return begins(); }));
  }

  std::size_t parameters() const { return limits_.parameters; }
  /// Sends a message with these values from a node of the liar's to node 0. Its size is that of its values.
  void say(SharedValues values) {
    Transfer transfer;
    transfer.from = 5;
    transfer.to = 0;
    transfer.number = ++said_;
    transfer.size = message_size(values ? values->size() : 0);
    transfer.values = std::move(values);
    ByteWriter out;
    out.put(kRun);
    out.put(PartFrameKind::messages);
    const auto message =
        caf::make_message(Arriving{std::make_shared<const Transfer>(std::move(transfer)), milliseconds(1), {}, {}});
    write_wire_message(out, {1, static_cast<std::uint8_t>(Role::downlink), 0},
                       WireMessage::Moment{milliseconds(1), {EntityId(EntityKind::link, 5, 0).value(), said_}},
                       message.content());
    liar_->send(out.take());
  }
  /// Sends a frame of a run that does not come.
  void say_of_no_run(std::size_t bytes) {
    ByteWriter out;
    out.put(std::uint32_t{7});
    out.put_block(std::vector<std::uint8_t>(bytes, 1).data(), bytes);
    liar_->send(out.take());
  }

  /// What node 0 has counted of messages up to now, when `is_enough`; REQUIREs that the host is there.
  template <class Condition>
  MixingCount count(const Condition& is_enough) {
    while (!is_enough(counted_)) {
      const std::optional<WireBytes> frame = coordinator_->next();
      REQUIRE(frame);
      ByteReader in(*frame);
      if (in.get<std::uint32_t>() != kRun || in.get<PartFrameKind>() != PartFrameKind::messages) continue;
      while (!in.at_end()) {
        const auto message = read_wire_message(in, limits_);
        REQUIRE(message);
        const auto* row = std::get_if<RoundRow>(&message->message);
        if (row == nullptr) continue;
        counted_.mixed += row->mixing.mixed;
        counted_.missed += row->mixing.missed;
      }
    }
    return counted_;
  }

 private:
  /// False if the host is still busy.
  bool begins() {
    liar_.reset();
    coordinator_ = std::make_unique<ForgedPeer>(address_, HostRole::coordinator);
    std::vector<PartId> part_of(kNodes, 2);
    part_of[0] = 1;
    coordinator_->send(frame_of(HostPrepare{1,
                                            {address_, "127.0.0.1:1"},
                                            part_of,
                                            pack(*scenario_.scenario).scenario,
                                            content_checksum(scenario_.scenario->data).checksum}));
    if (!coordinator_->next()) return false;  // the offer
    liar_ = std::make_unique<ForgedPeer>(address_, HostRole::host);
    liar_->send(frame_of(HostJoin{2}));
    if (!coordinator_->is_ready()) return false;
    coordinator_->send(frame_of(HostLaunch{kRun, 1, 0, false}));
    REQUIRE(coordinator_->is_ready());
    coordinator_->set_run(kRun);
    coordinator_->send(begin_frame());
    return true;
  }

  ScenarioResult scenario_;
  std::string address_;
  WireLimits limits_;
  std::unique_ptr<ForgedPeer> coordinator_;
  std::unique_ptr<ForgedPeer> liar_;
  std::uint64_t said_ = 0;
  MixingCount counted_;
};

/// Resident memory of a process, in MiB.
std::size_t memory_of(const Program& program) {
  std::ifstream file("/proc/" + std::to_string(program.process()) + "/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) >> 20;
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("a message without values, or with too few or too many, counts as missed, and the host lives on") {
  const TemporaryFolder folder;
  RunningHosts hosts(1, {});
  for (const std::string algorithm :
       {"kind = \"divshare\"\nfragments = 1", "kind = \"swift-push\"", "kind = \"ad-psgd-pushpull\""}) {
    INFO(algorithm);
    Siege siege(folder, hosts.addresses({0}), algorithm);
    const std::size_t size = siege.parameters();
    const std::vector<SharedValues> unsound{nullptr, share(Values{}), share(Values(1)), share(Values(size - 1)),
                                            share(Values(size + 1))};
    siege.say(share(Values(size)));
    MixingCount counted = siege.count([](const MixingCount& count) { return count.mixed > 0; });
    CHECK(counted.mixed == 1);
    CHECK(counted.missed == 0);
    for (std::size_t i = 0; i < unsound.size(); ++i) {
      siege.say(unsound[i]);
      counted = siege.count([&](const MixingCount& count) { return count.missed > i; });
      CHECK(counted.missed == i + 1);
    }
    CHECK(counted.mixed == 1);
    siege.say(share(Values(size)));
    counted = siege.count([](const MixingCount& count) { return count.mixed > 1; });
    CHECK(counted.missed == unsound.size());
    CHECK(hosts[0].is_running());
  }
}

/// Megabytes, for a window's frames and what else a process needs. ThreadSanitizer keeps several bytes for each.
#ifdef __SANITIZE_THREAD__
constexpr std::size_t kRoom = 500;
#else
constexpr std::size_t kRoom = 100;
#endif

TEST_CASE("frames of a run that does not come take no more than a window, and go with who has sent them") {
  const TemporaryFolder folder;
  RunningHosts hosts(1, {});
  std::size_t first = 0;
  for (int i = 0; i < 6; ++i) {
    INFO("liar " << i);
    Siege siege(folder, hosts.addresses({0}), "kind = \"divshare\"\nfragments = 1");
    siege.say(share(Values(siege.parameters())));
    CHECK(siege.count([](const MixingCount& count) { return count.mixed > 0; }).mixed == 1);
    const std::size_t before = memory_of(hosts[0]);
    if (i == 0) first = before;
    const int frames = i == 0 ? 60 : 31;  // the first one sends more than its window, and waits with the rest
    for (int frame = 0; frame < frames; ++frame) siege.say_of_no_run(std::size_t{1} << 20);
    if (i == 0) REQUIRE(comes_true([&] { return memory_of(hosts[0]) >= before + 25; }));  // it is there
    std::this_thread::sleep_for(milliseconds(200));
    CHECK(memory_of(hosts[0]) < first + kRoom);
  }
  CHECK(memory_of(hosts[0]) < first + kRoom);
}

TEST_CASE("a host that runs no Python opens no algorithm in a file that comes from the network") {
  const TemporaryFolder folder;
  RunningHosts hosts(1, {"--no-python"});
  ForgedPeer coordinator(hosts.addresses({0}), HostRole::coordinator);
  const std::string opened = (folder / "opened").string();
  const TravellingScenario scenario{
      "[time]\nduration = \"1s\"\n[nodes]\ncount = 1\nmodel = { kind = \"null\", parameters = 9 "
      "}\n[compute]\nstep_time = \"1ms\"\n"
      "[[algorithm]]\nkind = \"./file-0:Mine\"\n",
      {"open('" + opened + "', 'w')\n"}};
  coordinator.send(frame_of(HostPrepare{1, {hosts.addresses({0})}, {1}, scenario, 0}));
  const std::string answer = coordinator.last_word();
  CHECK_MESSAGE(answer.find("this host runs no algorithm in Python, which is code") != std::string::npos, answer);
  CHECK(!std::filesystem::exists(opened));
}

TEST_SUITE_END();

}  // namespace tardigrad
