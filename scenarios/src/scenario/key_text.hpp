/// What the user is told of keys, sections and kinds, whatever they are read into: `tardigrad list`, `explain`, the
/// reference and the schema for editors are made of these texts alone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "netem/base/kind.hpp"

namespace tardigrad {

/// One form of a value, for programs.
struct ValueForm {
  enum class Type {
    flag,
    integer,
    number,
    text,
    file,
    duration,
    rate,
    list_of_integers,
    list_of_numbers,
    list_of_texts,
    list_of_pairs,
    kind,           ///< the name of a kind, or a table with its options
    same_kind,      ///< any kind of the family of which this is an option
    table,          ///< of the keys of `KeyText::sections`
    tables,         ///< a list of such tables
    kind_beside,    ///< the name of a kind; its options stand beside this key
    class_in_file,  ///< "file.py:Class", whose options stand beside this key
  };

  Type type = Type::text;
  OptionLimits limits{};
};

/// "integer, 1 to 8", "a file", "\"group\" or \"batch\"".
std::string values_text(const ValueForm& form);

/// What a value may be, in words and in forms, any of which it may have.
struct PossibleValues {
  std::string text;
  std::vector<ValueForm> forms;

  PossibleValues() = default;
  PossibleValues(ValueForm form) : text(values_text(form)) { forms.push_back(std::move(form)); }
  PossibleValues(std::string said, std::vector<ValueForm> own) : text(std::move(said)), forms(std::move(own)) {}
  /// Of a form without limits.
  PossibleValues(std::string said, ValueForm::Type type) : PossibleValues(std::move(said), {ValueForm{type}}) {}

  bool may_be(ValueForm::Type type) const;
};

/// What other tools call a key.
struct Synonym {
  std::string name;
  std::string remark{};  ///< where it is not quite the same; may be empty
};

/// The key that somebody means who uses the name of another tool.
struct MeantKey {
  std::string name;
  std::string place;  ///< of its section, "[training]"
  std::string remark;
};

struct KindText;
struct SectionText;

/// What the user is told of a key, or of an option of a kind.
struct KeyText {
  std::string name;
  std::string summary;
  PossibleValues values;
  std::string usual;  ///< what it is if it is left out, as a scenario says it or in words; empty: nothing, or required
  std::string example;  ///< how a scenario may write it; empty: as `usual`
  bool is_required = false;
  bool depends_on_kind = false;       ///< only some of the kinds that the key beside it names have it
  std::vector<std::string> excludes;  ///< keys of its section that cannot stand beside it
  std::vector<std::string> needs;     ///< keys of its section that must stand beside it
  std::string partner;                ///< it counts only if this key has the value `partner_value`; empty: always
  std::string partner_value;
  std::vector<Synonym> synonyms;
  std::string family;           ///< the topic of `tardigrad list` that has its kinds; empty: it has none
  std::vector<KindText> kinds;  ///< those that its value may name
  /// The section or table that its value is; several if their keys stand in one table, where those of all but the first
  /// depend on the table's kind.
  std::vector<SectionText> sections;
};

/// What the user is told of a kind: of a topology, a model, an algorithm, ...
struct KindText {
  std::string name;
  std::string summary;
  std::vector<KeyText> options;
  std::string example;              ///< how a scenario may write the value that names it
  bool is_known_by_option = false;  ///< as in `NamedKind`
  std::vector<std::string> takes;   ///< keys of its table that not all kinds have
  std::vector<std::string> beside;  ///< lines that must stand beside the one that names it
};

/// What the user is told of a section.
struct SectionText {
  std::string place;  ///< "[time]"; empty: the top of the file
  std::vector<KeyText> keys;
};

/// "clock = \"virtual\"", "duration (required)".
std::string key_with_usual(const KeyText& key);

/// The summary, and what the key needs beside it: "...; with norm = \"group\"".
std::string summary_with_condition(const KeyText& key);

}  // namespace tardigrad
