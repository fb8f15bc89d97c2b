#include "app/certificate.h"

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"

namespace app {
namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1'000;
constexpr std::int64_t kDays = 825;  // what browsers take at most

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* held) const {
    Free(held);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509_free>>;
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;

std::optional<base::WallTime> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::WallTime{static_cast<std::int64_t>(::timegm(&parts)) * 1'000};
}

// "DNS:pbx.example,IP:192.0.2.7"
std::string alternative_names(const std::vector<std::string>& names) {
  std::string made = "DNS:localhost,IP:127.0.0.1,IP:::1";
  for (const std::string& name : names) {
    if (name.empty() || name == "localhost" || name == "127.0.0.1" || name == "::1" ||
        name.find_first_of(",\n: ") != std::string::npos)
      continue;
    made += (base::IpAddress::parse(name).has_value() ? ",IP:" : ",DNS:") + name;
  }
  return made;
}

bool add_extension(X509* to, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> made{
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  return made != nullptr && X509_add_ext(to, made.get(), -1) == 1;
}

// Version 3, a random serial number, signed with its own key.
Cert made_for(const std::vector<std::string>& names, EVP_PKEY* key, base::WallTime now) {
  Cert cert{X509_new()};
  if (cert == nullptr) return {};
  std::unique_ptr<BIGNUM, Freed<BN_free>> serial{BN_new()};
  if (serial == nullptr || BN_rand(serial.get(), 127, 0, 0) != 1 ||
      BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert.get())) == nullptr)
    return {};
  const std::time_t from = static_cast<std::time_t>(now.unix_ms / 1'000) - 86'400;
  const std::time_t until = static_cast<std::time_t>((now.unix_ms + kDays * kDayMs) / 1'000);
  (void)ASN1_TIME_set(X509_getm_notBefore(cert.get()), from);
  (void)ASN1_TIME_set(X509_getm_notAfter(cert.get()), until);
  X509_NAME* subject = X509_get_subject_name(cert.get());
  constexpr unsigned char kSubject[] = "Harrier (made by itself)";
  if (X509_set_version(cert.get(), X509_VERSION_3) != 1 ||
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, kSubject, -1, -1, 0) != 1 ||
      X509_set_issuer_name(cert.get(), subject) != 1 || X509_set_pubkey(cert.get(), key) != 1 ||
      !add_extension(cert.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(cert.get(), NID_ext_key_usage, "serverAuth") ||
      !add_extension(cert.get(), NID_subject_alt_name, alternative_names(names)) ||
      X509_sign(cert.get(), key, EVP_sha256()) == 0)
    return {};
  return cert;
}

bool write(const std::string& certificate_file, const std::string& key_file, X509* cert,
           EVP_PKEY* key) {
  (void)std::remove(key_file.c_str());
  const mode_t before = ::umask(0177);
  File key_out{std::fopen(key_file.c_str(), "wx")};
  ::umask(before);
  File out{std::fopen(certificate_file.c_str(), "w")};
  return key_out != nullptr && out != nullptr &&
         PEM_write_PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
         PEM_write_X509(out.get(), cert) == 1 && std::fflush(key_out.get()) == 0 &&
         std::fflush(out.get()) == 0;
}

}  // namespace

base::Result<Certificate, std::string> read_certificate(const std::string& certificate_file,
                                                        const std::string& key_file) {
  const auto failed = [](const std::string& file, const char* why) {
    return base::Unexpected{"tls: " + file + " " + why};
  };
  const File in{std::fopen(certificate_file.c_str(), "r")};
  if (in == nullptr) return failed(certificate_file, "cannot be opened");
  const Cert cert{PEM_read_X509(in.get(), nullptr, nullptr, nullptr)};
  if (cert == nullptr) return failed(certificate_file, "holds no certificate in PEM");
  const File key_in{std::fopen(key_file.c_str(), "r")};
  if (key_in == nullptr) return failed(key_file, "cannot be opened");
  const Key key{PEM_read_PrivateKey(key_in.get(), nullptr, nullptr, nullptr)};
  if (key == nullptr) return failed(key_file, "holds no key in PEM without a password");
  if (X509_check_private_key(cert.get(), key.get()) != 1)
    return failed(key_file, "is not the key of the certificate");
  Certificate found;
  found.certificate_file = certificate_file;
  found.key_file = key_file;
  found.expires = time_of(X509_get0_notAfter(cert.get())).value_or(base::WallTime{});
  found.self_signed = X509_check_issued(cert.get(), cert.get()) == X509_V_OK;
  std::unique_ptr<BIO, Freed<BIO_free>> text{BIO_new(BIO_s_mem())};
  if (text != nullptr &&
      X509_NAME_print_ex(text.get(), X509_get_subject_name(cert.get()), 0, XN_FLAG_ONELINE) >= 0) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(text.get(), &bytes);
    if (bytes != nullptr && size > 0) found.subject.assign(bytes, static_cast<std::size_t>(size));
  }
  return found;
}

base::Result<Certificate, std::string> own_certificate(const std::string& data_folder,
                                                       const std::vector<std::string>& names,
                                                       base::WallTime now) {
  const std::string certificate_file = data_folder + "/web-certificate.pem";
  const std::string key_file = data_folder + "/web-key.pem";
  if (auto held = read_certificate(certificate_file, key_file);
      held && held->expires.unix_ms - now.unix_ms > 30 * kDayMs)
    return held;
  const Key key{EVP_EC_gen("P-256")};
  const Cert cert = key == nullptr ? Cert{} : made_for(names, key.get(), now);
  if (cert == nullptr) return base::Unexpected{std::string{"tls: no certificate can be made"}};
  if (!write(certificate_file, key_file, cert.get(), key.get()))
    return base::Unexpected{"tls: " + certificate_file + " cannot be written"};
  return read_certificate(certificate_file, key_file);
}

}  // namespace app
