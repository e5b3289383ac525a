/// A web server for tests, of one file.
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace tardigrad::test {

/// Answers one request after the other, on loopback, with the whole file or the rest of it.
class HttpServer {
 public:
  struct Behaviour {
    bool knows_ranges = true;
    bool is_missing = false;
    /// The greatest number of bytes of the body; then the connection is closed.
    std::size_t most_bytes = std::numeric_limits<std::size_t>::max();
  };

  explicit HttpServer(std::string content) : content_(std::move(content)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 8) != 0 || getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("no port for a test's web server");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Stops answering.
  void stop() {
    if (!thread_.joinable()) return;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string url(const std::string& name) const { return fmt::format("http://127.0.0.1:{}/{}", port_, name); }

  void behave(const Behaviour& behaviour) {
    const std::lock_guard lock(mutex_);
    behaviour_ = behaviour;
  }
  /// The first bytes that the requests asked for.
  std::vector<std::size_t> begins() const {
    const std::lock_guard lock(mutex_);
    return begins_;
  }

 private:
  void serve() {
    for (;;) {
      const int client = accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      answer(client);
      close(client);
    }
  }

  void answer(int client) {
    std::string request;
    char bytes[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = recv(client, bytes, sizeof bytes, 0);
      if (count <= 0) return;
      request.append(bytes, static_cast<std::size_t>(count));
    }
    const std::string range = "Range: bytes=";
    const std::size_t found = request.find(range);
    std::size_t begin = found == std::string::npos ? 0 : std::stoul(request.substr(found + range.size()));
    const std::lock_guard lock(mutex_);
    begins_.push_back(begin);
    if (!behaviour_.knows_ranges) begin = 0;
    if (behaviour_.is_missing) return reply(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
    if (begin > 0 && begin >= content_.size()) {
      return reply(client, fmt::format("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{}\r\n"
                                       "Content-Length: 0\r\n\r\n",
                                       content_.size()));
    }
    const std::string body = content_.substr(begin);
    std::string head = begin > 0 ? fmt::format("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\n",
                                               begin, content_.size() - 1, content_.size())
                                 : "HTTP/1.1 200 OK\r\n";
    head += fmt::format("Content-Length: {}\r\nConnection: close\r\n\r\n", body.size());
    reply(client, head + body.substr(0, behaviour_.most_bytes));
  }

  static void reply(int client, const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t count = send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }

  mutable std::mutex mutex_;
  std::string content_;
  Behaviour behaviour_;
  std::vector<std::size_t> begins_;
  int listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace tardigrad::test
