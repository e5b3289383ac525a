/// Certificates for tests, made by the command openssl.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "runtime/transport/tls_files.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad::test {

inline bool openssl(const std::string& arguments) {
  return std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()) == 0;
}

inline bool has_openssl() {
  if (openssl("version")) return true;
  MESSAGE("skipped: there is no openssl command");
  return false;
}

/// Two certificate authorities, "ours" and "theirs", each with a certificate of 127.0.0.1; of ours there are others.
class Certificates {
 public:
  Certificates() {
    for (const std::string name : {"ours", "theirs"}) {
      REQUIRE(openssl("req -x509 -days 2" + kNewKey + name + "-ca -keyout " + path(name + "-ca.key") + " -out " +
                      path(name + "-ca.pem")));
      issue(name, name, name, "IP:127.0.0.1");
    }
  }

  /// Makes another certificate of our authority.
  TlsFiles issue(const std::string& name, const std::string& subject, const std::string& other_names) const {
    return issue("ours", name, subject, other_names);
  }
  TlsFiles of(const std::string& name, const std::string& ca = {}) const {
    return {path(name + ".pem"), path(name + ".key"), path((ca.empty() ? name : ca) + "-ca.pem")};
  }
  std::string path(const std::string& file) const { return (folder_ / file).string(); }

 private:
  inline static const std::string kNewKey = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=";

  TlsFiles issue(const std::string& ca, const std::string& name, const std::string& subject,
                 const std::string& other_names) const {
    const std::string request = path(name + ".csr");
    REQUIRE(openssl("req" + kNewKey + subject + (other_names.empty() ? "" : " -addext subjectAltName=" + other_names) +
                    " -keyout " + path(name + ".key") + " -out " + request));
    REQUIRE(openssl("x509 -req -days 2 -copy_extensions copy -in " + request + " -CA " + path(ca + "-ca.pem") +
                    " -CAkey " + path(ca + "-ca.key") + " -CAcreateserial -out " + path(name + ".pem")));
    return of(name, ca);
  }

  TemporaryFolder folder_;
};

}  // namespace tardigrad::test
