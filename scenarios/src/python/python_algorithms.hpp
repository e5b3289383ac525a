/// Algorithms that are written in Python: classes derived from `tardigrad.Protocol`, see
/// scenarios/python/tardigrad/protocol.py.
#pragma once

#include <string>

#include "actors/protocols/algorithm_files.hpp"

namespace tardigrad {

/// Opens the file of a kind "/folder/file.py:Class", which runs it, and describes its class as an algorithm. To be
/// called from the main thread.
FileAlgorithm python_algorithm(const std::string& kind);

}  // namespace tardigrad
