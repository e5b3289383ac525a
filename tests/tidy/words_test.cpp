/// The words of the tree: comments and texts cite only files that are there, and comments speak of code as of things.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/places.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolders[] = {".ci", ".github", "netem", "models", "runtime", "actors", "scenarios", "tests"};

const fs::path& root() {
  static const fs::path path = TARDIGRAD_SOURCE_DIR;
  return path;
}

struct Line {
  std::string file;
  std::size_t number;
  std::string text;

  std::string place() const { return file + ":" + std::to_string(number); }
};

bool is_code(const fs::path& file) { return file.extension() == ".hpp" || file.extension() == ".cpp"; }

/// Files whose comments begin with '#'.
bool is_script(const fs::path& file) {
  static const std::set<fs::path> endings = {".sh", ".cmake", ".toml", ".txt", ".py"};
  return endings.count(file.extension()) > 0 || file.parent_path() == ".ci";
}

/// The comment of a line; the whole line of a text without comments. Empty if there is none.
std::string comment_of(const std::string& line, const fs::path& file) {
  if (file.extension() == ".md") return line;
  const std::string_view marker = is_code(file) ? "//" : "#";
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && line.compare(i, marker.size(), marker) == 0) {
      return line.substr(i + marker.size());
    }
  }
  return {};
}

const std::vector<fs::path>& files() {
  static const std::vector<fs::path> all = [] {
    std::vector<fs::path> found = {"README.md", "CMakeLists.txt"};
    for (const char* folder : kFolders) {
      for (const auto& entry : fs::recursive_directory_iterator(root() / folder)) {
        if (entry.is_regular_file()) found.push_back(entry.path().lexically_relative(root()));
      }
    }
    return found;
  }();
  return all;
}

std::vector<Line> comments() {
  std::vector<Line> lines;
  for (const fs::path& file : files()) {
    if (!is_code(file) && !is_script(file) && file.extension() != ".md") continue;
    std::ifstream stream(root() / file);
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
      ++number;
      std::string text = comment_of(line, file);
      if (!text.empty()) lines.push_back({file.string(), number, std::move(text)});
    }
  }
  return lines;
}

/// Names and words: letters, digits and the signs of paths, without a full stop at the end.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) || std::string_view("_-./+").find(c) != std::string_view::npos) {
      word += c;
      continue;
    }
    while (!word.empty() && word.back() == '.') word.pop_back();
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  }
  return words;
}

bool ends_with(const std::string& word, std::string_view ending) {
  return word.size() > ending.size() && std::string_view(word).substr(word.size() - ending.size()) == ending;
}

bool is_reference(const std::string& word) {
  const bool names_file = ends_with(word, ".md") || ends_with(word, ".hpp") || ends_with(word, ".cpp");
  return names_file && word.find("//") == std::string::npos;  // "//" stands in addresses
}

/// As a path from the root or from the citing file, or as a name that some file has.
bool is_there(const std::string& word, const fs::path& citing) {
  if (fs::exists(root() / word) || fs::exists(root() / citing.parent_path() / word)) return true;
  return std::any_of(files().begin(), files().end(), [&](const fs::path& file) { return file.filename() == word; });
}

TEST_CASE("every file that a comment or a text cites is in the tree") {
  std::size_t cited = 0;
  for (const Line& line : comments()) {
    for (const std::string& word : words_of(line.text)) {
      if (!is_reference(word)) continue;
      ++cited;
      CHECK_MESSAGE(is_there(word, line.file), line.place() << " cites " << word);
    }
  }
  CHECK(cited > 50);
}

TEST_CASE("no comment calls code he, and none cites a section of a text that is not in the tree") {
  const std::set<std::string> forbidden = {"he", "his", "him", "himself"};
  for (const Line& line : comments()) {
    const std::vector<std::string> words = words_of(line.text);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      CHECK_MESSAGE(forbidden.count(word) == 0, line.place() << " says " << word);
      const bool is_section =
          i > 0 && words[i - 1] == "spec" && word.size() > 2 && std::isupper(word[0]) && word[1] == '.';
      CHECK_MESSAGE(!is_section, line.place() << " cites spec " << word);
    }
  }
}

}  // namespace
}  // namespace tardigrad
