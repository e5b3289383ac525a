#include "scenarios/src/data/dataset_package.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <set>

#include "scenarios/src/data/sha256.hpp"
#include "tests/scenarios/http_server.hpp"
#include "tests/scenarios/made_up_archive.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::content_of;
using test::HttpServer;
namespace fs = std::filesystem;

namespace {

/// A package on a server of the test's own.
struct Offer {
  explicit Offer(const std::vector<test::ArchiveMember>& members = {{"set/ratings.csv", noise()},
                                                                    {"set/README", "hi"}}) {
    test::write_archive(folder / "set.zip", members);
    content = content_of(folder / "set.zip");
    server = std::make_unique<HttpServer>(content);
    request.package = {"movies",       "", server->url("set.zip"), content.size(), sha256_of(folder / "set.zip"), "set",
                       {"ratings.csv"}};
    request.data = folder / "data";
  }

  /// Bytes that no compression makes fewer, so that the package has at least as many.
  static std::string noise() {
    std::minstd_rand random;
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += static_cast<char>(random() >> 8 & 0xFF);
    return text;
  }

  FetchOutcome fetch() const { return tardigrad::fetch(request, stderr); }
  fs::path place() const { return folder / "data/set"; }
  /// The content of the data folder, hidden files included.
  std::set<std::string> left() const {
    std::set<std::string> names;
    if (!fs::exists(request.data)) return names;
    for (const auto& entry : fs::recursive_directory_iterator(request.data)) {
      names.insert(entry.path().lexically_relative(request.data).string());
    }
    return names;
  }

  test::TemporaryFolder folder;
  std::string content;
  std::unique_ptr<HttpServer> server;
  FetchRequest request;
};

const std::set<std::string> kWhole = {"set", "set/ratings.csv", "set/README"};

}  // namespace

TEST_CASE("a SHA-256 is the standard's") {
  const test::TemporaryFolder folder;
  CHECK(sha256_of(folder.write("abc", "abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of(folder / "absent") == "");
}

TEST_CASE("every package has an address over TLS, a fingerprint and a size") {
  for (const DatasetPackage& package : dataset_packages()) {
    CHECK(package.url.rfind("https://", 0) == 0);
    CHECK(package.sha256.size() == 64);
    CHECK(package.size > 0);
    CHECK_FALSE(package.files.empty());
  }
}

TEST_SUITE_BEGIN("slow");

TEST_CASE("a package is fetched, checked, unpacked and moved to its place, and nothing else is left") {
  const Offer offer;
  const FetchOutcome outcome = offer.fetch();
  CHECK_MESSAGE(outcome.code == exit_done, outcome.text);
  CHECK(outcome.text == offer.place().string() + " is there");
  CHECK(offer.left() == kWhole);
  CHECK(content_of(offer.place() / "ratings.csv") == Offer::noise());
  CHECK(offer.fetch().text == offer.place().string() + " is there already");
  CHECK(offer.server->begins().size() == 1);
}

TEST_CASE("a download that broke off goes on where it was") {
  const Offer offer;
  HttpServer::Behaviour hangs_up;
  hangs_up.most_bytes = 30'000;
  offer.server->behave(hangs_up);
  const FetchOutcome broken = offer.fetch();
  CHECK(broken.code == exit_failed);
  CHECK(broken.text.find("; the same command goes on from there") != std::string::npos);
  CHECK_FALSE(fs::exists(offer.place()));
  offer.fetch();
  offer.server->behave({});
  CHECK(offer.fetch().code == exit_done);
  CHECK(offer.server->begins() == std::vector<std::size_t>{0, 30'000, 60'000});
  CHECK(offer.left() == kWhole);
}

TEST_CASE("where a server cannot go on from the middle, the download begins anew") {
  const Offer offer;
  HttpServer::Behaviour forgetful;
  forgetful.knows_ranges = false;
  forgetful.most_bytes = 30'000;
  offer.server->behave(forgetful);
  CHECK(offer.fetch().code == exit_failed);
  forgetful.most_bytes = offer.content.size();
  offer.server->behave(forgetful);
  const FetchOutcome outcome = offer.fetch();
  CHECK_MESSAGE(outcome.code == exit_done, outcome.text);
  CHECK(offer.left() == kWhole);
}

TEST_CASE("what is not the package is not kept") {
  Offer offer;
  SUBCASE("another content of the same size") {
    offer.request.package.sha256[0] = offer.request.package.sha256[0] == '0' ? '1' : '0';
    CHECK(offer.fetch().text.find("has the SHA-256 ") != std::string::npos);
  }
  SUBCASE("less") {
    offer.request.package.size += 1;
    CHECK(offer.fetch().text.find("expected " + std::to_string(offer.content.size() + 1)) != std::string::npos);
  }
  SUBCASE("without what must be in it") {
    offer.request.package.files = {"absent.csv"};
    CHECK(offer.fetch().text.find("there is no file") != std::string::npos);
    CHECK(offer.left().count("set") == 0);
    return;
  }
  CHECK(offer.left().empty());
  CHECK(offer.fetch().code == exit_failed);
}

TEST_CASE("a server that sends more than the package has is not listened to") {
  Offer offer;
  offer.request.package.size -= 1;
  CHECK(offer.fetch().text.find("the server has more") != std::string::npos);
  CHECK_FALSE(fs::exists(offer.place()));
}

TEST_CASE("a server that does not have it, or is gone, is one line, and nothing is left") {
  const Offer offer;
  SUBCASE("not found") {
    HttpServer::Behaviour missing;
    missing.is_missing = true;
    offer.server->behave(missing);
    CHECK(offer.fetch().text.find("404") != std::string::npos);
  }
  SUBCASE("gone") { offer.server->stop(); }
  const FetchOutcome outcome = offer.fetch();
  CHECK(outcome.code == exit_failed);
  CHECK(outcome.text.rfind(offer.request.package.url + ": ", 0) == 0);
  CHECK(outcome.text.find('\n') == std::string::npos);
  CHECK(offer.left().empty());
}

TEST_CASE("a file from elsewhere passes the same checks, and stays") {
  Offer offer;
  offer.server->stop();
  SUBCASE("the archive") { offer.request.from = offer.folder / "set.zip"; }
  SUBCASE("its folder") { offer.request.from = offer.folder.path(); }
  CHECK(offer.fetch().code == exit_done);
  CHECK(offer.left() == kWhole);
  CHECK(fs::exists(offer.folder / "set.zip"));
}

TEST_CASE("a truncated or changed file from elsewhere is refused by name") {
  Offer offer;
  offer.request.from = offer.folder / "set.zip";
  std::string expected = "expected " + std::to_string(offer.content.size());
  SUBCASE("truncated") { offer.folder.write("set.zip", offer.content.substr(0, 1000)); }
  SUBCASE("changed") {
    offer.content[500] = static_cast<char>(offer.content[500] + 1);
    offer.folder.write("set.zip", offer.content);
    expected = "has the SHA-256 ";
  }
  SUBCASE("absent") {
    fs::remove(offer.folder / "set.zip");
    expected = "there is no file";
  }
  const FetchOutcome outcome = offer.fetch();
  CHECK(outcome.code == exit_wrong_use);
  CHECK(outcome.text.find(expected) != std::string::npos);
  CHECK(outcome.text.find(offer.request.from.string()) != std::string::npos);
  CHECK_FALSE(fs::exists(offer.request.data));
}

TEST_SUITE_END();
