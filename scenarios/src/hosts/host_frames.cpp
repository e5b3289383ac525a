#include "scenarios/src/hosts/host_frames.hpp"

namespace tardigrad {

namespace {

constexpr std::uint32_t kNoRun = 0;
constexpr std::uint32_t kLongestAddress = 300;
constexpr std::uint32_t kLongestScenario = 16u << 20;
constexpr std::uint32_t kMostFiles = 10'000;
constexpr std::uint32_t kLongestProblem = 4096;

ByteWriter control(HostFrame kind) {
  ByteWriter out;
  out.put(kNoRun);
  out.put(kind);
  return out;
}

}  // namespace

HostFrame read_kind(ByteReader& in) {
  in.get<std::uint32_t>();
  return static_cast<HostFrame>(in.get<std::uint8_t>());
}

WireBytes frame_of(const HostOffer& offer) {
  ByteWriter out = control(HostFrame::offer);
  out.put(offer.threads);
  return out.take();
}

HostOffer read_offer(ByteReader& in) { return {in.get<std::uint32_t>()}; }

WireBytes frame_of(const HostPrepare& prepare) {
  ByteWriter out = control(HostFrame::prepare);
  out.put(prepare.self);
  out.put(static_cast<std::uint32_t>(prepare.addresses.size()));
  for (const std::string& address : prepare.addresses) out.put_text(address);
  out.put(static_cast<std::uint64_t>(prepare.part_of.size()));
  out.put_block(prepare.part_of.data(), prepare.part_of.size() * sizeof(PartId));
  out.put_text(prepare.scenario.text);
  out.put(static_cast<std::uint32_t>(prepare.scenario.files.size()));
  for (const std::string& file : prepare.scenario.files) out.put_text(file);
  out.put(static_cast<std::uint32_t>(prepare.scenario.code.size()));
  for (const std::uint32_t place : prepare.scenario.code) out.put(place);
  out.put(prepare.data_checksum);
  return out.take();
}

HostPrepare read_prepare(ByteReader& in) {
  HostPrepare prepare;
  prepare.self = in.get<PartId>();
  const auto hosts = in.get<std::uint32_t>();
  if (hosts > kMostHosts || prepare.self < 1 || prepare.self > hosts) in.fail();
  for (std::uint32_t i = 0; i < hosts && in.ok(); ++i) prepare.addresses.push_back(in.get_text(kLongestAddress));
  prepare.part_of = in.get_vector<PartId>(kMostNodes);
  for (const PartId part : prepare.part_of) {
    if (part < 1 || part > hosts) in.fail();
  }
  prepare.scenario.text = in.get_text(kLongestScenario);
  const auto files = in.get<std::uint32_t>();
  if (files > kMostFiles) in.fail();
  for (std::uint32_t i = 0; i < files && in.ok(); ++i) {
    prepare.scenario.files.push_back(in.get_text(static_cast<std::uint32_t>(kMostTravellingBytes)));
  }
  const auto code = in.get<std::uint32_t>();
  if (code > files) in.fail();
  for (std::uint32_t i = 0; i < code && in.ok(); ++i) prepare.scenario.code.insert(in.get<std::uint32_t>());
  prepare.data_checksum = in.get<std::uint32_t>();
  return prepare;
}

WireBytes frame_of(const HostJoin& join) {
  ByteWriter out = control(HostFrame::join);
  out.put(join.part);
  return out.take();
}

HostJoin read_join(ByteReader& in) { return {in.get<PartId>()}; }

WireBytes frame_of(const HostReady& ready) {
  ByteWriter out = control(HostFrame::ready);
  out.put_text(std::string_view(ready.problem).substr(0, kLongestProblem));
  return out.take();
}

HostReady read_ready(ByteReader& in) { return {in.get_text(kLongestProblem)}; }

WireBytes frame_of(const HostLaunch& launch) {
  ByteWriter out = control(HostFrame::launch);
  out.put(launch.run);
  out.put(launch.seed);
  out.put(launch.algorithm);
  out.put(static_cast<std::uint8_t>(launch.timeline));
  return out.take();
}

HostLaunch read_launch(ByteReader& in) {
  HostLaunch launch;
  launch.run = in.get<std::uint32_t>();
  launch.seed = in.get<std::uint64_t>();
  launch.algorithm = in.get<std::uint32_t>();
  launch.timeline = in.get_flag();
  return launch;
}

WireBytes begin_frame() { return control(HostFrame::begin).take(); }

}  // namespace tardigrad
