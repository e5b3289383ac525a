#include "netem/base/state_archive.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

#include "netem/base/random_stream.hpp"
#include "netem/fair/fair_network.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {
namespace {

using test::load;
using test::saved;

struct Shelf {
  std::map<std::string::size_type, std::vector<double>> rows;
  std::deque<std::pair<bool, Time>> queue;
  std::optional<std::array<std::uint16_t, 3>> label;
  std::set<NodeId> nodes;

  void persist(StateArchive& archive) { archive(rows, queue, label, nodes); }
};

TEST_CASE("what is loaded is what was saved") {
  Shelf shelf{{{3, {1.5, -2}}, {9, {}}}, {{true, Time(7)}, {false, kNever}}, {{{1, 2, 3}}}, {4, 2}};
  Shelf copy;
  REQUIRE(load(saved(shelf), copy));
  CHECK(copy.rows == shelf.rows);
  CHECK(copy.queue == shelf.queue);
  CHECK(copy.label == shelf.label);
  CHECK(copy.nodes == shelf.nodes);
}

TEST_CASE("what replaces something leaves nothing of it") {
  Shelf empty;
  Shelf full{{{3, {1.5}}}, {{true, Time(7)}}, {{{1, 2, 3}}}, {4}};
  REQUIRE(load(saved(empty), full));
  CHECK(saved(full) == saved(empty));
}

TEST_CASE("what is shared is saved once and shared when it is loaded, written to by one of them or by none") {
  const auto changing = std::make_shared<std::vector<float>>(1000, 2.5F);
  std::shared_ptr<const std::vector<float>> same = changing;
  auto equal = std::make_shared<const std::vector<float>>(*changing);
  std::shared_ptr<const std::vector<float>> none;
  auto copy = changing;
  const std::string bytes = saved(copy, same, equal, none);
  CHECK(bytes.size() < 2 * 4000 + 100);

  std::shared_ptr<std::vector<float>> a;
  std::shared_ptr<const std::vector<float>> b, c, d = same;
  REQUIRE(load(bytes, a, b, c, d));
  CHECK(*a == *changing);
  CHECK((a == b));
  CHECK((c != b));
  CHECK(*c == *b);
  CHECK((d == nullptr));
  CHECK(a.use_count() == 2);  // the archive has let go of it
}

TEST_CASE("a size that there are no bytes for is refused before anything is allocated") {
  const std::uint64_t count = std::uint64_t{1} << 60;
  std::uint64_t size = count;
  const std::string bytes = saved(size);
  std::vector<double> plain;
  std::vector<std::vector<double>> nested;
  std::map<int, int> map;
  std::deque<int> deque;
  CHECK_FALSE(load(bytes, plain));
  CHECK_FALSE(load(bytes, nested));
  CHECK_FALSE(load(bytes, map));
  CHECK_FALSE(load(bytes, deque));
}

TEST_CASE("an object of one type is not shared as one of another") {
  auto floats = std::make_shared<const std::vector<float>>(3, 1.0F);
  std::string bytes = saved(floats, floats);
  std::shared_ptr<const std::vector<float>> a;
  std::shared_ptr<const std::vector<std::uint8_t>> b;
  CHECK_FALSE(load(bytes, a, b));
}

TEST_CASE("no damage does more than make loading fail or give something else") {
  RandomStream draw(1, Purpose::test);
  auto shared = std::make_shared<const std::vector<float>>(5, 1.0F);
  std::vector<std::shared_ptr<const std::vector<float>>> many(4, shared);
  Shelf shelf{{{3, {1.5, -2}}, {9, {}}}, {{true, Time(7)}, {false, kNever}}, {{{1, 2, 3}}}, {4, 2}};
  const std::string whole = saved(many, shelf);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    decltype(many) copies;
    Shelf copy;
    CHECK_FALSE(load(whole.substr(0, size), copies, copy));
  }
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole;
    damaged[draw.below(damaged.size())] ^= static_cast<char>(1U << draw.below(8));
    decltype(many) copies;
    Shelf copy;
    load(damaged, copies, copy);
  }
}

TEST_CASE("a fair network goes on as the one that it is a copy of") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    RandomStream draw(seed, Purpose::test);
    const std::vector<BitsPerSecond> rates(6, BitsPerSecond{1e6});
    FairNetwork<int> network(rates, rates);
    FairNetwork<int> copy(rates, rates);
    Time now{};
    const std::uint64_t moment = draw.below(200);
    for (std::uint64_t step = 0; step < 200; ++step) {
      if (step == moment) REQUIRE(load(saved(network), copy));
      if (step >= moment) REQUIRE(saved(network) == saved(copy));
      const auto from = static_cast<NodeId>(draw.below(6));
      const auto to = static_cast<NodeId>((from + 1 + draw.below(5)) % 6);
      const auto next = network.next_completion();
      if (step >= moment) CHECK(copy.next_completion() == next);
      now = std::min(next.value_or(kNever), now + from_seconds(0.01 * draw.uniform()));
      const Bytes size = 1 + draw.below(5000);
      const std::uint64_t act = draw.below(10);
      for (FairNetwork<int>* each : {&network, &copy}) {
        if (each == &copy && step < moment) continue;
        each->advance(now);
        if (act == 0) each->withdraw(now, from, [](int item) { return item % 2 == 0; });
        if (act == 1) each->set_uplink(now, from, {1e5 * (1.0 + to)});
        if (act > 4) each->start(now, static_cast<int>(step), from, to, size);
      }
    }
  }
}

}  // namespace
}  // namespace tardigrad
