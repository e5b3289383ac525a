/// Data sets as their authors publish them, and how they come to this machine.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/src/system/exit_code.hpp"

namespace tardigrad {

/// One archive.
struct DatasetPackage {
  std::string name;
  std::string summary;
  std::string url;                 ///< of its authors
  std::uint64_t size = 0;          ///< bytes
  std::string sha256;              ///< 64 hexadecimal digits
  std::string folder;              ///< all that is in it
  std::vector<std::string> files;  ///< some of what must be in that folder
};

const std::vector<DatasetPackage>& dataset_packages();

struct FetchRequest {
  DatasetPackage package;
  std::filesystem::path data = "data";  ///< the package's folder will be in it
  std::filesystem::path from = {};      ///< the archive, or the folder that has it; empty: from its address
};

struct FetchOutcome {
  ExitCode code = exit_done;
  std::string text;  ///< one line: where it is, or what went wrong
};

/// Gets the archive, checks its size and fingerprint, unpacks it beside its place and moves it there as a
/// whole: its folder is there and complete, or not there. A download that was broken off goes on the next
/// time. If the folder is there already, nothing is done. `progress` is told how far it is.
FetchOutcome fetch(const FetchRequest& request, std::FILE* progress);

}  // namespace tardigrad
