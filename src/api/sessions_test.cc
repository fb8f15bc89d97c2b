// Sessions, the setup link, the guard against guessing, codes, rates, answers given once more.
#include "api/sessions.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "api/http.h"
#include "api/limits.h"
#include "api/totp.h"
#include "base/time.h"

namespace api {
namespace {

constexpr base::WallTime kNow{1'772'366'400'000};

base::WallTime later(std::int64_t seconds) {
  return base::WallTime{kNow.unix_ms + seconds * 1'000};
}

Session session(std::string login, std::string host = "pbx:8080") {
  Session made;
  made.login = std::move(login);
  made.host = std::move(host);
  return made;
}

TEST(Sessions, AreFoundByTheirSecretAndUnderTheirHostAlone) {
  Sessions sessions;
  const auto opened = sessions.open(session("admin:a@b"), kNow);

  EXPECT_TRUE(sessions.find(opened.secret, "pbx:8080", later(1)).has_value());
  EXPECT_FALSE(sessions.find(opened.secret, "evil.example", later(1)).has_value());
  EXPECT_FALSE(sessions.find(opened.session.id, "pbx:8080", later(1)).has_value());
  EXPECT_FALSE(sessions.find("", "pbx:8080", later(1)).has_value());
}

TEST(Sessions, EndAfterThirtyMinutesUnusedAndTwelveHoursInAll) {
  Sessions sessions;
  const auto idle = sessions.open(session("admin:a@b"), kNow);
  const auto busy = sessions.open(session("admin:a@b"), kNow);
  for (int minute = 0; minute < 12 * 60; minute += 20)
    EXPECT_TRUE(sessions.find(busy.secret, "pbx:8080", later(minute * 60)).has_value()) << minute;

  EXPECT_FALSE(sessions.find(idle.secret, "pbx:8080", later(1'800)).has_value());
  EXPECT_FALSE(sessions.find(busy.secret, "pbx:8080", later(12 * 3'600)).has_value());
}

TEST(Sessions, OfOneAccountTheOnesUnusedLongestGo) {
  Sessions sessions;
  const auto first = sessions.open(session("user:101"), kNow);
  for (std::size_t i = 0; i < kSessionsAccountMax; ++i)
    (void)sessions.open(session("user:101"), later(1 + static_cast<std::int64_t>(i)));

  EXPECT_EQ(sessions.list("user:101", later(60)).size(), kSessionsAccountMax);
  EXPECT_FALSE(sessions.is_open(first.session.id, later(60)));
}

TEST(Sessions, AreEndedByTheirOwnerAndNotByOthers) {
  Sessions sessions;
  const auto one = sessions.open(session("user:101"), kNow);

  EXPECT_FALSE(sessions.end(one.session.id, "user:102"));
  EXPECT_TRUE(sessions.end(one.session.id, "user:101"));
  EXPECT_FALSE(sessions.is_open(one.session.id, kNow));
}

TEST(SetupLink, WorksOnceAndForAnHour) {
  SetupLink link;
  const std::string once = link.make(kNow);

  EXPECT_TRUE(link.holds(once, later(3'599)).has_value());
  EXPECT_FALSE(link.holds(once, later(3'600)).has_value());
  EXPECT_FALSE(link.use("guess", kNow));
  EXPECT_TRUE(link.use(once, kNow));
  EXPECT_FALSE(link.use(once, kNow));
}

TEST(LoginGuard, MakesEachFailureAfterTheFreeOnesDoubleTheWait) {
  LoginGuard guard;
  for (int i = 0; i < LoginGuard::kFreeOwn - 1; ++i) guard.failed("admin:a@b", "192.0.2.7", kNow);
  EXPECT_FALSE(guard.wait("admin:a@b", "192.0.2.7", kNow).has_value());

  for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60}) {
    guard.failed("admin:a@b", "192.0.2.7", kNow);
    EXPECT_EQ(guard.wait("admin:a@b", "192.0.2.7", kNow), base::Duration{seconds * 1'000});
  }
  EXPECT_FALSE(guard.wait("admin:a@b", "192.0.2.7", later(60)).has_value());
}

TEST(LoginGuard, DoesNotHoldUpTheOwnerElsewhere) {
  LoginGuard guard;
  for (int i = 0; i < 20; ++i) guard.failed("admin:a@b", "192.0.2.7", kNow);

  EXPECT_FALSE(guard.wait("admin:a@b", "192.0.2.8", kNow).has_value());
  EXPECT_TRUE(guard.wait("admin:c@d", "192.0.2.7", kNow).has_value());
}

TEST(LoginGuard, ForgetsAndIsForgivenByASuccess) {
  LoginGuard guard;
  for (int i = 0; i < 5; ++i) guard.failed("admin:a@b", "192.0.2.7", kNow);
  guard.succeeded("admin:a@b", "192.0.2.7");

  EXPECT_FALSE(guard.wait("admin:a@b", "192.0.2.7", kNow).has_value());
}

// RFC 6238 appendix B with its secret "12345678901234567890"; six digits of the eight.
TEST(Rfc6238_B, CodesAreThoseOfTheAppendix) {
  constexpr const char* kSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  EXPECT_EQ(totp_code(kSecret, 59 / 30), "287082");
  EXPECT_EQ(totp_code(kSecret, 1'111'111'109 / 30), "081804");
  EXPECT_EQ(totp_code(kSecret, 1'234'567'890 / 30), "005924");
  EXPECT_EQ(totp_code(kSecret, 20'000'000'000 / 30), "353130");
  EXPECT_EQ(totp_code("not base32!", 1), std::nullopt);
}

TEST(Rfc6238_5_2, ACodeIsTakenOnceAndForAStepBeforeAndAfter) {
  const std::string secret = new_totp_secret();
  const auto step = static_cast<std::uint64_t>(kNow.unix_ms / 30'000);
  UsedCodes used;

  EXPECT_EQ(totp_step(secret, *totp_code(secret, step), kNow), step);
  EXPECT_EQ(totp_step(secret, *totp_code(secret, step - 1), kNow), step - 1);
  EXPECT_EQ(totp_step(secret, *totp_code(secret, step + 1), kNow), step + 1);
  EXPECT_TRUE(used.use("admin:a@b", step));
  EXPECT_FALSE(used.use("admin:a@b", step));
  EXPECT_FALSE(used.use("admin:a@b", step - 1));
  EXPECT_TRUE(used.use("admin:a@b", step + 1));
}

TEST(Totp, TheUriNamesAccountAndIssuer) {
  EXPECT_EQ(totp_uri("ABC", "a@office.example", "Harrier office"),
            "otpauth://totp/Harrier%20office:a%40office.example?secret=ABC&issuer="
            "Harrier%20office");
}

TEST(RateLimits, ABucketFillsAgain) {
  RateLimits rates;
  const auto start = std::chrono::steady_clock::time_point{std::chrono::hours{1}};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rates.count("a", {1, 3}, start).passes);

  EXPECT_FALSE(rates.count("a", {1, 3}, start).passes);
  EXPECT_TRUE(rates.count("b", {1, 3}, start).passes);
  EXPECT_TRUE(rates.count("a", {1, 3}, start + std::chrono::seconds{1}).passes);
  EXPECT_FALSE(rates.count("a", {1, 3}, start + std::chrono::seconds{1}).passes);
}

TEST(GivenAnswers, TheSameIsAnsweredOnceMoreAndAnotherRequestIsRefused) {
  GivenAnswers given;
  Response made;
  made.status = 201;
  EXPECT_EQ(given.begin("k", "request", kNow).found, GivenAnswers::Found::New);
  EXPECT_EQ(given.begin("k", "request", kNow).found, GivenAnswers::Found::Running);
  given.keep("k", made);

  const auto again = given.begin("k", "request", later(60));
  EXPECT_EQ(again.found, GivenAnswers::Found::Same);
  EXPECT_EQ(again.answer->status, 201);
  EXPECT_EQ(given.begin("k", "another", later(60)).found, GivenAnswers::Found::Other);
  EXPECT_EQ(given.begin("k", "request", later(25 * 3'600)).found, GivenAnswers::Found::New);
}

}  // namespace
}  // namespace api
