#include "actors/learning/fragment.hpp"

#include <doctest/doctest.h>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <memory>
#include <string>
#include <vector>

#include "actors/message_fields.hpp"
#include "runtime/clock/virtual_clock.hpp"

namespace tardigrad {
namespace {

/// Records its calls.
class Witness final : public FragmentProtocol {
 public:
  explicit Witness(std::vector<std::string>& notes) : notes_(notes) {}
  void on_start(SharedValues, Actions&) override { notes_.push_back("start"); }
  void on_trained(LocalRound, Actions&) override { notes_.push_back("trained"); }
  void on_message(const ProtocolMessage& message, Actions&) override {
    notes_.push_back("message from " + std::to_string(message.from));
  }
  void persist(StateArchive&) override {}

 private:
  std::vector<std::string>& notes_;
};

TEST_CASE("a message that comes before the start waits for it: protocols never hear of messages first") {
  VirtualTimeConfig config;
  caf::actor_system system(config);
  VirtualClock clock(system);
  std::vector<std::string> notes;
  const auto fragment = system.spawn<Fragment>(Fragment::Settings{0, 0, 1, {}}, std::make_unique<Witness>(notes),
                                               std::ref(clock), NodeActor(), UplinkEntry(), RecorderActor());
  for (const NodeId from : {2U, 1U}) {
    Transfer transfer;
    transfer.from = from;
    caf::anon_send(fragment, Delivered{std::make_shared<const Transfer>(transfer), Time{}, {}});
  }
  caf::anon_send(fragment, Start{share(Values{1.0F})});
  Transfer late;
  late.from = 3;
  caf::anon_send(fragment, Delivered{std::make_shared<const Transfer>(late), Time{}, {}});
  clock.run_until(Time{1}, [] { return true; });
  CHECK(notes == std::vector<std::string>{"start", "message from 2", "message from 1", "message from 3"});
  caf::anon_send(fragment, Finish{});
  clock.run_until(Time{2}, [] { return true; });
}

/// Awaits node 1 from its start on, for at most 3 ps; a message of node 2 begins a wait of 5 ps.
class Waiting final : public FragmentProtocol {
 public:
  explicit Waiting(std::vector<Time>& ends) : ends_(ends) {}
  void on_start(SharedValues, Actions& actions) override { actions.await({1}, Time{3}); }
  void on_trained(LocalRound, Actions&) override {}
  void on_message(const ProtocolMessage&, Actions& actions) override { actions.await({1}, Time{5}); }
  void on_wait_over(Actions& actions) override { ends_.push_back(actions.now()); }
  void persist(StateArchive&) override {}

 private:
  std::vector<Time>& ends_;
};

TEST_CASE("a protocol's own limit ends a wait, whatever the scenario's, a new one counts from its own beginning") {
  VirtualTimeConfig config;
  caf::actor_system system(config);
  VirtualClock clock(system);
  std::vector<Time> ends;
  const auto fragment = system.spawn<Fragment>(Fragment::Settings{0, 0, 1, Time{100}}, std::make_unique<Waiting>(ends),
                                               std::ref(clock), NodeActor(), UplinkEntry(), RecorderActor());
  caf::anon_send(fragment, Start{share(Values{1.0F})});
  Transfer transfer;
  transfer.from = 2;
  caf::anon_send(fragment, Delivered{std::make_shared<const Transfer>(transfer), Time{2}, {}});
  clock.run_until(Time{50}, [] { return true; });
  CHECK(ends == std::vector<Time>{Time{7}});
  caf::anon_send(fragment, Finish{});
  clock.run_until(Time{200}, [] { return true; });
  CHECK(ends.size() == 1);
}

}  // namespace
}  // namespace tardigrad
