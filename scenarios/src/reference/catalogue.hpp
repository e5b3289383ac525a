/// Everything that the user may name, as its descriptors say it, without the types that they fill.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/scenario/key_text.hpp"
#include "scenarios/src/text/columns.hpp"

namespace tardigrad {

/// Kinds of which a scenario names one.
struct Family {
  std::string topic;              ///< of `tardigrad list`
  std::string noun;               ///< what one of them is called: "topology"
  std::string title;              ///< "Topologies, [network] or [[algorithm]] topology = \"...\""
  std::string written;            ///< how a scenario names one, "{}" being a kind's example: "topology = {}"
  std::vector<std::string> keys;  ///< that name one
  std::vector<KindText> kinds;
};

/// In the order in which they are listed to the user; data sets, partitions and archives have one topic.
const std::vector<Family>& families();
/// Null if there is none of that noun.
const Family* find_family(const std::string& noun);

/// How a scenario names this kind, with the options that it must have, and how it gives it this option. Lines; that of
/// an option which stands beside the kind is the option's alone.
std::string kind_line(const Family& family, const KindText& kind);
std::string option_line(const Family& family, const KindText& kind, const KeyText& option);
/// How a scenario may write a key of this section; empty if nobody has said it.
std::string key_line(const SectionText& section, const KeyText& key);

/// True for a value in TOML, false for words that say what is usual.
bool is_toml_value(const std::string& text);

/// The files with a run's results, each with its columns.
const std::vector<ColumnTexts>& result_files();

}  // namespace tardigrad
