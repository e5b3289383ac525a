#include <doctest/doctest.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/transport/tls_context.hpp"
#include "runtime/transport/transport.hpp"
#include "tests/runtime/certificates.hpp"
#include "tests/runtime/recorded_peer.hpp"

using namespace tardigrad;
using namespace tardigrad::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

TransportSettings with(const TlsFiles& files) {
  TransportSettings settings = token_settings();
  settings.tls = files;
  return settings;
}

struct Outcome {
  std::string connecting;  ///< what connecting says, without the address
  std::string accepting;   ///< what the stranger's line says
};

/// The outcome of a connection that fails.
Outcome failure(const TransportSettings& accepting, const TransportSettings& connecting) {
  Recorder seen;
  Transport host(accepting, seen);
  const auto port = host.listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(port, port.error());
  Recorder unused;
  Transport guest(connecting, unused);
  const auto peer = guest.connect("127.0.0.1", *port, kPatience);
  REQUIRE_FALSE(peer);
  REQUIRE(seen.wait([&] { return !seen.strangers.empty(); }));
  CHECK(seen.strangers.size() == 1);
  CHECK(seen.peers.empty());
  const std::string place = "127.0.0.1:" + std::to_string(*port) + ": ";
  REQUIRE(peer.error().rfind(place, 0) == 0);
  CHECK(peer.error().find('\n') == std::string::npos);
  return {peer.error().substr(place.size()), seen.strangers[0].why};
}

std::string mistake_in(const TlsFiles& files) { return tls_context(files).error(); }

bool contains(const std::string& line, const std::string& words) { return line.find(words) != std::string::npos; }

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("frames pass through TLS in both directions, through a narrow window") {
  if (!has_openssl()) return;
  const Certificates certificates;
  TransportSettings settings = with(certificates.of("ours"));
  settings.window_bytes = 300'000;
  Recorder seen;
  Transport host(settings, seen);
  int received = 0;
  bool intact = true;
  seen.handle_frame = [&](Frame frame) {
    host.send(frame.from, frame.bytes);
    seen.note([&] {
      intact = intact && frame.bytes == Bytes(frame.bytes.size(), static_cast<std::uint8_t>(received));
      ++received;
    });
  };
  const auto port = host.listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(port, port.error());
  Recorder echoed;
  Transport guest(settings, echoed);
  std::size_t echoes = 0;
  echoed.handle_frame = [&](Frame frame) { echoed.note([&] { echoes += frame.bytes.size(); }); };
  const auto peer = guest.connect("127.0.0.1", *port, kPatience);
  REQUIRE_MESSAGE(peer, peer.error());
  std::size_t sent = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const std::size_t size = i * 7919 % 200'000;
    REQUIRE(guest.send(peer->id, Bytes(size, static_cast<std::uint8_t>(i))));
    sent += size;
  }
  CHECK(seen.wait([&] { return received == 100; }));
  CHECK(intact);
  CHECK(echoed.wait([&] { return echoes == sent; }));
  guest.close(peer->id);
  REQUIRE(seen.wait([&] { return seen.gone.size() == 1; }));
  CHECK(seen.gone[0].reason == "closed by the peer");
}

TEST_CASE("strangers that fail at TLS do no harm to a peer") {
  if (!has_openssl()) return;
  const Certificates certificates;
  Recorder seen;
  Transport host(with(certificates.of("ours")), seen);
  const auto port = host.listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(port, port.error());
  Recorder unused;
  Transport guest(with(certificates.of("ours")), unused);
  const auto peer = guest.connect("127.0.0.1", *port, kPatience);
  REQUIRE_MESSAGE(peer, peer.error());
  Transport stranger(token_settings(), unused);
  for (std::size_t i = 1; i <= 20; ++i) {
    CHECK_FALSE(stranger.connect("127.0.0.1", *port, kPatience));
    REQUIRE(guest.send(peer->id, Bytes(500'000, 1)));
    REQUIRE(seen.wait([&] { return seen.frames.size() == i || !seen.gone.empty(); }));
  }
  CHECK(seen.gone.empty());
}

TEST_CASE("waiting for the other side's part of TLS costs no work") {
  if (!has_openssl()) return;
  const Certificates certificates;
  asio::io_context io;
  const asio::ip::tcp::acceptor mute(io, {asio::ip::address_v4::loopback(), 0});
  Recorder seen;
  Transport guest(with(certificates.of("ours")), seen);
  const std::clock_t before = std::clock();
  CHECK_FALSE(guest.connect("127.0.0.1", mute.local_endpoint().port(), std::chrono::milliseconds(1500)));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 2);  // of processors, all threads
}

TEST_CASE("a certificate of another authority is refused on either side") {
  if (!has_openssl()) return;
  const Certificates certificates;
  TlsFiles mixed = certificates.of("theirs");
  mixed.ca = certificates.of("ours").ca;  // trusts us, but is not trusted
  const Outcome guest_refused = failure(with(certificates.of("ours")), with(mixed));
  CHECK(contains(guest_refused.accepting, "TLS: certificate verify failed"));
  CHECK(contains(guest_refused.connecting, "TLS: "));
  CHECK(contains(guest_refused.connecting, "unknown ca"));
  const Outcome host_refused = failure(with(mixed), with(certificates.of("ours")));
  CHECK(contains(host_refused.connecting, "TLS: certificate verify failed"));
  CHECK(contains(host_refused.accepting, "unknown ca"));
}

TEST_CASE("a wrong token is refused through TLS as well") {
  if (!has_openssl()) return;
  const Certificates certificates;
  TransportSettings other = with(certificates.of("ours"));
  other.token = "another secret";
  const Outcome outcome = failure(with(certificates.of("ours")), other);
  CHECK(outcome.connecting == "wrong token");
  CHECK(outcome.accepting == "wrong token");
}

TEST_CASE("a plain peer is refused where TLS is spoken, and the other way round") {
  if (!has_openssl()) return;
  const Certificates certificates;
  const Outcome plain_guest = failure(with(certificates.of("ours")), token_settings());
  CHECK(contains(plain_guest.accepting, "TLS: "));
  CHECK(contains(plain_guest.connecting, "TLS"));
  const Outcome plain_host = failure(token_settings(), with(certificates.of("ours")));
  CHECK(plain_host.accepting == "speaks TLS, this side does not");
  CHECK(contains(plain_host.connecting, "TLS"));
}

TEST_CASE("who connects wants a certificate for the address or name that it asks for, a subjectAltName") {
  if (!has_openssl()) return;
  const Certificates certificates;
  struct Case {
    std::string subject;
    std::string other_names;
    std::string host;
    bool is_right;
  };
  const std::vector<Case> cases{
      {"a", "IP:127.0.0.1", "127.0.0.1", true},   {"b", "IP:192.0.2.1,IP:127.0.0.1", "127.0.0.1", true},
      {"c", "IP:192.0.2.1", "127.0.0.1", false},  {"d", "DNS:localhost", "localhost", true},
      {"e", "DNS:localhost", "127.0.0.1", false}, {"f", "IP:127.0.0.1", "localhost", false},
      {"g", "DNS:127.0.0.1", "127.0.0.1", false}, {"localhost", "", "localhost", false},
      {"127.0.0.1", "", "127.0.0.1", false},
  };
  for (const Case& each : cases) {
    INFO(each.subject << " " << each.other_names << " for " << each.host);
    Recorder seen;
    Transport host(with(certificates.issue("host", each.subject, each.other_names)), seen);
    const auto port = host.listen("127.0.0.1", 0);
    REQUIRE_MESSAGE(port, port.error());
    Recorder unused;
    TransportSettings settings = with(certificates.of("ours"));
    Transport strict(settings, unused);
    const auto peer = strict.connect(each.host, *port, kPatience);
    CHECK_MESSAGE(static_cast<bool>(peer) == each.is_right, peer.error());
    if (!peer) CHECK(contains(peer.error(), ": TLS: the certificate is not for this address or name"));
    settings.any_name = true;
    Transport content(settings, unused);
    CHECK(content.connect(each.host, *port, kPatience));
  }
}

TEST_CASE("who accepts asks for no name: any machine with a certificate of the authority, and the token, may connect") {
  if (!has_openssl()) return;
  const Certificates certificates;
  Recorder seen;
  Transport host(with(certificates.of("ours")), seen);
  const auto port = host.listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(port, port.error());
  Recorder unused;
  Transport guest(with(certificates.issue("guest", "guest", "IP:192.0.2.7")), unused);
  const auto peer = guest.connect("127.0.0.1", *port, kPatience);
  CHECK_MESSAGE(peer, peer.error());
}

TEST_CASE("TLS before 1.3 is refused") {
  if (!has_openssl()) return;
  const Certificates certificates;
  const TlsFiles files = certificates.of("ours");
  Recorder seen;
  Transport host(with(files), seen);
  const auto port = host.listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(port, port.error());
  const auto reason_for = [&](const std::string& version) {
    const std::size_t before = seen.strangers.size();
    openssl("s_client -" + version + " -cert " + files.certificate + " -key " + files.key + " -CAfile " + files.ca +
            " -connect 127.0.0.1:" + std::to_string(*port) + " </dev/null");
    REQUIRE(seen.wait([&] { return seen.strangers.size() > before; }));
    return seen.strangers.back().why;
  };
  CHECK(contains(reason_for("tls1_3"), "closed the connection without a hello"));  // TLS itself was in order
  CHECK(reason_for("tls1_2") == "TLS: unsupported protocol");
}

namespace {

/// Passes on all that a guest and a host say. Streams are sockets, or TLS sessions of the relay's own with each.
template <class Stream>
class Relay {
 public:
  template <class... Context>
  explicit Relay(std::uint16_t port_of_host, Context&... tls)
      : guest_(io_, tls...), host_(io_, tls...), thread_([this, port_of_host] {
          acceptor_.accept(guest_.lowest_layer());
          host_.lowest_layer().connect({asio::ip::address_v4::loopback(), port_of_host});
          shake_hands();
          pass_on(guest_, host_, of_guest_);
          pass_on(host_, guest_, of_host_);
          io_.run();
        }) {}
  ~Relay() { thread_.join(); }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  using tcp = asio::ip::tcp;
  using Buffer = std::array<std::uint8_t, 4096>;

  void shake_hands() {
    if constexpr (!std::is_same_v<Stream, tcp::socket>) {
      guest_.handshake(asio::ssl::stream_base::server);
      host_.handshake(asio::ssl::stream_base::client);
    }
  }
  void pass_on(Stream& from, Stream& to, Buffer& buffer) {
    from.async_read_some(asio::buffer(buffer), [this, &from, &to, &buffer](const asio::error_code& end, std::size_t n) {
      asio::error_code error;
      if (!end) asio::write(to, asio::buffer(buffer, n), error);
      if (!end && !error) return pass_on(from, to, buffer);
      to.lowest_layer().shutdown(tcp::socket::shutdown_send, error);
    });
  }

  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  Stream guest_;
  Stream host_;
  Buffer of_guest_;
  Buffer of_host_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a relay with a certificate of the authority and without the token gets nothing") {
  if (!has_openssl()) return;
  using asio::ip::tcp;
  const Certificates certificates;
  const auto tls = tls_context(certificates.issue("relay", "relay", "IP:127.0.0.1"));
  REQUIRE_MESSAGE(tls, tls.error());
  Recorder seen;
  Transport host(with(certificates.of("ours")), seen);
  const auto port = host.listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(port, port.error());
  {
    // Bytes that are passed on as they are arrive: what fails below does not fail because of the relay's ways.
    Relay<tcp::socket> honest(*port);
    Recorder unused;
    Transport guest(with(certificates.of("ours")), unused);
    const auto peer = guest.connect("127.0.0.1", honest.port(), kPatience);
    REQUIRE_MESSAGE(peer, peer.error());
    REQUIRE(guest.send(peer->id, {1, 2, 3}));
    REQUIRE(seen.wait([&] { return seen.frames.size() == 1; }));
    CHECK(seen.frames[0].bytes == Bytes{1, 2, 3});
    guest.close(peer->id);
    REQUIRE(seen.wait([&] { return seen.gone.size() == 1; }));
  }
  Relay<asio::ssl::stream<tcp::socket>> relay(*port, **tls);
  Recorder unused;
  Transport guest(with(certificates.of("ours")), unused);
  const auto peer = guest.connect("127.0.0.1", relay.port(), kPatience);
  REQUIRE_FALSE(peer);
  CHECK(contains(peer.error(), ": wrong token"));  // not a word of TLS: the relay's certificates are in order
  REQUIRE(seen.wait([&] { return !seen.strangers.empty(); }));
  CHECK(seen.strangers[0].why == "wrong token");
  CHECK(seen.peers.size() == 1);
}

TEST_CASE("TLS without a certificate is refused") {
  if (!has_openssl()) return;
  const Certificates certificates;
  Recorder seen;
  Transport host(with(certificates.of("ours")), seen);
  const auto port = host.listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(port, port.error());
  openssl("s_client -connect 127.0.0.1:" + std::to_string(*port) + " </dev/null");
  REQUIRE(seen.wait([&] { return !seen.strangers.empty(); }));
  CHECK(seen.strangers[0].why == "TLS: peer did not return a certificate");
}

TEST_CASE("a TLS file that cannot be used is named") {
  if (!has_openssl()) return;
  const Certificates certificates;
  TlsFiles files = certificates.of("ours");
  files.key = certificates.path("nothing.key");
  Recorder seen;
  Transport transport(with(files), seen);
  const auto port = transport.listen("127.0.0.1", 0);
  REQUIRE_FALSE(port);
  CHECK(port.error() == "the private key \"" + files.key + "\" cannot be used: No such file or directory");
  CHECK_FALSE(transport.connect("127.0.0.1", 1, kPatience));
}

TEST_CASE("why a TLS file cannot be used is said, and no password is asked for") {
  if (!has_openssl()) return;
  const Certificates certificates;
  const TlsFiles good = certificates.of("ours");
  CHECK(tls_context(good));

  const std::string missing = certificates.path("nothing.pem");
  const std::string none = "No such file or directory";
  CHECK(mistake_in({missing, good.key, good.ca}) == "the certificate \"" + missing + "\" cannot be used: " + none);
  CHECK(mistake_in({good.certificate, good.key, missing}) ==
        "the CA's certificate \"" + missing + "\" cannot be used: " + none);
  const std::string folder = certificates.path("");
  CHECK(mistake_in({folder, good.key, good.ca}) == "the certificate \"" + folder + "\" cannot be used: Is a directory");
  const std::string empty = certificates.path("empty.pem");
  std::ofstream(empty).close();
  CHECK(mistake_in({good.certificate, empty, good.ca}) ==
        "the private key \"" + empty + "\" cannot be used: it is empty");

  // The key of another certificate: of the same kind, and of another kind.
  const std::string rsa = certificates.path("rsa.key");
  REQUIRE(openssl("genrsa -out " + rsa + " 2048"));
  for (const std::string& key : {certificates.of("theirs").key, rsa}) {
    CHECK(mistake_in({good.certificate, key, good.ca}) ==
          "the private key \"" + key + "\" cannot be used: it is not that of the certificate \"" + good.certificate +
              "\"");
  }
  const std::string locked = certificates.path("locked.key");
  for (const char* form : {"pkey -aes256", "ec -aes256"}) {  // as openssl writes it today, and as it did
    REQUIRE(openssl(std::string(form) + " -passout pass:secret -in " + good.key + " -out " + locked));
    CHECK(mistake_in({good.certificate, locked, good.ca}) ==
          "the private key \"" + locked + "\" cannot be used: it is encrypted, expected one without a password");
  }
}

TEST_SUITE_END();
