#pragma once
// Digest authentication, both sides (RFC 3261 section 22, RFC 7616, RFC 8760): MD5 and SHA-256, qop
// auth. Pure: keys, randomness and time are handed in.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"

namespace sip {

// Used nonces that a server remembers; above: the oldest is forgotten and counts as stale.
inline constexpr std::size_t kNoncesMax = 65'536;

enum class Algorithm : std::uint8_t { Md5, Sha256 };
[[nodiscard]] std::string_view name_of(Algorithm algorithm);  // "MD5", "SHA-256"
// Lower-case hex.
[[nodiscard]] std::string hash_hex(Algorithm algorithm, std::string_view text);
// H(username:realm:password) in hex.
[[nodiscard]] std::string make_ha1(Algorithm algorithm, std::string_view username,
                                   std::string_view realm, std::string_view password);
// Compares in a time that does not depend on where they differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

// The parameters of an Authorization, Proxy-Authorization or challenge header.
struct DigestParams {
  std::string username, realm, nonce, uri, response, algorithm, cnonce, opaque, qop, nc;
  bool stale = false;

  // Nothing if the scheme is not Digest, or a parameter stands twice or is malformed.
  [[nodiscard]] static std::optional<DigestParams> parse(std::string_view value);
};

// The response of RFC 7616 3.4.1; `qop` empty gives the form of RFC 2069.
[[nodiscard]] std::string digest_response(Algorithm algorithm, std::string_view ha1,
                                          const DigestParams& params, std::string_view method);

// What a server finds in credentials.
enum class Verdict : std::uint8_t {
  Good,
  None,  // no credentials for our realm
  Malformed,
  Stale,     // right form, nonce too old: challenge again with stale=true
  Replayed,  // nonce count not above the last one: treated as stale
  Wrong      // unknown user or wrong password
};

// The server's side. Nonces are a sealed time and randomness: nothing is stored for a nonce until
// it is used with right credentials.
class DigestServer {
 public:
  // `key` seals the nonces; a nonce lives `lifetime`.
  DigestServer(std::array<std::uint64_t, 2> key, base::Duration lifetime);

  struct Ask {
    std::string_view name;  // WWW-Authenticate or Proxy-Authenticate
    std::string_view realm;
    bool stale = false;
    bool md5_only = false;  // for phones that give up at the sight of any other algorithm
  };
  // Header lines (with CRLF) of a fresh challenge, the strongest algorithm first.
  [[nodiscard]] std::string challenge(const Ask& ask, base::Rng& rng, base::Now now) const;

  // Checks credentials against the password of their user; `password` absent = no such user: the
  // same work is done against a dummy. On Good the nonce count is remembered. Their `uri` is not
  // compared with the Request-URI: proxies on the way and many phones write another one (22.4
  // leaves it to the server); it is under the response all the same.
  [[nodiscard]] Verdict verify(const DigestParams& params, std::string_view realm,
                               std::optional<std::string_view> password, std::string_view method,
                               base::Now now);

  // True for a nonce that we made and that is still alive.
  [[nodiscard]] bool issued(std::string_view nonce, base::Now now) const;
  // Nonces that were used with right credentials and are still alive, at most kNoncesMax.
  [[nodiscard]] std::size_t remembered() const { return used_.size(); }

 private:
  // A nonce of ours: when it was issued, and its random part.
  using Issue = std::pair<base::Instant, std::uint64_t>;
  [[nodiscard]] std::string seal(std::string_view text) const;
  [[nodiscard]] std::optional<Issue> read(std::string_view nonce) const;
  [[nodiscard]] bool count_is_new(const Issue& nonce, std::string_view nc, base::Instant now);

  std::array<std::uint64_t, 2> key_;
  base::Duration lifetime_;
  std::map<Issue, std::uint32_t> used_;  // the last nonce count, oldest nonce first
  std::optional<Issue> forgotten_;       // the youngest that had to make room: no older one counts
};

// The client's side: credentials of one trunk. Give it the challenge lines of a 401 or 407.
class DigestClient {
 public:
  DigestClient(std::string username, std::string password)
      : username_(std::move(username)), password_(std::move(password)) {}

  // Takes the strongest challenge that is understood; false if there is none, or the server calls
  // fresh credentials wrong (same nonce without stale). A server that challenges each request anew
  // is for the caller to stop: at most two tries for one request. `bare`: the refused request had
  // no credentials, so a nonce that we know is no refusal; its count goes on (RFC 7616 3.4).
  [[nodiscard]] bool take_challenge(const std::vector<std::string_view>& challenges, bool proxy,
                                    bool bare = false);
  // Header line with CRLF for a request, "" without a challenge. Counts the nonce.
  [[nodiscard]] std::string authorization(std::string_view method, std::string_view uri,
                                          base::Rng& rng);

 private:
  std::string username_, password_;
  std::optional<DigestParams> challenge_;
  Algorithm algorithm_ = Algorithm::Md5;
  std::uint32_t nc_ = 0;
  bool proxy_ = false;
  bool qop_ = false;
};

}  // namespace sip
