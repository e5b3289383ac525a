#include <doctest/doctest.h>

#include <string>

#include "tests/scenarios/parsed_text.hpp"

namespace tardigrad {

using test::error_of;
using test::parsed;

namespace {

/// Eight nodes; `more` begins at line 13.
std::string scenario(const std::string& more, const std::string& time = "clock = \"real\"",
                     const std::string& algorithm = "kind = \"divshare\"") {
  return "[time]\nduration = \"10s\"\n" + time +
         "\n[nodes]\ncount = 8\nmodel = { kind = \"null\", parameters = 1000 }\n[network]\nlatency = \"2ms\"\n"
         "[[algorithm]]\n" +
         algorithm + "\n\n\n" + more;
}

}  // namespace

TEST_CASE("a placement names hosts from 1 and nodes that are not drawn") {
  const Scenario s =
      parsed(scenario("[[placement]]\nhost = 2\nnodes = { from = 3, count = 2 }\n"
                      "[[placement]]\nhost = 1\nnodes = { list = [7, 0] }\n"
                      "[[placement]]\nhost = 2\nnodes = { from = 1, count = 1 }\n"));
  REQUIRE(s.placement.size() == 3);
  CHECK(s.placement[0].host == 2);
  CHECK(select_nodes(s.placement[0].nodes, 8, 1, 0) == std::vector<NodeId>{3, 4});
  CHECK(select_nodes(s.placement[1].nodes, 8, 1, 0) == std::vector<NodeId>{0, 7});

  const std::string resolved = to_toml(s);
  CHECK(resolved.find("[[placement]]\nhost  = 2\nnodes = { from = 3, count = 2 }") != std::string::npos);
  CHECK(to_toml(parsed(resolved)) == resolved);
}

TEST_CASE("a placement that cannot be is answered where it is wrong") {
  const auto table = [](const std::string& text) { return error_of(scenario("[[placement]]\n" + text)); };
  CHECK(table("nodes = \"all\"\n") ==
        "s.toml:13:1: missing key 'host' in [placement.0]: expected for example host = 1");
  CHECK(table("host = 0\nnodes = \"all\"\n") ==
        "s.toml:14:8: placement.0.host: expected an integer from 1 to 1000, got 0");
  CHECK(table("host = 1\nnodes = { count = 3 }\n") ==
        "s.toml:15:9: placement.0.nodes: expected nodes that are not drawn, such as { from = 0, count = 10 }");
  CHECK(table("host = 1\nnodes = { from = 6, count = 3 }\n") ==
        "s.toml:15:29: placement.0.nodes.count: expected at most 2, as node 7 is the last, got 3");
  CHECK(table("host = 1\nnodes = { from = 6, list = [3] }\n") ==
        "s.toml:15:18: placement.0.nodes.from: expected a count beside it, such as { from = 10, count = 5 }");
  CHECK(table("host = 1\nnodes = { list = [3, 4] }\n[[placement]]\nhost = 2\nnodes = { from = 4, count = 2 }\n") ==
        "s.toml:18:9: placement.1.nodes: node 4 has been placed already: expected each at most once");
  CHECK(table("host = 1\nhosts = 1\nnodes = \"all\"\n").find("unknown key 'hosts' in [placement.0]") !=
        std::string::npos);
}

TEST_CASE("a run goes on without a lost host only under the real clock, and only with algorithms that can") {
  const std::string lossy = "clock = \"real\"\non_host_loss = \"continue\"";
  const Scenario s = parsed(scenario("", lossy));
  CHECK(s.time.survives_host_loss);
  CHECK(to_toml(s).find("on_host_loss = \"continue\"") != std::string::npos);
  CHECK(to_toml(parsed(to_toml(s))) == to_toml(s));
  CHECK_FALSE(parsed(scenario("", "on_host_loss = \"stop\"")).time.survives_host_loss);

  CHECK(error_of(scenario("", "on_host_loss = \"continue\"")) ==
        "s.toml:3:16: time.on_host_loss: in virtual time nothing can go on without a host: expected \"stop\", or clock "
        "= \"real\"");
  CHECK(error_of(scenario("", lossy, "kind = \"d-psgd\"")) ==
        "s.toml:10:1: algorithm.0.wait_timeout: d-psgd waits for messages, which a lost host may cut off: expected for "
        "example wait_timeout = \"5s\"");
  parsed(scenario("", lossy, "kind = \"d-psgd\"\nwait_timeout = \"5s\""));
  CHECK(error_of(scenario("", lossy, "kind = \"choco-sgd\"")) ==
        "s.toml:11:8: algorithm.0.kind: choco-sgd needs every message to arrive, but a lost host may cut off some: "
        "expected a reliable network without churn and on_host_loss = \"stop\"");
}

}  // namespace tardigrad
