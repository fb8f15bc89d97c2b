#include "sip/digest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <openssl/evp.h>

#include "base/assert.h"
#include "base/rng.h"
#include "base/time.h"
#include "sip/text.h"

namespace sip {
namespace {

constexpr std::size_t kSealDigits = 32;
constexpr std::size_t kTimeDigits = 12;
constexpr std::size_t kRandomDigits = 16;
constexpr std::size_t kNonceSize = kTimeDigits + kRandomDigits + kSealDigits;

void append_hex(std::string& out, std::uint64_t value, std::size_t digits) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t i = digits; i-- > 0;) out += kDigits[value >> (4 * i) & 0xFU];
}

std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::optional<Algorithm> algorithm_from(std::string_view name) {
  if (name.empty() || same_word(name, "MD5")) return Algorithm::Md5;
  if (same_word(name, "SHA-256")) return Algorithm::Sha256;
  return {};
}

bool lists_auth(std::string_view qop) {
  while (!qop.empty()) {
    const std::size_t comma = std::min(qop.find(','), qop.size());
    if (same_word(trimmed(qop.substr(0, comma)), "auth")) return true;
    qop.remove_prefix(std::min(comma + 1, qop.size()));
  }
  return false;
}

// One name=value of a digest header; moves `rest` behind it and its comma.
struct Pair {
  std::string_view name;
  std::string value;
};
std::optional<Pair> take_pair(std::string_view& rest) {
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view name = trimmed(rest.substr(0, equals));
  std::string_view tail = trimmed(rest.substr(equals + 1));
  if (!is_token(name)) return {};
  std::size_t end = 0;
  std::string value;
  if (tail.starts_with('"')) {
    end = skip_quoted(tail, 0);
    if (end == std::string_view::npos) return {};
    value = unquoted(tail.substr(0, end));
  } else {
    end = std::min(tail.find(','), tail.size());
    value = trimmed(tail.substr(0, end));
  }
  tail = trimmed(tail.substr(end));
  if (!tail.empty() && tail.front() != ',') return {};
  rest = tail.empty() ? tail : trimmed(tail.substr(1));
  return Pair{name, std::move(value)};
}

}  // namespace

std::string_view name_of(Algorithm algorithm) {
  return algorithm == Algorithm::Md5 ? "MD5" : "SHA-256";
}

std::string hash_hex(Algorithm algorithm, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  const auto* const kind = algorithm == Algorithm::Md5 ? EVP_md5() : EVP_sha256();
  const int done = EVP_Digest(text.data(), text.size(), bytes.data(), &size, kind, nullptr);
  ASSERT(done == 1);
  std::string out;
  out.reserve(std::size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) append_hex(out, bytes.at(i), 2);
  return out;
}

std::string make_ha1(Algorithm algorithm, std::string_view username, std::string_view realm,
                     std::string_view password) {
  std::string text{username};
  text.append(":").append(realm).append(":").append(password);
  return hash_hex(algorithm, text);
}

bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned int difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

std::optional<DigestParams> DigestParams::parse(std::string_view value) {
  value = trimmed(value);
  if (value.size() < 7 || !same_word(value.substr(0, 6), "Digest") || !is_blank(value[6]))
    return {};
  std::string_view rest = trimmed(value.substr(7));
  DigestParams out;
  std::string stale;
  const std::array<std::pair<std::string_view, std::string*>, 11> known{{
      {"username", &out.username},
      {"realm", &out.realm},
      {"nonce", &out.nonce},
      {"uri", &out.uri},
      {"response", &out.response},
      {"algorithm", &out.algorithm},
      {"cnonce", &out.cnonce},
      {"opaque", &out.opaque},
      {"qop", &out.qop},
      {"nc", &out.nc},
      {"stale", &stale},
  }};
  std::array<bool, 11> seen{};
  while (!rest.empty()) {
    auto pair = take_pair(rest);
    if (!pair.has_value()) return {};
    std::size_t i = 0;
    while (i < known.size() && !same_word(pair->name, known.at(i).first)) ++i;
    if (i == known.size()) continue;
    if (seen.at(i)) return {};
    seen.at(i) = true;
    *known.at(i).second = std::move(pair->value);
  }
  out.stale = same_word(stale, "true");
  return out;
}

std::string digest_response(Algorithm algorithm, std::string_view ha1, const DigestParams& params,
                            std::string_view method) {
  std::string a2{method};
  a2.append(":").append(params.uri);
  std::string text{ha1};
  text.append(":").append(params.nonce);
  if (!params.qop.empty())
    text.append(":")
        .append(params.nc)
        .append(":")
        .append(params.cnonce)
        .append(":")
        .append(params.qop);
  text.append(":").append(hash_hex(algorithm, a2));
  return hash_hex(algorithm, text);
}

// ---- the server ----------------------------------------------------------------------------

DigestServer::DigestServer(std::array<std::uint64_t, 2> key, base::Duration lifetime)
    : key_(key), lifetime_(lifetime) {}

// SHA-256 over key, text, key: a sealed envelope that strangers cannot make (both ends keyed, fixed
// length of the text, so no extension).
std::string DigestServer::seal(std::string_view text) const {
  std::string keyed;
  append_hex(keyed, key_[0], 16);
  append_hex(keyed, key_[1], 16);
  std::string all = keyed;
  all.append(text).append(keyed);
  return hash_hex(Algorithm::Sha256, all).substr(0, kSealDigits);
}

std::string DigestServer::challenge(const Ask& ask, base::Rng& rng, base::Now now) const {
  std::string nonce;
  append_hex(nonce, static_cast<std::uint64_t>(now.at.time_since_epoch().count()), kTimeDigits);
  append_hex(nonce, rng.next(), kRandomDigits);
  nonce += seal(nonce);
  std::string out;
  for (const Algorithm algorithm : {Algorithm::Sha256, Algorithm::Md5}) {
    if (ask.md5_only && algorithm != Algorithm::Md5) continue;
    out.append(ask.name).append(": Digest realm=").append(quoted(ask.realm));
    out.append(", nonce=\"").append(nonce).append("\", algorithm=").append(name_of(algorithm));
    out.append(", qop=\"auth\"");
    if (ask.stale) out.append(", stale=true");
    out.append("\r\n");
  }
  return out;
}

// One of our nonces; nothing if it is not ours.
std::optional<DigestServer::Issue> DigestServer::read(std::string_view nonce) const {
  if (nonce.size() != kNonceSize) return {};
  const std::string_view text = nonce.substr(0, kTimeDigits + kRandomDigits);
  if (!same_secret(seal(text), nonce.substr(text.size()))) return {};
  const auto ms = read_hex(text.substr(0, kTimeDigits));
  const auto random = read_hex(text.substr(kTimeDigits));
  if (!ms.has_value() || !random.has_value()) return {};
  return Issue{base::Instant{base::Duration{static_cast<std::int64_t>(*ms)}}, *random};
}

bool DigestServer::issued(std::string_view nonce, base::Now now) const {
  const auto issue = read(nonce);
  return issue.has_value() && now.at - issue->first <= lifetime_ && issue->first <= now.at;
}

// Each nonce count once, rising (RFC 7616 3.4.5).
bool DigestServer::count_is_new(const Issue& nonce, std::string_view nc, base::Instant now) {
  const auto count = read_hex(nc);
  if (!count.has_value() || *count == 0 || *count > 0xFFFFFFFFU) return false;
  const auto number = static_cast<std::uint32_t>(*count);
  while (!used_.empty() && now - used_.begin()->first.first > lifetime_) used_.erase(used_.begin());
  if (const auto found = used_.find(nonce); found != used_.end()) {
    if (number <= found->second) return false;
    found->second = number;
    return true;
  }
  if (forgotten_.has_value() && nonce <= *forgotten_) return false;
  used_.emplace(nonce, number);
  if (used_.size() > kNoncesMax) {
    forgotten_ = used_.begin()->first;
    used_.erase(used_.begin());
  }
  return true;
}

Verdict DigestServer::verify(const DigestParams& params, std::string_view realm,
                             std::optional<std::string_view> password, std::string_view method,
                             base::Now now) {
  if (params.realm != realm) return Verdict::None;
  const auto algorithm = algorithm_from(params.algorithm);
  if (!algorithm.has_value() || params.nonce.empty() || params.response.empty() ||
      params.uri.empty() || params.username.empty())
    return Verdict::Malformed;
  if (!same_word(params.qop, "auth") || params.cnonce.empty()) return Verdict::Malformed;
  const auto nonce = read(params.nonce);
  // The same work for a user who does not exist: neither answer nor time tells them apart.
  const std::string ha1 =
      make_ha1(*algorithm, params.username, realm, password.value_or("no such user"));
  const std::string expected = digest_response(*algorithm, ha1, params, method);
  const bool right = same_secret(expected, params.response) && password.has_value();
  if (!nonce.has_value() || now.at - nonce->first > lifetime_ || nonce->first > now.at)
    return Verdict::Stale;
  if (!right) return Verdict::Wrong;
  return count_is_new(*nonce, params.nc, now.at) ? Verdict::Good : Verdict::Replayed;
}

// ---- the client ----------------------------------------------------------------------------

bool DigestClient::take_challenge(const std::vector<std::string_view>& challenges, bool proxy,
                                  bool bare) {
  std::optional<DigestParams> best;
  Algorithm best_algorithm = Algorithm::Md5;
  for (const std::string_view value : challenges) {
    auto params = DigestParams::parse(value);
    if (!params.has_value() || params->nonce.empty()) continue;
    const auto algorithm = algorithm_from(params->algorithm);
    if (!algorithm.has_value()) continue;
    if (!params->qop.empty() && !lists_auth(params->qop)) continue;
    if (best.has_value() && *algorithm <= best_algorithm) continue;
    best_algorithm = *algorithm;
    best = std::move(params);
  }
  if (!best.has_value()) return false;
  const bool same = challenge_.has_value() && challenge_->nonce == best->nonce && nc_ > 0;
  if (same && !best->stale && !bare) return false;
  qop_ = !best->qop.empty();
  challenge_ = std::move(best);
  algorithm_ = best_algorithm;
  proxy_ = proxy;
  if (!same) nc_ = 0;
  return true;
}

std::string DigestClient::authorization(std::string_view method, std::string_view uri,
                                        base::Rng& rng) {
  if (!challenge_.has_value()) return {};
  DigestParams params = *challenge_;
  params.username = username_;
  params.uri = uri;
  params.qop = qop_ ? "auth" : "";
  ++nc_;
  append_hex(params.nc, nc_, 8);
  append_hex(params.cnonce, rng.next(), 16);
  const std::string ha1 = make_ha1(algorithm_, username_, params.realm, password_);
  std::string out = proxy_ ? "Proxy-Authorization: Digest " : "Authorization: Digest ";
  out.append("username=").append(quoted(username_)).append(", realm=").append(quoted(params.realm));
  out.append(", nonce=").append(quoted(params.nonce)).append(", uri=").append(quoted(uri));
  out.append(", response=\"").append(digest_response(algorithm_, ha1, params, method)).append("\"");
  out.append(", algorithm=").append(name_of(algorithm_));
  if (qop_)
    out.append(", qop=auth, nc=").append(params.nc).append(", cnonce=\"").append(params.cnonce) +=
        '"';
  if (!params.opaque.empty()) out.append(", opaque=").append(quoted(params.opaque));
  return out + "\r\n";
}

}  // namespace sip
