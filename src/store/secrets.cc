#include "store/secrets.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <sodium.h>

#include "base/assert.h"
#include "base/result.h"

namespace store {
namespace {

constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;
static_assert(crypto_secretbox_KEYBYTES == 32);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

void ready() {
  ASSERT(sodium_init() >= 0);
}

std::string base64_of(std::string_view raw, int variant) {
  std::string text(sodium_base64_encoded_len(raw.size(), variant), '\0');
  (void)sodium_bin2base64(text.data(), text.size(), bytes_of(raw), raw.size(), variant);
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

// Makes the file whole or not at all: written beside, synced, then linked to its name.
bool make_key(const std::string& file, const std::array<std::uint8_t, 32>& key) {
  const std::string beside = file + ".new";
  (void)::unlink(beside.c_str());
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
  if (descriptor < 0) return false;
  const bool written =
      ::write(descriptor, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
      ::fsync(descriptor) == 0;
  const int error = errno;
  (void)::close(descriptor);
  if (written && ::rename(beside.c_str(), file.c_str()) == 0) return true;
  if (!written) errno = error;
  (void)::unlink(beside.c_str());
  return false;
}

}  // namespace

base::Result<Secrets, std::string> Secrets::open(const std::string& key_file) {
  ready();
  Secrets made;
  const auto failed = [&key_file](const std::string& why) {
    return base::Unexpected{"the key file " + key_file + " " + why};
  };
  const int descriptor = ::open(key_file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno != ENOENT) {
      return failed("cannot be read: " + std::generic_category().message(errno));
    }
    randombytes_buf(made.key_.data(), made.key_.size());
    if (!make_key(key_file, made.key_)) {
      return failed("cannot be made: " + std::generic_category().message(errno));
    }
    return made;
  }
  struct stat about{};
  const bool known = ::fstat(descriptor, &about) == 0;
  const ssize_t got = ::read(descriptor, made.key_.data(), made.key_.size());
  (void)::close(descriptor);
  if (!known || got != static_cast<ssize_t>(made.key_.size()) ||
      about.st_size != static_cast<off_t>(made.key_.size())) {
    return failed("is not a key of 32 bytes");
  }
  if ((about.st_mode & 0077U) != 0) return failed("can be read by others: make it mode 0400");
  return made;
}

Secrets::~Secrets() {
  sodium_memzero(key_.data(), key_.size());
}
Secrets::Secrets(Secrets&& other) noexcept : key_(other.key_) {
  sodium_memzero(other.key_.data(), other.key_.size());
}
Secrets& Secrets::operator=(Secrets&& other) noexcept {
  std::swap(key_, other.key_);
  return *this;
}

std::string Secrets::encrypt(std::string_view plain) const {
  std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
  unsigned char* nonce = bytes_of(sealed);
  randombytes_buf(nonce, crypto_secretbox_NONCEBYTES);
  (void)crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, bytes_of(plain), plain.size(),
                              nonce, key_.data());
  return base64_of(sealed, kBase64);
}

std::optional<std::string> Secrets::decrypt(std::string_view base64) const {
  std::string sealed(base64.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(bytes_of(sealed), sealed.size(), base64.data(), base64.size(), nullptr,
                        &size, nullptr, kBase64) != 0) {
    return std::nullopt;
  }
  constexpr std::size_t kOverhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (size < kOverhead) return std::nullopt;
  std::string plain(size - kOverhead, '\0');
  const unsigned char* nonce = bytes_of(sealed);
  if (crypto_secretbox_open_easy(bytes_of(plain), nonce + crypto_secretbox_NONCEBYTES,
                                 size - crypto_secretbox_NONCEBYTES, nonce, key_.data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::string new_token() {
  ready();
  std::string raw(24, '\0');
  randombytes_buf(raw.data(), raw.size());
  return base64_of(raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string token_hash(std::string_view token) {
  ready();
  std::array<unsigned char, 32> hash{};
  (void)crypto_generichash(hash.data(), hash.size(), bytes_of(token), token.size(), nullptr, 0);
  std::string text(hash.size() * 2 + 1, '\0');
  (void)sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();
  return text;
}

}  // namespace store
