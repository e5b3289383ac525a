/// What a part of a run reads of another: letters to its actors, marks, and what hosts and coordinator say to each
/// other. The first byte of an input chooses.
#include <caf/make_message.hpp>
#include <utility>

#include "actors/letters.hpp"
#include "actors/part_post.hpp"
#include "scenarios/src/host_frames.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace tardigrad;
using fuzz::require;

constexpr LetterLimits kLimits{10, 4, 100};

Bytes size_of(const TransferPtr& transfer) {
  if (!transfer) return 0;
  return (transfer->values ? transfer->values->size() : 0) + (transfer->encoded ? transfer->encoded->size() : 0);
}

void check(const TransferPtr& transfer) {
  require(transfer != nullptr, "a letter about a transfer has one");
  require(transfer->from < kLimits.nodes && transfer->to < kLimits.nodes, "its nodes exist");
  require(transfer->fragment < kLimits.fragments, "its fragment exists");
  require(size_of(transfer) < 100'000, "it is no larger than a model of the run can be");
}

void check(const Hop& hop) {
  require(hop.peer < kLimits.nodes && hop.fragment < kLimits.fragments, "the peer and the fragment of a hop exist");
  require(Time{} <= hop.begin && hop.begin <= hop.end && hop.end <= kNever, "a hop ends after it has begun");
}

void fuzz_letters(ByteReader in) {
  while (!in.at_end()) {
    const auto letter = read_letter(in, kLimits);
    if (!letter) {
      require(!in.ok(), "who gives no letter has failed");
      return;
    }
    require(letter->node < kLimits.nodes, "the addressee exists");
    if (letter->moment) require(letter->moment->at >= Time{} && letter->moment->at <= kNever, "there is such a moment");
    if (const auto* arriving = std::get_if<Arriving>(&letter->message)) check(arriving->transfer);
    if (const auto* outgoing = std::get_if<Outgoing>(&letter->message)) {
      for (const TransferPtr& transfer : outgoing->transfers) check(transfer);
    }
    if (const auto* access = std::get_if<AccessRow>(&letter->message); access && access->hops) {
      for (const Hop& hop : *access->hops) check(hop);
    }
    if (const auto* snapshot = std::get_if<ModelSnapshot>(&letter->message)) {
      require(snapshot->model && snapshot->model->size() == kLimits.parameters, "a model is as large as all others");
    }
  }
}

void fuzz_mark(ByteReader in) {
  const auto mark = read_mark(in, kLimits.nodes);
  require(!mark || mark->slow_nodes.size() <= kLimits.nodes, "no more slow nodes than nodes");
}

void fuzz_host_frame(HostFrame kind, ByteReader in) {
  switch (kind) {
    case HostFrame::offer:
      read_offer(in);
      return;
    case HostFrame::join:
      read_join(in);
      return;
    case HostFrame::ready:
      read_ready(in);
      return;
    case HostFrame::launch:
      read_launch(in);
      return;
    default:
      break;
  }
  const HostPrepare prepare = read_prepare(in);
  if (!in.ok()) return;
  for (const PartId part : prepare.part_of) {
    require(part >= 1 && part <= prepare.addresses.size(), "every node is on a host that there is");
  }
}

template <class Message>
fuzz::Bytes letter_of(const Message& message) {
  ByteWriter out;
  const auto content = caf::make_message(message);
  write_letter(out, {1, static_cast<std::uint8_t>(Role::downlink), 9}, Letter::Moment{Time(5), {7, 8}},
               content.content());
  fuzz::Bytes input{0};
  fuzz::append(input, out.take());
  return input;
}

TransferPtr some_transfer() {
  Transfer transfer;
  transfer.from = 3;
  transfer.to = 9;
  transfer.fragment = 2;
  transfer.values = share(Values(5, 1.5F));
  transfer.encoded = share(EncodedBytes{1, 2, 3});
  return std::make_shared<const Transfer>(std::move(transfer));
}

Hops some_hops() {
  const Hop hop{Hop::Place::pair, Hop::Fate::cut, 9, 3, 7, 1234, 5, Time(1), Time(2)};
  return std::make_shared<const std::vector<Hop>>(2, hop);
}

}  // namespace

std::vector<fuzz::Bytes> tardigrad::fuzz::deep_inputs() {
  std::vector<Bytes> inputs{letter_of(Arriving{some_transfer(), {}, {}}),
                            letter_of(Outgoing{1, true, true, {some_transfer(), some_transfer()}, {}}),
                            letter_of(ModelSnapshot{1, 0, share(Values(100))}),
                            letter_of(WaitRow{1, {2, 3}}),
                            letter_of(LinkRow{}),
                            letter_of(AccessRow{1, 2, true, 3, 4, 5, 6, some_hops()})};
  for (std::uint8_t kind = 0; kind < 5; ++kind) inputs.push_back({static_cast<std::uint8_t>(2 + kind)});
  HostPrepare prepare{2, {"a:1", "b:2"}, {1, 1, 2}, {"text", {"one", ""}}, 7};
  const WireBytes frame = frame_of(prepare);
  Bytes input{static_cast<std::uint8_t>(2 + static_cast<int>(HostFrame::prepare))};
  // Without what says which run and which kind it is.
  input.insert(input.end(), frame.begin() + sizeof(std::uint32_t) + 1, frame.end());
  inputs.push_back(std::move(input));
  inputs.emplace_back(100, std::uint8_t{1});
  return inputs;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  const ByteReader in(bytes + 1, size - 1);
  switch (const unsigned choice = bytes[0] % 7) {
    case 0:
      fuzz_letters(in);
      return 0;
    case 1:
      fuzz_mark(in);
      return 0;
    default:
      fuzz_host_frame(static_cast<HostFrame>(choice - 2), in);
      return 0;
  }
}
