/// Gets a file over HTTP or HTTPS, in as many attempts as it takes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace tardigrad {

struct DownloadResult {
  bool stopped = false;  ///< `watch` has said so; what has come stays in the file
  std::string error;     ///< empty if all is well, else one line without the address
};

/// Told often: bytes that are there, of how many. False stops the download.
using DownloadWatch = std::function<bool(std::uint64_t there, std::uint64_t all)>;

/// Appends to `file` what it lacks of what is at `url`; starts anew where the server cannot go on from the
/// middle. `size` is the file's: a server that sends more is not listened to. What has come before a failure
/// stays, for the next attempt. Follows redirections. Gives up a connection that stands still for half a minute.
DownloadResult download(const std::string& url, const std::filesystem::path& file, std::uint64_t size,
                        const DownloadWatch& watch);

}  // namespace tardigrad
