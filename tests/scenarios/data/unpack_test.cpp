#include "scenarios/src/data/unpack.hpp"

#include <doctest/doctest.h>

#include "tests/scenarios/made_up_archive.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::content_of;

namespace {

constexpr std::uint64_t kMost = 1 << 20;

/// The result of unpacking an archive of these members into `folder`/out.
std::string unpacked(const test::TemporaryFolder& folder, const std::vector<test::ArchiveMember>& members,
                     const std::string& name = "a.tar.gz", std::uint64_t most_bytes = kMost) {
  test::write_archive(folder / name, members);
  std::filesystem::create_directories(folder / "out");
  return unpack(folder / name, folder / "out", most_bytes);
}

}  // namespace

TEST_CASE("an archive's files come out with their folders and contents") {
  for (const std::string name : {"a.zip", "a.tar.gz"}) {
    INFO(name);
    const test::TemporaryFolder folder;
    const std::string large(300'000, 'x');
    REQUIRE(unpacked(folder, {{"set/a.txt", "one"}, {"set/deep/b.txt", large}}, name) == "");
    CHECK(content_of(folder / "out/set/a.txt") == "one");
    CHECK(content_of(folder / "out/set/deep/b.txt") == large);
  }
}

TEST_CASE("nothing is written outside the folder") {
  for (const std::string path : {"../b.txt", "set/../../b.txt", "/tmp/tardigrad-leads-out.txt", "set/.."}) {
    INFO(path);
    const test::TemporaryFolder folder;
    CHECK(unpacked(folder, {{"set/a.txt", "one"}, {path, "two"}}) == "\"" + path + "\" in it leads out of the archive");
    CHECK_FALSE(std::filesystem::exists(folder / "b.txt"));
    CHECK_FALSE(std::filesystem::exists("/tmp/tardigrad-leads-out.txt"));
  }
}

TEST_CASE("links are refused: what is written through one could land anywhere") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "elsewhere");
  CHECK(unpacked(folder, {{"set", "", folder / "elsewhere"}, {"set/a.txt", "one"}}) ==
        "\"set\" in it is neither a file nor a folder");
  CHECK(std::filesystem::is_empty(folder / "elsewhere"));
}

TEST_CASE("an archive that unpacks to more than expected is given up") {
  const test::TemporaryFolder folder;
  CHECK(unpacked(folder, {{"a.txt", std::string(200'000, '0')}}, "a.zip", 100'000) ==
        "unpacked it is larger than expected");
}

TEST_CASE("a truncated archive, or none, is a line and no crash") {
  const test::TemporaryFolder folder;
  for (const std::string name : {"a.zip", "a.tar.gz"}) {
    std::string noise;
    for (unsigned i = 0; i < 50'000; ++i) noise += static_cast<char>((i * i) % 251 + i % 7);
    test::write_archive(folder / name, {{"a.txt", noise}, {"b.txt", "two"}});
    const std::string whole = content_of(folder / name);
    std::filesystem::create_directories(folder / "out");
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{20}, whole.size() / 4, whole.size() / 2}) {
      INFO(name << " " << size);
      const std::string problem = unpack(folder.write("cut", whole.substr(0, size)), folder / "out", kMost);
      CHECK(problem != "");
      CHECK(problem.find('\n') == std::string::npos);
    }
  }
  CHECK(unpack(folder / "absent", folder / "out", kMost) != "");
}
