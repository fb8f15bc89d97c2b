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
        server.challenge({"WWW-Authenticate", "office.example", stale}, rng, now);
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

TEST(Digest, APhoneThatKnowsOnlyMd5IsOfferedNothingElse) {
  Pair pair;

  const std::string lines =
      pair.server.challenge({"WWW-Authenticate", "office.example", false, true}, pair.rng, at(0s));

  EXPECT_NE(lines.find("algorithm=MD5"), std::string::npos);
  EXPECT_EQ(lines.find("SHA-256"), std::string::npos);
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

TEST(Digest, Rfc3261_22_4_WithoutQopOrCnonceNothingIsLetIn) {
  Pair pair;
  pair.challenge(at(0s));
  DigestParams params = pair.credentials();
  params.qop.clear();
  EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Malformed);
  params = pair.credentials();
  params.cnonce.clear();
  EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Malformed);
  params = pair.credentials();
  params.algorithm = "SHA-256-sess";
  EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Malformed);
}

TEST(Digest, Wire_F3_NonceCountsThatAreNoneAreNotCounted) {
  for (const char* nc : {"", "0", "00000000", "xyz", "-1", "100000000", "0x1", "1 "}) {
    Pair pair;
    pair.challenge(at(0s));
    DigestParams params = pair.credentials();
    params.nc = nc;
    const std::string ha1 = make_ha1(Algorithm::Sha256, "101", "office.example", "secret");
    params.response = digest_response(Algorithm::Sha256, ha1, params, "REGISTER");
    EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Replayed) << nc;
  }
}

TEST(Digest, Wire_F3_TheResponseOfAnotherMethodOrUriIsWrong) {
  Pair pair;
  pair.challenge(at(0s));
  EXPECT_EQ(pair.verify(pair.credentials("INVITE"), "secret", at(1s)), Verdict::Wrong);
  DigestParams params = pair.credentials();
  params.uri = "sip:other.example";
  EXPECT_EQ(pair.verify(params, "secret", at(1s)), Verdict::Wrong);
}

TEST(Digest, Wire_F3_AWrongPasswordDoesNotUseUpANonceCount) {
  Pair pair;
  pair.challenge(at(0s));
  const DigestParams params = pair.credentials();
  EXPECT_EQ(pair.verify(params, "other", at(1s)), Verdict::Wrong);
  EXPECT_EQ(pair.server.remembered(), 0U) << "nothing is kept of what is not proved";
  EXPECT_EQ(pair.verify(params, "secret", at(2s)), Verdict::Good);
}

TEST(Digest, AStaleChallengeSaysSo) {
  Pair pair;
  const std::string lines =
      pair.server.challenge({"Proxy-Authenticate", "office.example", true}, pair.rng, at(0s));
  EXPECT_EQ(lines.find("Proxy-Authenticate: Digest realm=\"office.example\", nonce=\""), 0U);
  EXPECT_NE(lines.find("algorithm=SHA-256, qop=\"auth\", stale=true\r\n"), std::string::npos);
  EXPECT_NE(lines.find("algorithm=MD5, qop=\"auth\", stale=true\r\n"), std::string::npos);
}

TEST(Digest, UsedNoncesAreForgottenWhenTheirLifeIsOver) {
  Pair pair;
  for (int i = 0; i < 100; ++i) {
    pair.challenge(at(1s * i));
    EXPECT_EQ(pair.verify(pair.credentials(), "secret", at(1s * i)), Verdict::Good);
  }
  EXPECT_EQ(pair.server.remembered(), 100U);
  pair.challenge(at(1000s));
  EXPECT_EQ(pair.verify(pair.credentials(), "secret", at(1000s)), Verdict::Good);
  EXPECT_EQ(pair.server.remembered(), 1U);
}

TEST(Digest, Wire_F3_ANonceThatHadToMakeRoomIsNotTakenAgain) {
  Pair pair;
  pair.challenge(at(0s));
  const DigestParams first = pair.credentials();
  EXPECT_EQ(pair.verify(first, "secret", at(1s)), Verdict::Good);
  for (std::size_t i = 0; i < kNoncesMax; ++i) {
    pair.challenge(at(2s));
    ASSERT_EQ(pair.verify(pair.credentials(), "secret", at(2s)), Verdict::Good);
  }

  EXPECT_EQ(pair.server.remembered(), kNoncesMax);
  EXPECT_EQ(pair.verify(first, "secret", at(3s)), Verdict::Replayed);
}

TEST(Digest, Rfc7616_3_4_AnOldServerWithoutQopGetsTheOldForm) {
  DigestClient client("Mufasa", "Circle Of Life");
  base::SplitMix rng{1};
  ASSERT_TRUE(client.take_challenge({"Digest realm=\"testrealm@host.com\", "
                                     "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
                                     "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""},
                                    true));

  const std::string line = client.authorization("GET", "/dir/index.html", rng);

  const std::string ha1 =
      make_ha1(Algorithm::Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");
  const std::string ha2 = hash_hex(Algorithm::Md5, "GET:/dir/index.html");
  const std::string response =
      hash_hex(Algorithm::Md5, ha1 + ":dcd98b7102dd2f0e8b11d0f600bfb0c093:" + ha2);
  EXPECT_EQ(line,
            "Proxy-Authorization: Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
            "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", response=\"" +
                response + "\", algorithm=MD5, opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"\r\n");
}

TEST(Digest, AClientPassesOverChallengesThatItDoesNotUnderstand) {
  DigestClient client("101", "secret");
  base::SplitMix rng{1};
  EXPECT_EQ(client.authorization("INVITE", "sip:x", rng), "");
  EXPECT_FALSE(client.take_challenge({"Basic realm=\"r\"", "Digest realm=\"r\"",
                                      "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess",
                                      "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\""},
                                     false));
  EXPECT_TRUE(client.take_challenge(
      {"Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256, qop=\"auth\"",
       "Digest realm=\"r\", nonce=\"n\", algorithm=md5, qop=\"auth-int,auth\""},
      false));
}

TEST(Digest, Rfc7616_3_4_ANonceIsCountedUpByTheClient) {
  DigestClient client("101", "secret");
  base::SplitMix rng{1};
  ASSERT_TRUE(client.take_challenge({"Digest realm=\"r\", nonce=\"n\", qop=\"auth\""}, false));
  EXPECT_NE(client.authorization("INVITE", "sip:x", rng).find("nc=00000001"), std::string::npos);
  EXPECT_NE(client.authorization("INVITE", "sip:x", rng).find("nc=00000002"), std::string::npos);
}

TEST(Digest, NoSecretIsInWhatIsSent) {
  Pair pair;
  pair.client = DigestClient("101", "correct horse");
  pair.challenge(at(0s));
  const std::string line = pair.client.authorization("REGISTER", "sip:office.example", pair.rng);
  EXPECT_EQ(line.find("correct horse"), std::string::npos);
  for (const Algorithm algorithm : {Algorithm::Md5, Algorithm::Sha256})
    EXPECT_EQ(line.find(make_ha1(algorithm, "101", "office.example", "correct horse")),
              std::string::npos);
}

}  // namespace
}  // namespace sip
