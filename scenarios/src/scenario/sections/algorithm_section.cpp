#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <variant>

#include "actors/protocols/algorithm_files.hpp"
#include "actors/protocols/registry.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/shared_keys.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

using AlgorithmKey = Key<AlgorithmSection>;

OptionSpec::Value read_option(const TomlSection& table, const OptionSpec& option) {
  return std::visit(
      [&](const auto& usual) -> OptionSpec::Value {
        if constexpr (std::is_same_v<std::decay_t<decltype(usual)>, CodecSpec>) {
          return read_kind(table, option.name, codec_kinds(), usual);
        } else {
          return read_value(table, option.name, usual, option.limits);
        }
      },
      option.usual);
}

/// All keys of an algorithm's table with these options.
std::vector<std::string> keys_of(const Algorithm& algorithm, const AlgorithmOptions& own);

/// The algorithm that the table names; null after a mistake.
const Algorithm* algorithm_of(const TomlSection& table, const std::string& key) {
  if (!table.is_text(key) || !is_in_file(table.text(key, ""))) {
    const std::string name = table.choice(key, names_of(algorithms()), "");
    return name.empty() ? nullptr : find_algorithm(name);
  }
  const FileAlgorithm found = find_algorithm_in_file(table.file_path(key));
  if (!found.algorithm) table.reject(key, found.error);
  return found.algorithm;
}

/// With the options, which only the kind knows.
void read_algorithm_kind(const TomlSection& table, const AlgorithmKey& key, const Scenario&,
                         AlgorithmSection& section) {
  const Algorithm* const named = algorithm_of(table, key.name);
  // After a mistake the others' options are unknown, and any algorithm stands in for it.
  section.algorithm = named ? named : &algorithms().front();
  const Algorithm& algorithm = *section.algorithm;
  section.options = AlgorithmOptions(algorithm.options);
  if (!named) return;
  const std::size_t earlier_mistakes = table.mistakes();
  for (const OptionSpec& option : algorithm.options) section.options.set(option.name, read_option(table, option));
  // Which keys there are follows from the options.
  if (table.mistakes() > earlier_mistakes) return;
  table.allow(keys_of(algorithm, section.options), "of algorithm " + plain_name_of(algorithm.name));
  section.fragments_at = table.where("fragments");
}

KeyText text_of_option(const OptionSpec& option) {
  KeyText text;
  text.name = option.name;
  text.summary = option.summary;
  text.usual = option_toml(option.usual);
  std::visit(
      [&](const auto& usual) {
        using Value = std::decay_t<decltype(usual)>;
        if constexpr (std::is_same_v<Value, CodecSpec>) {
          text.values = kinds_of("codecs");
          text.family = "codecs";
          text.kinds = kind_texts(codec_kinds());
        } else {
          text.values = form_of<Value>(option.limits);
        }
      },
      option.usual);
  return text;
}

/// All algorithms; which of the keys that not all have depends on options, too.
std::vector<KindText> texts_of_algorithms() {
  std::vector<KindText> texts;
  for (const Algorithm& algorithm : algorithms()) {
    KindText text{algorithm.name, algorithm.summary, {}, toml_quoted(algorithm.name), false, {}, {}};
    for (const OptionSpec& option : algorithm.options) text.options.push_back(text_of_option(option));
    if (algorithm.averages_alone) text.takes.push_back("consensus_rounds");
    if (algorithm.waits) text.takes.push_back("wait_timeout");
    // Behind which its consensus rounds begin.
    if (algorithm.usual_consensus_rounds > 0) text.beside.push_back("training_rounds = 30");
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string algorithm_kind_text(const AlgorithmSection& section) {
  return section.algorithm ? toml_quoted(section.algorithm->name) : "";
}

void read_algorithm_name(const TomlSection& table, const AlgorithmKey&, const Scenario&, AlgorithmSection& section) {
  section.name = read_name(table, plain_name_of(section.algorithm->name));
}

/// Who takes servers sends to them alone.
bool has_topology(const AlgorithmSection& section) { return !section.algorithm || !section.algorithm->servers; }

void read_topology(const TomlSection& table, const AlgorithmKey& key, const Scenario& so_far,
                   AlgorithmSection& section) {
  if (!has_topology(section)) {
    section.topology = section.algorithm->usual_topology;
    if (table.has(key.name)) {
      table.complain(key.name, fmt::format("nodes of {} send to servers alone: leave it out", section.name));
    }
    return;
  }
  const TopologySpec usual = so_far.network.topology.value_or(section.algorithm->usual_topology);
  section.topology = table.has(key.name) ? read_kind(table, key.name, topology_kinds(), TopologySpec{}) : usual;
}

/// Some algorithms have an option of this name instead.
void read_compression(const TomlSection& table, const AlgorithmKey& key, const Scenario&, AlgorithmSection& section) {
  if (section.options.all().count(key.name) > 0) return;
  CodecSpec& spec = section.compression;
  spec = read_kind(table, key.name, codec_kinds(), spec);
  if (table.has_mistake() || spec.kind == "none") return;
  const Compression borne = section.algorithm->borne_compression(section.options);
  if (borne == Compression::none) {
    table.complain(key.name,
                   plain_name_of(section.algorithm->name) + " takes none: expected \"none\", or leave it out");
  } else if (borne == Compression::dense && make_codec(spec)->is_sparse()) {
    table.complain(key.name, fmt::format("{} takes only codecs that send something of every value, got \"{}\"",
                                         plain_name_of(section.algorithm->name), spec.kind));
  }
}

/// What all algorithms have.
const Section<AlgorithmSection>& common_section() {
  static const Section<AlgorithmSection> section = {
      "[[algorithm]]",
      {AlgorithmKey("kind",
                    {"see algorithms, or \"file.py:Class\"",
                     {ValueForm{ValueForm::Type::kind_beside}, ValueForm{ValueForm::Type::class_in_file}}},
                    "which algorithm; its options are further keys", read_algorithm_kind, algorithm_kind_text)
           .required("kind = \"divshare\"")
           .of_kind_texts("algorithms", texts_of_algorithms())
           .also_called({{"algo"}, {"method"}, {"protocol"}}),
       AlgorithmKey("name", &AlgorithmSection::name, "its folder in the results, and its row")
           .read_by(read_algorithm_name)
           .usually("the kind")
           .such_as("name = \"divshare-2\""),
       kind_key<AlgorithmSection>("topology", &AlgorithmSection::topology, topology_kinds(), "topologies",
                                  "who may send to whom; without one in [network], the algorithm's own")
           .read_by(read_topology)
           .usually("the network's")
           .such_as("topology = \"ring\"")
           .written_if(has_topology),
       kind_key<AlgorithmSection>("compression", &AlgorithmSection::compression, codec_kinds(), "codecs",
                                  "a codec before the network")
           .read_by(read_compression)
           .brief()
           .such_as("compression = { kind = \"top-k\", fraction = 0.1 }")
           .also_called({{"compressor"}, {"codec"}, {"sparsification"}, {"quantization"}}),
       AlgorithmKey("local_steps", &AlgorithmSection::local_steps, "minibatch steps of its rounds")
           .within(1, 1e9)
           .usually("those of [training]")
           .such_as("local_steps = 32"),
       AlgorithmKey("training_rounds", &AlgorithmSection::training_rounds, "of a node, which then rests")
           .within(1, 1e9)
           .usually("as many as time permits")
           .such_as("training_rounds = 200")
           .also_called({{"rounds"}, {"num_rounds"}, {"n_rounds"}, {"max_rounds"}, {"iterations"}})}};
  return section;
}

/// What algorithms have whose rounds can average alone.
const Section<AlgorithmSection>& consensus_section() {
  static const Section<AlgorithmSection> section = {
      "algorithms whose rounds average without local steps, too",
      {AlgorithmKey("consensus_rounds", &AlgorithmSection::consensus_rounds,
                    "so many rounds without local steps behind training_rounds")
           .within(0, 1e9)
           .usually("0; of sc-sparse-push 50")
           .needing({"training_rounds"})
           .such_as("consensus_rounds = 50")}};
  return section;
}

const Section<AlgorithmSection>& waiting_section() {
  static const Section<AlgorithmSection> section = {
      "algorithms that wait for messages and can go on without them",
      {AlgorithmKey("wait_timeout", &AlgorithmSection::wait_timeout, "after so long a wait for a message is given up")
           .usually("never")
           .such_as("wait_timeout = \"5s\"")
           .also_called({{"timeout"}})}};
  return section;
}

std::vector<std::string> keys_of(const Algorithm& algorithm, const AlgorithmOptions& own) {
  std::vector<std::string> keys = names_of(common_section().keys);
  if (algorithm.may_give_up(own)) keys.push_back(waiting_section().keys.front().name);
  if (algorithm.averages_alone) keys.push_back(consensus_section().keys.front().name);
  for (const OptionSpec& option : algorithm.options) {
    if (std::find(keys.begin(), keys.end(), option.name) == keys.end()) keys.push_back(option.name);
  }
  return keys;
}

AlgorithmSection read_algorithm(const TomlSection& table, const Scenario& so_far) {
  AlgorithmSection section;
  common_section().read_keys(table, so_far, section);
  section.consensus_rounds = section.algorithm->usual_consensus_rounds;
  if (section.algorithm->averages_alone) consensus_section().read_keys(table, so_far, section);
  if (section.consensus_rounds > 0 && !section.training_rounds) {
    table.complain("consensus_rounds", "expected training_rounds, behind which they begin");
  }
  if (section.algorithm->may_give_up(section.options)) waiting_section().read_keys(table, so_far, section);
  return section;
}

void write_algorithm(const AlgorithmSection& section, TomlWriter& out) {
  out.header(common_section().place);
  common_section().write(section, out);
  if (section.algorithm->averages_alone) consensus_section().write(section, out);
  waiting_section().write(section, out);
  for (const OptionSpec& option : section.algorithm->options) {
    out.key(option.name, option_toml(section.options.all().at(option.name)));
  }
}

/// Names are folders in the results, hence unique.
/// True for a name such as those of the files beside the algorithms' folders.
bool is_file_of_results(const std::string& name) {
  const std::string extension = std::filesystem::path(name).extension().string();
  return name == "checkpoint" || extension == ".part" || extension == ".toml" || extension == ".csv" ||
         extension == ".html" || extension == ".py";
}

void check_names(const std::vector<AlgorithmSection>& sections, const std::vector<TomlSection>& tables) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::string& name = sections[i].name;
    if (is_file_of_results(name)) {
      tables[i].complain("name", fmt::format("expected another one than of a file in the results, got \"{}\"", name));
    }
    if (names.insert(name).second) continue;
    tables[i].complain(tables[i].has("name") ? "name" : "kind",
                       fmt::format("there are two algorithms called '{0}': expected a name of its own, such as "
                                   "name = \"{0}-2\"",
                                   name));
  }
}

void read_algorithms(const TomlSection& root, const Key<Scenario>& key, const Scenario& so_far, Scenario& scenario) {
  const std::vector<TomlSection> tables = root.sections(key.name);
  if (tables.empty()) root.complain(key.name, "expected at least one [[algorithm]] table");
  for (const TomlSection& table : tables) scenario.algorithms.push_back(read_algorithm(table, so_far));
  check_names(scenario.algorithms, tables);
}

}  // namespace

Key<Scenario> algorithms_key() {
  return Key<Scenario>("algorithm", ValueForm{ValueForm::Type::tables}, "what is compared", read_algorithms)
      .written_by([](const Scenario& scenario, TomlWriter& out) {
        for (const AlgorithmSection& section : scenario.algorithms) write_algorithm(section, out);
      })
      .required()
      .with_sections({common_section().text(), consensus_section().text(), waiting_section().text()})
      .such_as(common_section().place)
      .also_called({{"algorithms"}, {"methods"}});
}

}  // namespace tardigrad
