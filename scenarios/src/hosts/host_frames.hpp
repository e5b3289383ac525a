/// The messages of a coordinator and its hosts besides the run itself.
///
///     coordinator                         host
///     (connects)              <-- offer   its number of threads
///     prepare -->                         the scenario, and the parts of all hosts
///                             join -->    hosts connect to those before them in the list, and name themselves
///                             <-- ready   or the reason why not
///     launch -->                          one algorithm and seed
///                             <-- ready
///     begin -->
///     ... messages and reports of the run (actors/hosts/part_outbox.hpp), in both directions and between hosts ...
///
/// Every frame begins with the number of the run to which it belongs, 0 for none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/hosts/part_id.hpp"
#include "runtime/transport/byte_stream.hpp"
#include "scenarios/src/scenario/travelling_scenario.hpp"

namespace tardigrad {

/// The role of a process, which the transport tells its peers.
enum class HostRole : std::uint32_t { coordinator = 1, host = 2 };

enum class HostFrame : std::uint8_t { offer, prepare, join, ready, launch, begin };

struct HostOffer {
  std::uint32_t threads = 1;
};

struct HostPrepare {
  PartId self = 0;
  std::vector<std::string> addresses;  ///< of the hosts, "192.0.2.1:4242", in order of their parts
  std::vector<PartId> part_of;         ///< by node
  TravellingScenario scenario;
  std::uint32_t data_checksum = 0;  ///< 0: there is no data
};

struct HostJoin {
  PartId part = 0;
};

struct HostReady {
  std::string problem;  ///< the reason why the host is not ready; empty if it is
};

struct HostLaunch {
  std::uint32_t run = 0;  ///< its number, from 1
  std::uint64_t seed = 0;
  std::uint32_t algorithm = 0;  ///< index in the scenario
  bool timeline = false;        ///< as in RunPlan
};

WireBytes frame_of(const HostOffer& offer);
WireBytes frame_of(const HostPrepare& prepare);
WireBytes frame_of(const HostJoin& join);
WireBytes frame_of(const HostReady& ready);
WireBytes frame_of(const HostLaunch& launch);
WireBytes begin_frame();

/// Results are valid only if `in.ok()` afterwards.
/// Of the number of its run and the kind, which stand before the content of every frame, the kind: maybe none there is.
HostFrame read_kind(ByteReader& in);
HostOffer read_offer(ByteReader& in);
HostPrepare read_prepare(ByteReader& in);
HostJoin read_join(ByteReader& in);
HostReady read_ready(ByteReader& in);
HostLaunch read_launch(ByteReader& in);

}  // namespace tardigrad
