#include "actors/run/event_archive.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

#include "actors/message_fields.hpp"

namespace tardigrad {

namespace {

/// Every message that actors schedule.
using Content =
    std::variant<StartRound, LocalStepsDone, Evaluate, Evaluated, WaitOver, Outgoing, RoundEnded, Wake, DropUnsent,
                 Arriving, Withdrawn, TransferDue, RateChange, PairRateChange, EvaluateBetween, EvaluatedBetween>;

struct Moment {
  Time at{};
  EventKey key{};
  std::uint32_t target = 0;
  std::uint8_t kind = 0;  ///< index of the message's type in `Content`

  void persist(StateArchive& archive) { archive(at, key, target, kind); }
};

template <std::size_t index = 0>
void save(StateArchive& fields, Moment moment, const caf::type_erased_tuple& message) {
  if constexpr (index < std::variant_size_v<Content>) {
    using Message = std::variant_alternative_t<index, Content>;
    if (!message.match_elements<Message>()) return save<index + 1>(fields, moment, message);
    moment.kind = static_cast<std::uint8_t>(index);
    fields(moment, const_cast<Message&>(message.get_as<Message>(0)));  // saving changes nothing
  } else {
    throw std::logic_error("an event that cannot be saved");
  }
}

template <std::size_t index = 0>
void load(StateArchive& fields, const Moment& moment, const caf::strong_actor_ptr& target, VirtualClock& clock) {
  if constexpr (index < std::variant_size_v<Content>) {
    if (moment.kind != index) return load<index + 1>(fields, moment, target, clock);
    std::variant_alternative_t<index, Content> message;
    fields(message);
    if (fields.ok()) clock.schedule(moment.at, moment.key, target, std::move(message));
  } else {
    fields.fail();
  }
}

}  // namespace

void save_events(ActorArchive& archive, const std::vector<const Event*>& events) {
  StateArchive& fields = archive.fields();
  std::uint64_t count = events.size();
  fields(count);
  for (const Event* event : events) {
    save(fields, {event->at, event->key, archive.number_of(event->target)}, event->message->content());
  }
}

void load_events(ActorArchive& archive, VirtualClock& clock) {
  StateArchive& fields = archive.fields();
  std::uint64_t count = 0;
  fields(count);
  for (std::uint64_t i = 0; i < count && fields.ok(); ++i) {
    Moment moment;
    fields(moment);
    const caf::strong_actor_ptr target = archive.actor(moment.target);
    if (!target || moment.at < clock.now()) fields.fail();
    if (fields.ok()) load(fields, moment, target, clock);
  }
}

}  // namespace tardigrad
