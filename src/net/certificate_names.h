#pragma once
// Whom a certificate stands for: the SIP domains of RFC 5922, section 7.

#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"

struct x509_st;

namespace net {

struct CertificateNames {
  std::vector<std::string> domains;          // small letters
  std::vector<base::IpAddress> addresses{};  // for peers that are configured by their address
  bool operator==(const CertificateNames&) const = default;
};

// The subjectAltName: URIs "sip:DOMAIN", and only where there is none the DNS names (7.1). Texts
// are taken by their length: one with a NUL in it, or any other letter that no name has, stands for
// nobody. The subject's common name counts for nothing.
[[nodiscard]] CertificateNames names_of(const x509_st& certificate);
// True if `host`, a name or an address (IPv6 with or without brackets), is among them. No form of
// wildcard matches (7.2).
[[nodiscard]] bool proves(const CertificateNames& names, std::string_view host);

}  // namespace net
