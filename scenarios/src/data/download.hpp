/// Downloads a file over HTTP or HTTPS, in several attempts if necessary.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace tardigrad {

struct DownloadResult {
  bool stopped = false;  ///< stopped by `watch`; the received bytes stay in the file
  std::string error;     ///< one line without the address; empty on success
};

/// Called often, with the bytes in the file and their final number. False stops the download.
using DownloadWatch = std::function<bool(std::uint64_t there, std::uint64_t all)>;

/// Appends to `file` the missing bytes of the content at `url`; starts anew if the server cannot continue from
/// the middle. `size` is the file's final size: a server that sends more is not trusted. Bytes received before
/// a failure stay, for the next attempt. Follows redirections. Gives up a connection that stands still for half
/// a minute.
DownloadResult download(const std::string& url, const std::filesystem::path& file, std::uint64_t size,
                        const DownloadWatch& watch);

}  // namespace tardigrad
