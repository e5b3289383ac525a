/// The order of events that fall on the same instant.
#pragma once

#include <cstdint>
#include <tuple>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// The kind of entity that caused an event. Part of the order: evaluations come after everything else of an
/// instant.
enum class EntityKind : std::uint8_t {
  node = 1,
  uplink = 2,
  link = 3,
  downlink = 4,
  own_rate = 5,  ///< of a pair of nodes
  fragment = 6,
  uplink_proxy = 7,  ///< after everything that may cause the messages it forwards
  fair_switch = 8,   ///< after everything that may change the shares
  absence = 240,
  evaluation_request = 249,
  evaluation = 250,
};

/// Stable name of an entity: the same in every run, process and thread layout.
class EntityId {
 public:
  constexpr EntityId(EntityKind kind, NodeId node, NodeId other = 0)
      : value_(static_cast<std::uint64_t>(kind) << 56 | static_cast<std::uint64_t>(node) << 28 | other) {}

  /// The inverse of `value`.
  explicit constexpr EntityId(std::uint64_t value) : value_(value) {}

  constexpr std::uint64_t value() const { return value_; }
  constexpr EntityKind kind() const { return static_cast<EntityKind>(value_ >> 56); }
  constexpr NodeId node() const { return static_cast<NodeId>(value_ >> 28 & 0xfffffff); }

 private:
  std::uint64_t value_;  // node numbers fit 28 bits: a scenario has at most a million nodes
};

struct EventKey {
  std::uint64_t entity = 0;
  std::uint64_t sequence = 0;

  void persist(StateArchive& archive) { archive(entity, sequence); }

  friend bool operator<(const EventKey& a, const EventKey& b) {
    return std::tie(a.entity, a.sequence) < std::tie(b.entity, b.sequence);
  }
};

/// True if an event of this key can let a run go on: not evaluations or departures of nodes.
inline bool moves_on(const EventKey& key) { return EntityId(key.entity).kind() < EntityKind::absence; }

/// Produces one entity's keys in order.
class EventSource {
 public:
  explicit EventSource(EntityId entity) : entity_(entity) {}
  EventKey next() { return {entity_.value(), sequence_++}; }
  void persist(StateArchive& archive) { archive(sequence_); }

 private:
  EntityId entity_;
  std::uint64_t sequence_ = 0;
};

}  // namespace tardigrad
