/// Describes a [section] of a scenario file once, key by key: reader, writer, the allowed keys, suggestions and
/// `tardigrad list keys` follow from it.
///
///   Key("batch_size", &TrainingSpec::batch_size, "samples of a minibatch").within(1, 1'000'000)
///
/// The type of the member says how the key is read and written, and a `Spec{}` has its usual value. What is special
/// about a key is said by the chain behind it.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "netem/base/kind.hpp"
#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/option_text.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {

struct Scenario;
/// A member of a member, for a `Key`.
template <class Outer, class Middle, class Inner>
auto nested(Middle Outer::*middle, Inner Middle::*inner) {
  return [=](auto& spec) -> auto& { return spec.*middle.*inner; };
}

/// One key of a section that is read into a `Spec`.
template <class Spec>
struct Key : KeyText {
  /// `so_far` has what was read before: all keys above this one, in this section and in those above.
  using Read = std::function<void(const TomlSection& table, const Key& key, const Scenario& so_far, Spec& spec)>;
  using Text = std::function<std::string(const Spec& spec)>;
  using Write = std::function<void(const Spec& spec, TomlWriter& out)>;
  using Condition = std::function<bool(const Spec& spec)>;

  OptionLimits limits;
  Read read;                  ///< empty: another key's entry reads this one as well
  Text text;                  ///< the value as a scenario is written; empty, or no text: left out
  Write write;                ///< instead, of what is more than a value
  Condition counts;           ///< whether it is written; empty: always
  bool is_asked_for = false;  ///< the table must have it

  /// `Member` is a pointer to a member, or what `nested` returns.
  template <class Member>
  Key(std::string own_name, Member member, std::string what) {
    using Value = std::decay_t<decltype(std::invoke(member, std::declval<Spec&>()))>;
    name = std::move(own_name);
    summary = std::move(what);
    read = [member](const TomlSection& table, const Key& key, const Scenario&, Spec& spec) {
      Value& value = std::invoke(member, spec);
      value = read_value(table, key.name, value, key.limits);
    };
    text = [member](const Spec& spec) { return value_text(std::invoke(member, spec)); };
    usual = text(Spec{});
    values = form_of<Value>(limits);
    form_within_ = form_of<Value>;
  }
  /// Of a type of its own.
  Key(std::string own_name, PossibleValues may_be, std::string what, Read reader, Text writer = {})
      : read(std::move(reader)), text(std::move(writer)) {
    name = std::move(own_name);
    values = std::move(may_be);
    summary = std::move(what);
    if (text) usual = text(Spec{});
  }

  Key within(double from, double to) const {
    return limited([&](OptionLimits& own) { own.lowest = from, own.highest = to; });
  }
  Key above(double lowest_excluded, double to) const {
    return within(lowest_excluded, to).limited([](OptionLimits& own) { own.above_lowest = true; });
  }
  Key one_of(std::vector<std::string> texts) const {
    return limited([&](OptionLimits& own) { own.choices = std::move(texts); });
  }
  Key path() const {
    return limited([](OptionLimits& own) { own.is_path = true; }).usually("");
  }
  /// Without an example the key's reader complains itself.
  Key required(std::string written = "") const {
    return usually("").with([&](Key& own) {
      own.is_required = true;
      own.is_asked_for = !written.empty();
      if (own.is_asked_for) own.example = std::move(written);
    });
  }
  /// What its maker has made required.
  Key optional() const {
    return with([](Key& own) { own.is_required = own.is_asked_for = false; });
  }
  Key usually(std::string said) const {
    return with([&](Key& own) { own.usual = std::move(said); });
  }
  Key may_be(PossibleValues said) const {
    return with([&](Key& own) { own.values = std::move(said); });
  }
  /// How a scenario may write it.
  Key such_as(std::string written) const {
    return with([&](Key& own) { own.example = std::move(written); });
  }
  /// The checks that enforce this are the section's `finish`, or the key's reader.
  Key excluding(std::vector<std::string> keys) const {
    return with([&](Key& own) { own.excludes = std::move(keys); });
  }
  Key needing(std::vector<std::string> keys) const {
    return with([&](Key& own) { own.needs = std::move(keys); });
  }
  Key only_with(std::string key, std::string value) const {
    return with([&](Key& own) { own.partner = std::move(key), own.partner_value = std::move(value); });
  }
  Key of_some_kinds() const {
    return with([](Key& own) { own.depends_on_kind = true; });
  }
  /// What other tools call it.
  Key also_called(std::vector<Synonym> names) const {
    return with([&](Key& own) { own.synonyms = std::move(names); });
  }
  Key read_by(Read reader) const {
    return with([&](Key& own) { own.read = std::move(reader); });
  }
  Key written_as(Text writer) const {
    return with([&](Key& own) { own.text = std::move(writer); });
  }
  Key written_by(Write writer) const {
    return with([&](Key& own) { own.write = std::move(writer); });
  }
  Key written_if(Condition condition) const {
    return with([&](Key& own) { own.counts = std::move(condition); });
  }
  /// A scenario is written without it where it has its usual value.
  Key brief() const {
    return written_if([own = text](const Spec& spec) { return own(spec) != own(Spec{}); });
  }
  /// Of this topic of `tardigrad list`. `more` are options of tables of any kind.
  template <class Kinds>
  Key of_kinds(const std::string& topic, const Kinds& all, const std::vector<KeyText>& more = {}) const {
    return of_kind_texts(topic, kind_texts(all, more));
  }
  Key of_kind_texts(const std::string& topic, std::vector<KindText> all) const {
    return with([&](Key& own) { own.family = topic, own.kinds = std::move(all); });
  }
  Key with_sections(std::vector<SectionText> own_sections) const {
    return with([&](Key& own) { own.sections = std::move(own_sections); });
  }

 private:
  template <class Change>
  Key with(const Change& change) const {
    Key own = *this;
    change(own);
    return own;
  }
  template <class Change>
  Key limited(const Change& change) const {
    return with([&](Key& own) {
      change(own.limits);
      own.values = own.form_within_(own.limits);
    });
  }

  ValueForm (*form_within_)(const OptionLimits& limits) = nullptr;
};

/// A [section], [[section]] or table that is read into a `Spec`.
template <class Spec>
struct Section {
  std::string place;  ///< as in `SectionText`; the header of a [section] or [[section]]
  std::vector<Key<Spec>> keys;
  /// Comes after all keys: what follows from several of them, and checks of them together.
  std::function<void(const TomlSection& table, const Scenario& so_far, Spec& spec)> finish{};

  /// Complains of all other keys.
  void read(const TomlSection& table, const Scenario& so_far, Spec& spec) const {
    table.allow(names_of(keys));
    read_keys(table, so_far, spec);
    if (finish) finish(table, so_far, spec);
  }
  void read_keys(const TomlSection& table, const Scenario& so_far, Spec& spec) const {
    for (const Key<Spec>& key : keys) {
      if (key.is_asked_for) table.require(key.name, key.example);
      if (key.read) key.read(table, key, so_far, spec);
    }
  }
  void write(const Spec& spec, TomlWriter& out) const {
    for (const Key<Spec>& key : keys) {
      if (key.counts && !key.counts(spec)) continue;
      if (key.write) key.write(spec, out);
      const std::string text = !key.write && key.text ? key.text(spec) : "";
      if (!text.empty()) out.key(key.name, text);
    }
  }

  /// "a table such as { rate = 0.01 }"; for the value of a key.
  std::string table_text() const {
    for (const Key<Spec>& key : keys) {
      if (!key.example.empty()) return "a table such as { " + key.example + " }";
    }
    return "a table";
  }

  SectionText text() const { return {place, {keys.begin(), keys.end()}}; }
};

}  // namespace tardigrad
