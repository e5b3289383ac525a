/// A message that was dropped before its last byte had left the sender.
#pragma once

#include <optional>

#include "netem/base/units.hpp"

namespace tardigrad {

template <class Message>
struct DroppedMessage {
  Message message;
  std::optional<Time> begin;  ///< begin of its transmission, if that had begun
};

}  // namespace tardigrad
