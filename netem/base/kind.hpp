/// Describes what a scenario chooses by name (a topology, a codec, a model, ...) once: reader, writer, list and
/// suggestions follow from the description.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// What the value of an option may be.
struct OptionLimits {
  double lowest = 0;                   ///< numbers and lists of them only
  double highest = 0;                  ///< numbers and lists of them only
  std::vector<std::string> choices{};  ///< texts only; empty: any text
  bool above_lowest = false;           ///< the lowest number is itself too low
  bool is_path = false;                ///< a text that names a file
};

/// One member of `Spec` that kinds let the scenario set, by a key of the option's name. Its usual value is that of a
/// `Spec{}`. Made as a chain: KindOption("degree", &TopologySpec::degree, "...").within(1, 10).
template <class Spec>
struct KindOption {
  /// The last two: a list, and a whole `Spec` of its own (a spanning tree is of another topology).
  using Member =
      std::variant<bool Spec::*, std::int64_t Spec::*, std::uint32_t Spec::*, double Spec::*, std::string Spec::*,
                   Time Spec::*, std::vector<std::int64_t> Spec::*, std::shared_ptr<const Spec> Spec::*>;

  std::string name;
  Member member;
  std::string summary;
  OptionLimits limits{};
  std::string example{};  ///< how a scenario may write it; not empty: the key is required
  bool is_brief = false;  ///< a scenario is written without it where it has its usual value
  std::string partner{};  ///< the option that must have the value `partner_value`; empty: none
  std::string partner_value{};

  KindOption(std::string key, Member field, std::string text)
      : name(std::move(key)), member(field), summary(std::move(text)) {}

  KindOption within(double from, double to) const {
    return with([&](KindOption& own) { own.limits.lowest = from, own.limits.highest = to; });
  }
  KindOption above(double lowest_excluded, double to) const {
    KindOption own = within(lowest_excluded, to);
    own.limits.above_lowest = true;
    return own;
  }
  KindOption one_of(std::vector<std::string> texts) const {
    return with([&](KindOption& own) { own.limits.choices = std::move(texts); });
  }
  KindOption path() const {
    return with([](KindOption& own) { own.limits.is_path = true; });
  }
  KindOption required(std::string written) const {
    return with([&](KindOption& own) { own.example = std::move(written); });
  }
  KindOption brief() const {
    return with([](KindOption& own) { own.is_brief = true; });
  }
  KindOption only_with(std::string option, std::string value) const {
    return with([&](KindOption& own) { own.partner = std::move(option), own.partner_value = std::move(value); });
  }

 private:
  template <class Change>
  KindOption with(const Change& change) const {
    KindOption own = *this;
    change(own);
    return own;
  }
};

/// What is wrong with options that are right one by one: a clause about the option of this name.
struct OptionObjection {
  std::string option;
  std::string what;  ///< empty: nothing is
};

/// One kind. Families that need more (a factory) derive from it.
template <class Spec>
struct NamedKind {
  /// A text, which is the name, or an enumerator.
  using Id = decltype(Spec::kind);

  std::string name;
  Id id;
  std::string summary;
  std::vector<KindOption<Spec>> options;
  std::function<OptionObjection(const Spec&)> objection;
  /// A scenario names it by its first option, which stands in place of `kind`: { torchscript = "my_model.pt" }.
  bool is_known_by_option = false;

  NamedKind(std::string own_name, Id own_id, std::string text, std::vector<KindOption<Spec>> own_options = {},
            std::function<OptionObjection(const Spec&)> own_objection = {})
      : name(std::move(own_name)),
        id(std::move(own_id)),
        summary(std::move(text)),
        options(std::move(own_options)),
        objection(std::move(own_objection)) {}
  /// Of a family whose members know their kind by its name.
  NamedKind(const std::string& own_name, std::string text, std::vector<KindOption<Spec>> own_options = {},
            std::function<OptionObjection(const Spec&)> own_objection = {})
      : NamedKind(own_name, own_name, std::move(text), std::move(own_options), std::move(own_objection)) {}
};

/// The kind of `spec`; null if the family has none such.
template <class Kinds, class Spec>
auto find_kind(const Kinds& kinds, const Spec& spec) -> decltype(kinds.data()) {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.id == spec.kind; });
  return found == kinds.end() ? nullptr : &*found;
}

/// Whether an option counts, given the others' values: it has no partner, or the partner has the value it needs.
template <class Spec>
bool counts(const KindOption<Spec>& option, const std::vector<KindOption<Spec>>& all, const Spec& spec) {
  if (option.partner.empty()) return true;
  const auto partner =
      std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.name == option.partner; });
  return spec.*std::get<std::string Spec::*>(partner->member) == option.partner_value;
}

template <class Kinds>
std::vector<std::string> names_of(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const auto& kind : kinds) names.push_back(kind.name);
  return names;
}

}  // namespace tardigrad
