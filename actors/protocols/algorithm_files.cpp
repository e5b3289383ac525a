#include "actors/protocols/algorithm_files.hpp"

#include <utility>

namespace tardigrad {

namespace {

FileAlgorithm open_none(const std::string&) {
  return {nullptr,
          "this program runs no algorithm in Python: use tardigrad-python, or python3 -m tardigrad, which are built "
          "where Python's headers and pybind11 are found"};
}

AlgorithmResolver& resolver() {
  static AlgorithmResolver chosen = open_none;
  return chosen;
}

}  // namespace

bool is_in_file(const std::string& kind) { return kind.find(':') != std::string::npos; }

std::string file_of(const std::string& kind) { return kind.substr(0, kind.rfind(':')); }

std::string plain_name_of(const std::string& kind) { return kind.substr(kind.rfind(':') + 1); }

void resolve_algorithms_with(AlgorithmResolver chosen) { resolver() = std::move(chosen); }

FileAlgorithm find_algorithm_in_file(const std::string& kind) { return resolver()(kind); }

}  // namespace tardigrad
