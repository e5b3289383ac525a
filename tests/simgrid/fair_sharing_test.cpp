/// `FairSharing` against SimGrid (Casanova, Giersch, Legrand, Quinson, Suter: "Versatile, scalable, and accurate
/// simulation of distributed applications and platforms", JPDC 2014) under plain max-min sharing.
#include "netem/fair/fair_sharing.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "tests/netem/fluid_case.hpp"

namespace tardigrad {

using test::FluidCase;

namespace {

/// The case of `test::random_case` in this process: SimGrid's engine exists once per process.
std::vector<double> simulate(const FluidCase& fluid) {
  namespace sg4 = simgrid::s4u;
  std::vector<std::string> words{"simgrid",
                                 "--log=root.thresh:critical",
                                 "--cfg=network/model:CM02",
                                 "--cfg=network/TCP-gamma:0",
                                 "--cfg=network/crosstraffic:0",
                                 "--cfg=network/weight-S:0",
                                 "--cfg=network/latency-factor:1",
                                 "--cfg=network/bandwidth-factor:1",
                                 "--cfg=network/optim:Full",
                                 "--cfg=surf/precision:1e-9",
                                 "--cfg=maxmin/precision:1e-9",
                                 "--cfg=contexts/stack-size:64"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  int count = static_cast<int>(arguments.size());
  sg4::Engine engine(&count, arguments.data());

  auto* zone = sg4::create_full_zone("all");
  const std::size_t nodes = fluid.capacities.size() / 2;
  std::vector<sg4::Host*> hosts;
  std::vector<sg4::Link*> links;
  for (std::size_t node = 0; node < nodes; ++node) {
    hosts.push_back(zone->create_host("host" + std::to_string(node), 1e9)->seal());
  }
  for (std::size_t link = 0; link < fluid.capacities.size(); ++link) {
    links.push_back(zone->create_link("link" + std::to_string(link), fluid.capacities[link])->set_latency(0)->seal());
  }
  std::vector<std::vector<bool>> routed(nodes, std::vector<bool>(nodes, false));
  for (const auto& flow : fluid.flows) {
    const std::size_t from = flow.links[0];
    const std::size_t to = flow.links[1] - nodes;
    if (routed[from][to]) continue;
    routed[from][to] = true;
    zone->add_route(hosts[from]->get_netpoint(), hosts[to]->get_netpoint(), nullptr, nullptr,
                    {sg4::LinkInRoute(links[flow.links[0]]), sg4::LinkInRoute(links[flow.links[1]])}, false);
  }
  zone->seal();

  std::vector<double> done(fluid.flows.size(), -1);
  for (std::size_t i = 0; i < fluid.flows.size(); ++i) {
    const auto& flow = fluid.flows[i];
    sg4::Host* from = hosts[flow.links[0]];
    sg4::Host* to = hosts[flow.links[1] - nodes];
    sg4::Actor::create("flow", from, [&done, &flow, i, from, to] {
      sg4::this_actor::sleep_until(flow.start_s);
      sg4::Comm::sendto(from, to, static_cast<uint64_t>(flow.bytes));
      done[i] = sg4::Engine::get_clock();
    });
  }
  engine.run();
  return done;
}

/// `simulate` in a process of its own; empty if that failed.
std::vector<double> simgrid_completions(const FluidCase& fluid) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  std::cout.flush();  // the child would print it again
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(ends[0]);
    const auto done = simulate(fluid);
    const std::size_t size = done.size() * sizeof(double);
    _exit(write(ends[1], done.data(), size) == static_cast<ssize_t>(size) ? 0 : 1);
  }
  close(ends[1]);
  std::vector<double> done(fluid.flows.size());
  std::size_t got = 0;
  const std::size_t size = done.size() * sizeof(double);
  for (ssize_t part = 1; part > 0 && got < size; got += static_cast<std::size_t>(std::max<ssize_t>(part, 0))) {
    part = read(ends[0], reinterpret_cast<char*>(done.data()) + got, size - got);
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0 || got != size) done.clear();
  return done;
}

}  // namespace

TEST_CASE("completion times of 1,000 random sets of flows are SimGrid's within 5 %, the median within 0.5 %") {
  RandomStream random(6, Purpose::test);
  std::vector<double> all;
  double worst_median = 0;
  for (int i = 0; i < 1000; ++i) {
    INFO("set " << i);
    const FluidCase fluid = test::random_case(random);
    const auto right = simgrid_completions(fluid);
    REQUIRE(!right.empty());
    const auto errors = test::relative_errors(fluid, test::model_completions(fluid), right);
    CHECK(*std::max_element(errors.begin(), errors.end()) < 0.05);
    CHECK(test::median(errors) < 0.005);
    worst_median = std::max(worst_median, test::median(errors));
    all.insert(all.end(), errors.begin(), errors.end());
  }
  MESSAGE(all.size() << " flows: largest error " << *std::max_element(all.begin(), all.end()) << ", median "
                     << test::median(all) << ", largest median of a set " << worst_median);
}

}  // namespace tardigrad
