#pragma once

#include <string>

namespace tardigrad {

/// Files in PEM format. Both sides must show a certificate that `ca` signed.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

}  // namespace tardigrad
