#include "netem/link/serial_server.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }

/// Serves a schedule through a SerialServer, event by event; returns completion times.
std::vector<Time> serve_all(const std::vector<std::pair<Time, Bytes>>& arrivals, BitsPerSecond rate) {
  SerialServer<std::size_t> server(rate);
  std::vector<Time> done(arrivals.size());
  std::size_t next = 0;
  while (next < arrivals.size() || server.busy()) {
    const bool service_first =
        server.busy() && (next == arrivals.size() || server.current().end <= arrivals[next].first);
    Time now;
    if (service_first) {
      const auto service = server.complete();
      now = done[service.item] = service.end;
    } else {
      now = arrivals[next].first;
      server.enqueue(next, arrivals[next].second);
      ++next;
    }
    server.start_next(now);
  }
  return done;
}

}  // namespace

TEST_CASE("a free link serves a message at its rate") {
  SerialServer<int> server({60e6});
  server.enqueue(1, 750'000);
  const auto* service = server.start_next(ms(5));
  REQUIRE(service != nullptr);
  CHECK(service->end == ms(105));
}

TEST_CASE("completion times are those of the closed form to 1e-9 over random schedules") {
  RandomStream random(1, Purpose::test);
  for (int schedule = 0; schedule < 200; ++schedule) {
    const BitsPerSecond rate{1e6 * (1 + 199 * random.uniform())};
    std::vector<std::pair<Time, Bytes>> arrivals;
    double at = 0;
    for (int i = 0; i < 50; ++i) {
      at += 0.01 * random.exponential();
      arrivals.emplace_back(from_seconds(at), 1000 + random.below(400'000));
    }
    const auto done = serve_all(arrivals, rate);
    double free = 0;
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      free = std::max(to_seconds(arrivals[i].first), free) + 8.0 * static_cast<double>(arrivals[i].second) / rate.value;
      CHECK(std::abs(to_seconds(done[i]) - free) <= 1e-9 * free);
    }
  }
}

TEST_CASE("a downlink takes a message up at the latest moment that does not delay it") {
  const Bytes size = 125'000;  // 1 Mbit: 10 ms at 100 Mbps, 100 ms at 10 Mbps
  // Slow uplink, fast downlink: the downlink is held for 10 ms only and delivers when the tail comes.
  CHECK(take_up_time(ms(2), ms(102), size, {100e6}) == ms(92));
  // Fast uplink, slow downlink: from the head on.
  CHECK(take_up_time(ms(2), ms(12), size, {10e6}) == ms(2));
}

TEST_CASE("withdrawing the message in service frees the link at once") {
  SerialServer<int> server({8e6});  // 1 byte per microsecond
  server.enqueue(1, 1000);
  server.enqueue(2, 1000);
  server.enqueue(3, 1000);
  server.start_next(Time{});
  const auto out = server.withdraw(std::chrono::microseconds(400), [](int item) { return item != 3; });
  REQUIRE(out.size() == 2);
  CHECK(out[0].item == 1);
  REQUIRE(out[0].cut);
  CHECK(out[0].cut->begin == Time{});
  CHECK(out[0].cut->unserved == std::chrono::microseconds(600));
  CHECK(out[1].item == 2);
  CHECK_FALSE(out[1].cut);
  CHECK_FALSE(server.busy());
  CHECK(server.busy_time() == std::chrono::microseconds(400));
  const auto* service = server.start_next(std::chrono::microseconds(400));
  REQUIRE(service != nullptr);
  CHECK(service->item == 3);
  CHECK(service->end == std::chrono::microseconds(1400));
}

TEST_CASE("a message whose last byte has left cannot be withdrawn") {
  SerialServer<int> server({8e6});
  server.enqueue(1, 1000);
  server.start_next(Time{});
  CHECK(server.withdraw(ms(1), [](int) { return true; }).empty());
  CHECK(server.busy());
  CHECK(server.complete().item == 1);
}

TEST_CASE("what stays after a withdrawal keeps its order, and the longest queue is remembered") {
  SerialServer<int> server({8e6});
  for (int i = 0; i < 10; ++i) server.enqueue(i, 1);
  server.withdraw(Time{}, [](int item) { return item % 2 == 0; });
  std::vector<int> order;
  while (server.start_next(Time{}) != nullptr) order.push_back(server.complete().item);
  CHECK(order == std::vector<int>{1, 3, 5, 7, 9});
  CHECK(server.longest_queue() == 10);
}

}  // namespace tardigrad
