#include "scenarios/src/system/build_info.hpp"

#include <fmt/format.h>

#include "runtime/actor/caf_version.hpp"
#include "scenarios/commit.hpp"

namespace tardigrad {

namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& build_versions() {
  static const std::vector<std::pair<std::string, std::string>> versions{{"tardigrad", TARDIGRAD_VERSION},
                                                                         {"commit", TARDIGRAD_COMMIT},
                                                                         {"libtorch", TARDIGRAD_TORCH_VERSION},
                                                                         {"caf", caf_version()},
                                                                         {"compiler", compiler()}};
  return versions;
}

std::string version_line() {
  const auto& versions = build_versions();
  return fmt::format("tardigrad {} (commit {}, LibTorch {}, CAF {}, {})", versions[0].second, versions[1].second,
                     versions[2].second, versions[3].second, versions[4].second);
}

}  // namespace tardigrad
