/// Algorithms that a file of the user's defines, which a scenario names as "file.py:Class".
#pragma once

#include <functional>
#include <string>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// True if a kind names a file and a class in it: no algorithm of the registry has a colon in its name.
bool is_in_file(const std::string& kind);
/// "file.py" of "file.py:Class".
std::string file_of(const std::string& kind);
/// "Class" of "file.py:Class"; the whole kind if it is in no file.
std::string plain_name_of(const std::string& kind);

struct FileAlgorithm {
  const Algorithm* algorithm = nullptr;  ///< its name is the kind; stays as long as the program runs
  std::string error;                     ///< without an algorithm: one line
};

/// Finds the algorithm `kind`, whose path is absolute.
using AlgorithmResolver = std::function<FileAlgorithm(const std::string& kind)>;

/// From now on files are opened by this resolver. To be called before the first scenario is read; without it a
/// program opens none and says what does.
void resolve_algorithms_with(AlgorithmResolver resolver);
FileAlgorithm find_algorithm_in_file(const std::string& kind);

}  // namespace tardigrad
