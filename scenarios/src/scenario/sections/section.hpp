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
#include "scenarios/src/scenario/option_text.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {

struct Scenario;
struct SectionText;

/// The options that one kind has, as { kind = "shards", per_node = 5 } shows them.
struct KeysOfKind {
  std::string kind;
  std::vector<std::string> keys;
};

/// What the user is told of a key.
struct KeyText {
  std::string name;
  std::string summary;
  std::string values;  ///< what it may be
  std::string usual;   ///< what it is if it is left out, as a scenario says it or in words; empty: nothing, or required
  bool is_required = false;
  std::vector<KeysOfKind> kinds;      ///< those that its value may name
  std::vector<SectionText> sections;  ///< the section or table that its value is, and those within
};

/// What the user is told of a section.
struct SectionText {
  std::string place;  ///< "[time]"; empty: the top of the file
  std::vector<KeyText> keys;
};

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
  std::string example;  ///< how a scenario may write it; not empty: the table must have it
  Read read;            ///< empty: another key's entry reads this one as well
  Text text;            ///< the value as a scenario is written; empty, or no text: left out
  Write write;          ///< instead, of what is more than a value
  Condition counts;     ///< whether it is written; empty: always

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
    values = values_text<Value>(limits);
    values_within_ = values_text<Value>;
  }
  /// Of a type of its own.
  Key(std::string own_name, std::string may_be, std::string what, Read reader, Text writer = {})
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
    return usually("").with([&](Key& own) { own.is_required = true, own.example = std::move(written); });
  }
  Key usually(std::string said) const {
    return with([&](Key& own) { own.usual = std::move(said); });
  }
  Key may_be(std::string said) const {
    return with([&](Key& own) { own.values = std::move(said); });
  }
  Key read_by(Read reader) const {
    return with([&](Key& own) { own.read = std::move(reader); });
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
  /// `more` are options of tables of any kind.
  template <class Kinds>
  Key of_kinds(const Kinds& all, const std::vector<std::string>& more = {}) const {
    return with([&](Key& own) {
      for (const auto& kind : all) {
        KeysOfKind of_kind{kind.name, names_of(kind.options)};
        of_kind.keys.insert(of_kind.keys.end(), more.begin(), more.end());
        if (!of_kind.keys.empty()) own.kinds.push_back(std::move(of_kind));
      }
    });
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
      own.values = own.values_within_(own.limits);
    });
  }

  std::string (*values_within_)(const OptionLimits& limits) = nullptr;
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
      if (!key.example.empty()) table.require(key.name, key.example);
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

  /// Its own text, then those of sections and tables within.
  std::vector<SectionText> texts() const {
    std::vector<SectionText> all = {{place, {keys.begin(), keys.end()}}};
    for (const Key<Spec>& key : keys) all.insert(all.end(), key.sections.begin(), key.sections.end());
    return all;
  }
};

}  // namespace tardigrad
