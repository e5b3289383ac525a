#include "scenarios/src/data/download.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "scenarios/src/system/open_file.hpp"

namespace tardigrad {
namespace {

constexpr long kMostRedirections = 5;
constexpr long kConnectSeconds = 20;
constexpr long kStillSeconds = 30;

/// One attempt.
class Transfer {
 public:
  Transfer(const std::filesystem::path& file, std::uint64_t size, const DownloadWatch& watch)
      : watch_(watch), size_(size), file_(std::fopen(file.c_str(), "ab")), curl_(curl_easy_init(), curl_easy_cleanup) {
    std::error_code unreadable;
    const std::uintmax_t there = std::filesystem::file_size(file, unreadable);
    if (!file_ || unreadable) error_ = fmt::format("{}: cannot write: {}", file.string(), system_error());
    there_ = unreadable ? 0 : there;
  }

  CURLcode get(const std::string& url) {
    if (!error_.empty() || !curl_) return CURLE_FAILED_INIT;
    CURL* const curl = curl_.get();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    // A request over TLS must not be redirected to plain HTTP.
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, url.rfind("https:", 0) == 0 ? "https" : "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kMostRedirections);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kStillSeconds);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "tardigrad/" TARDIGRAD_VERSION);
    curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(there_));
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason_.data());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
    const CURLcode code = curl_easy_perform(curl);
    if (std::fflush(file_.get()) != 0 && error_.empty()) error_ = "cannot write: " + system_error();
    if (code == CURLE_OK || code == CURLE_ABORTED_BY_CALLBACK || !error_.empty()) return code;
    error_ = reason_.front() != '\0' ? reason_.data() : curl_easy_strerror(code);
    return code;
  }

  const std::string& error() const { return error_; }

 private:
  static std::string system_error() { return std::generic_category().message(errno); }

  static std::size_t on_bytes(const char* bytes, std::size_t one, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->append(bytes, one * count);
  }

  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const Transfer& transfer = *static_cast<Transfer*>(self);
    return transfer.watch_(transfer.there_, transfer.size_) ? 0 : 1;
  }

  /// The number of bytes taken: all, or the transfer is over.
  std::size_t append(const char* bytes, std::size_t count) {
    if (there_ + count > size_) {
      error_ = fmt::format("expected {} bytes, the server has more", size_);
      return 0;
    }
    const std::size_t written = std::fwrite(bytes, 1, count, file_.get());
    if (written < count) error_ = "cannot write: " + system_error();
    there_ += written;
    return written;
  }

  const DownloadWatch& watch_;
  std::uint64_t size_;
  std::uint64_t there_ = 0;
  std::string error_;
  std::array<char, CURL_ERROR_SIZE> reason_{};
  OpenFile file_;
  std::unique_ptr<CURL, void (*)(CURL*)> curl_;
};

}  // namespace

DownloadResult download(const std::string& url, const std::filesystem::path& file, std::uint64_t size,
                        const DownloadWatch& watch) {
  for (const bool again : {false, true}) {
    Transfer transfer(file, size, watch);
    const CURLcode code = transfer.get(url);
    if (code == CURLE_ABORTED_BY_CALLBACK) return {true, {}};
    // The server cannot continue from the middle.
    if (code != CURLE_RANGE_ERROR || again) return {false, transfer.error()};
    std::error_code failed;
    std::filesystem::resize_file(file, 0, failed);
  }
  return {};
}

}  // namespace tardigrad
