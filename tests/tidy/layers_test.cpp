/// Tests the order of the folders: layers.txt lists the folders that each may include, and the tree includes no
/// others.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/places.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostUnits = 20;
constexpr const char* kLayers[] = {"netem", "models", "runtime", "actors", "scenarios"};

/// One line of layers.txt.
struct Group {
  std::string name;
  bool is_planned = false;
  std::vector<std::string> may_use;
};

fs::path source(const std::string& path) { return fs::path(TARDIGRAD_SOURCE_DIR) / path; }

std::vector<Group> read_table() {
  std::ifstream file(source("tests/tidy/layers.txt"));
  REQUIRE(file);
  std::vector<Group> groups;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    std::istringstream head(line.substr(0, colon));
    std::istringstream tail(line.substr(colon + 1));
    Group group;
    std::string note;
    head >> group.name >> note;
    group.is_planned = note == "(planned)";
    for (std::string used; tail >> used;) group.may_use.push_back(used);
    groups.push_back(std::move(group));
  }
  return groups;
}

bool names(const std::string& pattern, const std::string& group) {
  const std::size_t star = pattern.find("/*");
  if (star == std::string::npos) return pattern == group;
  const std::string folder = pattern.substr(0, star);
  return group == folder || group.compare(0, folder.size() + 1, folder + "/") == 0;
}

bool may_use(const Group& user, const std::string& used) {
  return user.name == used || std::any_of(user.may_use.begin(), user.may_use.end(),
                                          [&](const std::string& pattern) { return names(pattern, used); });
}

class Tree {
 public:
  Tree() {
    for (const Group& group : read_table()) groups_.emplace(group.name, group);
    for (const char* layer : kLayers) {
      for (const auto& entry : fs::recursive_directory_iterator(source(layer))) {
        const std::string ending = entry.path().extension().string();
        if (ending == ".hpp" || ending == ".cpp")
          files_.push_back(entry.path().lexically_relative(source("")).string());
      }
    }
  }

  const std::vector<std::string>& files() const { return files_; }
  const Group* find(const std::string& name) const {
    const auto found = groups_.find(name);
    return found == groups_.end() ? nullptr : &found->second;
  }
  /// The unit's own line if it has one, else its folder's; null if neither is in the table.
  const Group* group_of(const std::string& file) const {
    const Group* unit = find(fs::path(file).replace_extension().string());
    return unit ? unit : find(fs::path(file).parent_path().string());
  }

 private:
  std::map<std::string, Group> groups_;
  std::vector<std::string> files_;
};

/// Included files of this project, as paths from the root.
std::vector<std::string> includes_of(const std::string& file) {
  const std::string begin = "#include \"";
  std::ifstream text(source(file));
  std::vector<std::string> included;
  for (std::string line; std::getline(text, line);) {
    if (line.compare(0, begin.size(), begin) == 0)
      included.push_back(line.substr(begin.size(), line.rfind('"') - begin.size()));
  }
  return included;
}

TEST_CASE("every folder includes only what its line in the table of layers allows") {
  const Tree tree;
  REQUIRE(tree.files().size() > 300);
  for (const std::string& file : tree.files()) {
    const Group* user = tree.group_of(file);
    REQUIRE_MESSAGE(user, file << " lies in a folder that tests/tidy/layers.txt does not have");
    for (const std::string& included : includes_of(file)) {
      if (!fs::exists(source(included))) continue;  // made by the build
      const Group* used = tree.group_of(included);
      REQUIRE_MESSAGE(used, file << " includes " << included << ", which is in no layer");
      CHECK_MESSAGE(may_use(*user, used->name), file << " includes " << included);
    }
  }
}

TEST_CASE("the table of layers goes bottom up and has no line for what is not there") {
  std::set<std::string> above;
  for (const Group& group : read_table()) {
    for (const std::string& used : group.may_use) {
      const bool stands_above =
          std::any_of(above.begin(), above.end(), [&](const auto& name) { return names(used, name); });
      CHECK_MESSAGE(stands_above, group.name << " may use " << used << ", which stands below it or nowhere");
    }
    const bool exists = fs::is_directory(source(group.name)) || fs::exists(source(group.name + ".cpp"));
    CHECK_MESSAGE(exists != group.is_planned, group.name << (exists ? " is there" : " is not there"));
    CHECK_MESSAGE(above.insert(group.name).second, group.name << " has two lines");
  }
}

TEST_CASE("a folder has no more units than a person can hold, and says in a few lines what lives there") {
  const Tree tree;
  std::map<std::string, std::set<std::string>> units;
  for (const std::string& file : tree.files())
    units[fs::path(file).parent_path().string()].insert(fs::path(file).stem());
  for (const auto& [folder, names] : units) {
    CHECK_MESSAGE(names.size() <= kMostUnits, folder << " has " << names.size() << " units");
    CHECK_MESSAGE(fs::exists(source(folder) / "README.md"), folder << " has no README.md");
  }
}

}  // namespace
}  // namespace tardigrad
