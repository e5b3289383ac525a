/// One access link whose rate follows a trace, to which messages come and from which they are withdrawn at any
/// moment. The first bytes of an input define the rate, every other byte is one event.
#include <cmath>
#include <memory>
#include <utility>

#include "netem/link/serial_server.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace tardigrad;
using fuzz::require;

/// As large as the messages that actors hand to a link, and shared like them.
struct Message {
  std::uint64_t number = 0;
  unsigned fragment = 0;
  tardigrad::Bytes size = 0;
};
using MessagePtr = std::shared_ptr<const Message>;
using Server = SerialServer<MessagePtr>;

struct Input {
  const std::uint8_t* at;
  const std::uint8_t* end;

  bool empty() const { return at == end; }
  unsigned next() { return empty() ? 0U : *at++; }
};

/// Steps of up to 64 ms, every fourth of them a pause, held or over and over.
RateProfile profile_of(Input& input) {
  const unsigned steps = input.next() % 8;
  if (steps == 0) return BitsPerSecond{1e4 * (1 + input.next())};
  std::vector<PiecewiseConstant::Step> trace;
  Time begin{};
  for (unsigned i = 0; i < steps; ++i) {
    const unsigned value = input.next();
    trace.push_back({begin, value % 4 == 0 ? 0.0 : value * 1e4 / 3});
    begin += Time(1 + std::int64_t{input.next()} * 250'000'007);
  }
  return RateProfile(input.next() % 2 == 0 ? PiecewiseConstant::held(trace) : PiecewiseConstant::looped(trace, begin));
}

struct Play {
  explicit Play(const RateProfile& profile) : server(profile) {}

  void enqueue(unsigned choice, unsigned size) {
    const tardigrad::Bytes bytes = size * size;
    server.enqueue(std::make_shared<const Message>(Message{came, choice % 4, bytes}), bytes,
                   choice % 8 < 4 ? Time{} : now + Time(std::int64_t{size} * 100'000'000));
    ++came;
    bytes_in += bytes;
  }

  void start() {
    const bool was_free = !server.busy();
    const Server::Service* service = server.start_next(now);
    if (!service) return;
    require(was_free, "one service at a time");
    require(service->begin >= now && service->begin >= free, "services do not overlap, and none begins in the past");
    require(service->end >= service->begin && service->end <= kNever, "a service ends after it has begun");
    const double most = server.profile().bits_per_second().integral(service->begin, service->end);
    const double bits = 8.0 * static_cast<double>(service->size);
    if (service->end < kNever) require(most >= bits - 1e-3 - 1e-9 * bits, "no faster than the rate");
  }

  void complete() {
    if (!server.busy() || server.current().end >= kNever) return;
    now = std::max(now, server.current().end);
    const Server::Service done = server.complete();
    require(done.item->size == done.size, "a message leaves with its size");
    gone(*done.item);
    free = done.end;
    busy += done.end - done.begin;
  }

  template <class Condition>
  void withdraw(Time at, const Condition& condition) {
    const bool was_busy = server.busy();
    const Time begin = was_busy ? server.current().begin : Time{};
    const Time end = was_busy ? server.current().end : Time{};
    const std::size_t before = server.present().first;
    std::uint64_t last = 0;
    const auto out = server.withdraw(at, condition);
    for (const auto& [message, cut] : out) {
      require(condition(message), "what is withdrawn was asked for");
      require(message->number >= last, "in order of service");
      last = message->number;
      gone(*message);
      if (!cut) continue;
      require(was_busy && message == out.front().item && at < end, "only a service in progress is cut");
      require(cut->begin == begin && cut->unserved >= Time{} && cut->unserved <= end - begin,
              "what is cut has served a part");
      free = end - cut->unserved;
      busy += free - begin;
    }
    require(server.present().first + out.size() == before, "everything else stays");
    server.for_each([&](const MessagePtr& message) {
      const bool is_through = was_busy && server.busy() && message == server.current().item && at >= end;
      require(is_through || !condition(message), "all that was asked for is out, but what is through");
    });
  }

  void gone(const Message& message) {
    require(message.number < came, "it had come");
    bytes_out += message.size;
    ++left;
  }

  void check() const {
    const auto [messages, bytes] = server.present();
    require(came == left + messages && bytes_in == bytes_out + bytes, "bytes in are bytes out and bytes present");
    require(server.busy_time() == busy && busy >= Time{} && busy <= kNever, "busy time is that of all services");
    require(server.longest_queue() >= messages && server.longest_queue() <= came, "the longest queue is remembered");
  }

  Server server;
  Time now{};
  Time free{};
  Time busy{};
  std::uint64_t came = 0;
  std::uint64_t left = 0;
  tardigrad::Bytes bytes_in = 0;
  tardigrad::Bytes bytes_out = 0;
};

void act(Play& play, Input& input) {
  const unsigned what = input.next();
  switch (what % 8) {
    case 0:
    case 1:
    case 2:
      return play.enqueue(what / 8, input.next());
    case 3:
      return play.start();
    case 4:
      return play.complete();
    case 5:
      return play.withdraw(play.now,
                           [fragment = what / 8 % 4](const MessagePtr& m) { return m->fragment == fragment; });
    case 6:
      // Told out of order, too, as under a real clock.
      return play.withdraw(play.now - Time(std::int64_t{input.next()} * 1'000'003),
                           [all = what / 8 % 2 == 0](const MessagePtr& m) { return all || m->number % 3 == 0; });
    default:
      play.now += Time(std::int64_t{input.next()} * 50'000'021);
  }
}

}  // namespace

std::vector<fuzz::Bytes> tardigrad::fuzz::deep_inputs() {
  std::vector<Bytes> inputs;
  for (unsigned seed = 0; seed < 32; ++seed) {
    Bytes input;
    unsigned state = seed * 2654435761U + 1;
    for (int i = 0; i < 240; ++i) {
      state = state * 1664525U + 1013904223U;
      input.push_back(static_cast<std::uint8_t>(state >> 24));
    }
    input[0] = static_cast<std::uint8_t>(seed);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Input input{bytes, bytes + size};
  Play play(profile_of(input));
  while (!input.empty()) {
    act(play, input);
    play.check();
  }
  play.withdraw(play.now, [](const MessagePtr&) { return true; });
  play.check();
  return 0;
}
