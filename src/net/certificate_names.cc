#include "net/certificate_names.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <openssl/asn1.h>
#include <openssl/obj_mac.h>
#include <openssl/types.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/address.h"

namespace net {
namespace {

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string_view text_of(const ASN1_STRING& text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(&text)),
          static_cast<std::size_t>(ASN1_STRING_length(&text))};
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Letters, digits, hyphens and dots: what a host name is made of, and no NUL.
bool is_host_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") ==
                              std::string_view::npos;
}

void add_domain(std::vector<std::string>& to, std::string_view text) {
  std::string name = lowered(text);
  if (is_host_name(name)) to.push_back(std::move(name));
}

// "sip:example.com": one with a user stands for a person, not for a domain.
void add_uri(std::vector<std::string>& to, std::string_view text) {
  static constexpr std::string_view kScheme = "sip:";
  if (lowered(text.substr(0, kScheme.size())) != kScheme) return;
  add_domain(to, text.substr(kScheme.size()));
}

void add_address(std::vector<base::IpAddress>& to, std::string_view bytes) {
  base::IpAddress ip;
  if (bytes.size() != 4 && bytes.size() != 16) return;
  ip.is_v6 = bytes.size() == 16;
  std::memcpy(ip.bytes.data(), bytes.data(), bytes.size());
  to.push_back(ip);
}

}  // namespace

CertificateNames names_of(const x509_st& certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr))};
  CertificateNames out;
  if (names == nullptr) return out;
  std::vector<std::string> dns;
  const int count = sk_GENERAL_NAME_num(names.get());
  for (int i = 0; i < count; ++i) {
    int kind = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind);
    if (kind != GEN_URI && kind != GEN_DNS && kind != GEN_IPADD) continue;
    const std::string_view text = text_of(*static_cast<const ASN1_STRING*>(value));
    if (kind == GEN_URI) add_uri(out.domains, text);
    if (kind == GEN_DNS) add_domain(dns, text);
    if (kind == GEN_IPADD) add_address(out.addresses, text);
  }
  if (out.domains.empty()) out.domains = std::move(dns);
  return out;
}

bool proves(const CertificateNames& names, std::string_view host) {
  if (const auto ip = base::IpAddress::parse(host); ip.has_value())
    return std::ranges::find(names.addresses, *ip) != names.addresses.end();
  return std::ranges::find(names.domains, lowered(host)) != names.domains.end();
}

}  // namespace net
