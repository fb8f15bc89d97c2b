#include "sip/digest.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/time.h"

namespace sip {
namespace {

using namespace std::chrono_literals;

constexpr base::Now at(base::Duration since_start) {
  return {base::Instant{since_start}, {}};
}

// The challenge lines without header name and CRLF.
std::vector<std::string> values_of(const std::string& lines) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find("\r\n", begin);
    const std::string line = lines.substr(begin, end - begin);
    out.push_back(line.substr(line.find(": ") + 2));
    begin = end + 2;
  }
  return out;
}

struct Pair {
  base::SplitMix rng{1};
  DigestServer server{{1, 2}, 300s};
  DigestClient client{"101", "secret"};

  void challenge(base::Now now, bool stale = false) {
    const std::string lines =
        server.challenge("WWW-Authenticate", "office.example", stale, rng, now);
    const std::vector<std::string> values = values_of(lines);
    const std::vector<std::string_view> views{values.begin(), values.end()};
    ASSERT_TRUE(client.take_challenge(views, false));
  }
  DigestParams credentials(std::string_view method = "REGISTER") {
    const std::string line = client.authorization(method, "sip:office.example", rng);
    return *DigestParams::parse(values_of(line)[0]);
  }
  Verdict verify(const DigestParams& params, std::optional<std::string_view> password,
                 base::Now now) {
    return server.verify(params, "office.example", password, "REGISTER", now);
  }
};

TEST(Digest, Rfc7616_3_9_1_TheExampleOfTheRfcHasItsResponse) {
  DigestParams params;
  params.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  params.uri = "/dir/index.html";
  params.nc = "00000001";
  params.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  params.qop = "auth";
  const std::string md5 =
      make_ha1(Algorithm::Md5, "Mufasa", "http-auth@example.org", "Circle of Life");
  const std::string sha =
      make_ha1(Algorithm::Sha256, "Mufasa", "http-auth@example.org", "Circle of Life");

  EXPECT_EQ(digest_response(Algorithm::Md5, md5, params, "GET"),
            "8ca523f5e9506fed4657c9700eebdbec");
  EXPECT_EQ(digest_response(Algorithm::Sha256, sha, params, "GET"),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(Digest, Wire_F3_ANonceCountsUpAndIsNotTakenTwice) {
  Pair pair;
  pair.challenge(at(0s));
  const DigestParams first = pair.credentials();
  const DigestParams second = pair.credentials();

  EXPECT_EQ(pair.verify(first, "secret", at(1s)), Verdict::Good);
  EXPECT_EQ(pair.verify(second, "secret", at(2s)), Verdict::Good);
  EXPECT_EQ(pair.verify(second, "secret", at(3s)), Verdict::Replayed);
  EXPECT_EQ(pair.verify(first, "secret", at(3s)), Verdict::Replayed);
}

TEST(Digest, Wire_F3_AnOldNonceIsStaleAndAForeignOneToo) {
  Pair pair;
  pair.challenge(at(0s));
  DigestParams params = pair.credentials();

  EXPECT_EQ(pair.verify(params, "secret", at(301s)), Verdict::Stale);
  params.nonce[3] = params.nonce[3] == '0' ? '1' : '0';
  EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Stale);
}

TEST(Digest, WrongPasswordAndUnknownUserLookAlike) {
  Pair pair;
  pair.challenge(at(0s));
  const DigestParams params = pair.credentials();

  EXPECT_EQ(pair.verify(params, "other", at(1s)), Verdict::Wrong);
  EXPECT_EQ(pair.verify(params, std::nullopt, at(1s)), Verdict::Wrong);
}

TEST(Digest, Wire_F3_MalformedCredentialsAreNamedSo) {
  Pair pair;
  pair.challenge(at(0s));
  DigestParams params = pair.credentials();
  params.algorithm = "SHA-512";
  EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Malformed);
  params = pair.credentials();
  params.qop = "auth-int";
  EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Malformed);
  EXPECT_EQ(pair.server.verify(pair.credentials(), "other.example", "secret", "REGISTER", at(1s)),
            Verdict::None);
  EXPECT_FALSE(DigestParams::parse("Digest nonce=\"a\", nonce=\"b\"").has_value());
  EXPECT_FALSE(DigestParams::parse("Basic abc").has_value());
  EXPECT_FALSE(DigestParams::parse("Digest username=\"never closed").has_value());
}

TEST(Digest, Rfc8760_TheStrongestAlgorithmComesFirstAndIsTaken) {
  Pair pair;
  pair.challenge(at(0s));

  EXPECT_EQ(pair.credentials().algorithm, "SHA-256");
}

TEST(Digest, AClientGivesUpWhenFreshCredentialsAreRefused) {
  Pair pair;
  const std::vector<std::string_view> same{"Digest realm=\"r\", nonce=\"n\", qop=\"auth\""};
  ASSERT_TRUE(pair.client.take_challenge(same, false));
  (void)pair.credentials();
  EXPECT_FALSE(pair.client.take_challenge(same, false));
  EXPECT_TRUE(pair.client.take_challenge(
      {"Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=true"}, false));
}

}  // namespace
}  // namespace sip
