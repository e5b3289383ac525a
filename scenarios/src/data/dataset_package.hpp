/// Data sets as their authors publish them, and the way to fetch them.
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
  std::string url;                 ///< at its authors
  std::uint64_t size = 0;          ///< bytes
  std::string sha256;              ///< 64 hexadecimal digits
  std::string folder;              ///< the folder that contains everything in the archive
  std::vector<std::string> files;  ///< some files that must be in that folder
};

const std::vector<DatasetPackage>& dataset_packages();

struct FetchRequest {
  DatasetPackage package;
  std::filesystem::path data = "data";  ///< the folder for the package's folder
  std::filesystem::path from = {};      ///< the archive, or the folder that has it; empty: from its address
};

struct FetchOutcome {
  ExitCode code = exit_done;
  std::string text;  ///< one line: the folder, or the error
};

/// Fetches the archive, checks its size and checksum, unpacks it beside its place and moves it there as a
/// whole: its folder is complete, or does not exist. A download that was broken off continues the next time. If
/// the folder exists already, nothing is done. Progress is written to `progress`.
FetchOutcome fetch(const FetchRequest& request, std::FILE* progress);

}  // namespace tardigrad
