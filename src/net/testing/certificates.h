#pragma once
// Certificates for tests: an authority of their own, and what it signs, good and bad.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "net/tls.h"

namespace net::testing {

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* held) const {
    Free(held);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, FreedBy<X509_free>>;

// What a certificate is to say.
struct Wanted {
  std::vector<std::string> dns{};   // with their length: a NUL stays in
  std::vector<std::string> uris{};  // "sip:example.com"
  bool loopback = false;            // the address 127.0.0.1
  std::string common_name = "test";
  long valid_from_s = -3'600, valid_until_s = 3'600;  // from now
  bool self_signed = false;
};

// A folder of files that goes with this.
class Authority final {
 public:
  Authority() {
    std::string pattern = (std::filesystem::temp_directory_path() / "harrier-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    key_.reset(EVP_EC_gen("P-256"));
    certificate_ = make({.common_name = "authority"}, key_.get(), nullptr);
    write("ca.pem", certificate_.get(), nullptr);
  }
  ~Authority() { std::filesystem::remove_all(folder_); }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  // A file with a certificate and its key.
  std::string issue(const Wanted& wanted) {
    const Key key{EVP_EC_gen("P-256")};
    const Cert made = make(wanted, key.get(), wanted.self_signed ? nullptr : certificate_.get());
    const std::string name = std::to_string(++issued_) + ".pem";
    write(name, made.get(), key.get());
    return folder_ + "/" + name;
  }
  Cert certificate(const Wanted& wanted) {
    const Key key{EVP_EC_gen("P-256")};
    return make(wanted, key.get(), certificate_.get());
  }
  [[nodiscard]] std::string ca() const { return folder_ + "/ca.pem"; }
  [[nodiscard]] std::string folder() const { return folder_; }
  // A context with such a certificate that believes this authority.
  std::shared_ptr<const TlsContext> context(const Wanted& wanted,
                                            TlsVerify verify = TlsVerify::Trunks) {
    auto loaded =
        TlsContext::load({.certificate = issue(wanted), .key = {}, .ca = ca(), .verify = verify});
    return loaded ? *loaded : nullptr;
  }

 private:
  static void add_name(GENERAL_NAMES* names, int kind, const std::string& text) {
    ASN1_STRING* const value = ASN1_IA5STRING_new();
    ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
    GENERAL_NAME* const name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, kind, value);
    sk_GENERAL_NAME_push(names, name);
  }

  Cert make(const Wanted& wanted, EVP_PKEY* key, X509* issuer) {
    Cert made{X509_new()};
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), static_cast<long>(issued_) + 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wanted.valid_from_s);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wanted.valid_until_s);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wanted.common_name.c_str()),
                               -1, -1, 0);
    X509_set_pubkey(made.get(), key);
    const bool is_authority = wanted.common_name == "authority";
    X509_set_issuer_name(made.get(),
                         X509_get_subject_name(issuer == nullptr ? made.get() : issuer));
    std::unique_ptr<BASIC_CONSTRAINTS, FreedBy<BASIC_CONSTRAINTS_free>> basic{
        BASIC_CONSTRAINTS_new()};
    basic->ca = is_authority ? 0xFF : 0;
    X509_add1_ext_i2d(made.get(), NID_basic_constraints, basic.get(), 1, X509V3_ADD_DEFAULT);
    std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>> names{sk_GENERAL_NAME_new_null()};
    for (const std::string& name : wanted.dns) add_name(names.get(), GEN_DNS, name);
    for (const std::string& name : wanted.uris) add_name(names.get(), GEN_URI, name);
    if (wanted.loopback) {
      ASN1_OCTET_STRING* const value = ASN1_OCTET_STRING_new();
      const unsigned char bytes[] = {127, 0, 0, 1};
      ASN1_OCTET_STRING_set(value, bytes, 4);
      GENERAL_NAME* const name = GENERAL_NAME_new();
      GENERAL_NAME_set0_value(name, GEN_IPADD, value);
      sk_GENERAL_NAME_push(names.get(), name);
    }
    if (sk_GENERAL_NAME_num(names.get()) > 0)
      X509_add1_ext_i2d(made.get(), NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT);
    X509_sign(made.get(), issuer == nullptr ? key : key_.get(), EVP_sha256());
    return made;
  }

  void write(const std::string& name, X509* certificate, EVP_PKEY* key) const {
    std::FILE* const out = std::fopen((folder_ + "/" + name).c_str(), "w");
    PEM_write_X509(out, certificate);
    if (key != nullptr) PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
  }

  std::string folder_;
  Key key_;
  Cert certificate_;
  int issued_ = 0;
};

}  // namespace net::testing
