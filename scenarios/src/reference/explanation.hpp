/// The output of `tardigrad explain`: what one word of scenarios or results means.
#pragma once

#include <string>
#include <vector>

namespace tardigrad {

/// One of two.
struct Explanation {
  std::string text;   ///< all that bear this name, one below the other
  std::string error;  ///< one line about an unknown word, with the nearest known one
};

/// `word` is the name of a section, key, kind, algorithm, option, file of results or column, or a path that ends with
/// it: "loss", "network.loss", "divshare.fragments", "topology.base-k", "links.csv.busy_s". Brackets may stand around
/// it.
Explanation explain(const std::string& word);

/// The last parts of all words, each once: for completion.
std::vector<std::string> explained_words();

}  // namespace tardigrad
