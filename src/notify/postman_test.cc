// The thread that sends mail, stepped by hand: with a store on disk, a mail server that does as it
// is told, and a clock that the test sets.

#include "notify/postman.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/zone.h"
#include "notify/smtp.h"
#include "store/store.h"
#include "store/store_test_kit.h"

namespace notify {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kMidnight = 1'793'577'600'000;  // 2026-11-02T00:00Z, a Monday
using Lines = std::vector<std::string>;

class MailRound : public ::testing::Test {
 protected:
  MailRound() {
    office.tenant = "office.example";
    model::Group sales;
    sales.name = "Sales";
    sales.email.missed = {"sales@office.example", "boss@office.example"};
    sales.email.daily = {"boss@office.example"};
    office.groups = {sales};
    model::User alice;
    alice.extension = "101";
    alice.email = "alice@office.example";
    alice.mailbox.present = true;
    office.users = {alice};
    open();
  }

  void open() {
    postman.reset();
    store.reset();
    auto opened = store::Store::open(
        {.database_file = folder.file("harrier.db"), .journal_folder = folder.path()});
    ASSERT_TRUE(opened) << opened.error();
    store = *std::move(opened);
    store->start();
    const Postman::Send send = [this](const Envelope& envelope, const std::string& bytes,
                                      const std::atomic<bool>&) -> base::Status<SmtpError> {
      ++attempts;
      if (const auto error = answer(envelope)) return base::Unexpected{*error};
      got.push_back(envelope.to);
      last = bytes;
      return base::Ok{};
    };
    auto made = Postman::open({.store = *store,
                               .database_file = folder.file("harrier.db"),
                               .office = [this] { return snapshot(); },
                               .media_folder = folder.file("media"),
                               .templates_folder = folder.file("templates"),
                               .send = send,
                               .notes = [this](const Note& note) { notes.push_back(note.event); }});
    ASSERT_TRUE(made) << made.error();
    postman = *std::move(made);
  }

  [[nodiscard]] std::shared_ptr<const model::Snapshot> snapshot() const {
    model::BuildOptions options;
    options.zone = zone;
    return model::Snapshot::build(office, options);
  }

  void write(facts::Fact fact) {
    std::promise<bool> done;
    store->write(std::move(fact), [&](bool good) { done.set_value(good); });
    ASSERT_TRUE(done.get_future().get());
  }

  facts::CallRecord missed(const std::string& id) const {
    facts::CallRecord record = store::record_of(id, now.wall.unix_ms - 60'000);
    record.answered.reset();
    record.answered_by.clear();
    record.outcome = facts::Outcome::NoAnswer;
    return record;
  }

  void pass(std::int64_t ms) {
    now.at += base::Duration{ms};
    now.wall.unix_ms += ms;
    postman->round(now);
  }

  store::TestFolder folder;
  model::Office office;
  model::Zone zone;
  base::Now now{base::Instant{base::Duration{1'000'000}}, {kMidnight + 9 * kHour}};
  std::function<std::optional<SmtpError>(const Envelope&)> answer = [](const Envelope&) {
    return std::optional<SmtpError>{};
  };
  int attempts = 0;
  Lines got, notes;
  std::string last;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Postman> postman;
};

TEST_F(MailRound, Row_S1_12_AMissedCallIsToldOnceToEachAddress) {
  write(facts::CallEnded{missed("1")});
  write(facts::CallEnded{missed("1")});

  for (int i = 0; i < 5; ++i) pass(1'000);

  EXPECT_EQ(got, (Lines{"sales@office.example", "boss@office.example"}));
  EXPECT_EQ(postman->figures().sent, 2U);
  EXPECT_EQ(postman->figures().waiting, 0);
  EXPECT_EQ(notes, (Lines{"mail.sent", "mail.sent"}));
}

TEST_F(MailRound, AnAnsweredCallIsNotTold) {
  write(facts::CallEnded{store::record_of("1")});

  pass(1'000);

  EXPECT_EQ(attempts, 0);
}

TEST_F(MailRound, AMessageGoesAlong) {
  facts::Message message = store::message_of("7");
  message.box = model::MailboxRef{&snapshot()->office().users[0], nullptr}.key();
  message.at = now.wall;
  std::filesystem::create_directories(folder.file("media/messages"));
  std::ofstream(folder.file("media/messages/7.wav")) << "RIFF of a message";
  write(facts::MessageLeft{"101", message});

  pass(1'000);

  EXPECT_EQ(got, (Lines{"alice@office.example"}));
  EXPECT_NE(last.find(base::base64("RIFF of a message")), std::string::npos);
}

TEST_F(MailRound, AMessageThatWasDeletedMeanwhileIsNotTold) {
  facts::Message message = store::message_of("7");
  message.box = model::MailboxRef{&snapshot()->office().users[0], nullptr}.key();
  write(facts::MessageLeft{"101", message});
  facts::MessageChanged gone;
  gone.box = message.box;
  gone.id = "7";
  gone.deleted = true;
  write(gone);

  pass(1'000);

  EXPECT_EQ(attempts, 0);
  EXPECT_EQ(postman->figures().waiting, 0);
}

TEST_F(MailRound, ADeadServerLosesNothingIsAskedLessAndLessAndARestartChangesNothing) {
  answer = [](const Envelope&) { return SmtpError{SmtpError::What::Server, "Connection refused"}; };
  write(facts::CallEnded{missed("1")});
  for (int i = 0; i < 600; ++i) pass(1'000);
  EXPECT_GE(attempts, 6);
  EXPECT_LE(attempts, 9);
  EXPECT_FALSE(postman->figures().server_up);
  EXPECT_EQ(postman->figures().waiting, 2);
  EXPECT_EQ(notes, (Lines{"mail.server_failed"})) << "once";

  open();
  answer = [](const Envelope&) { return std::optional<SmtpError>{}; };
  pass(1'000);

  EXPECT_EQ(got, (Lines{"sales@office.example", "boss@office.example"}));
}

TEST_F(MailRound, WhatIsRefusedForGoodIsStruckOffAndTheOthersGo) {
  answer = [](const Envelope& envelope) -> std::optional<SmtpError> {
    if (envelope.to != "sales@office.example") return std::nullopt;
    return SmtpError{SmtpError::What::Refused, "550 no such user"};
  };
  write(facts::CallEnded{missed("1")});

  for (int i = 0; i < 5; ++i) pass(1'000);

  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(got, (Lines{"boss@office.example"}));
  EXPECT_EQ(postman->figures().refused, 1U);
  EXPECT_EQ(notes, (Lines{"mail.refused", "mail.sent"}));
}

TEST_F(MailRound, WhatIsPutOffIsTriedAgainLaterAndGivenUpAfterThreeDays) {
  office.groups[0].email.missed = {"grey@office.example"};
  office.groups[0].email.daily.clear();
  answer = [](const Envelope&) { return SmtpError{SmtpError::What::Later, "451 later"}; };
  write(facts::CallEnded{missed("1")});

  pass(1'000);
  pass(30'000);
  EXPECT_EQ(attempts, 1);
  pass(31'000);
  EXPECT_EQ(attempts, 2);
  for (int i = 0; i < 4 * 24; ++i) pass(kHour);

  EXPECT_LT(attempts, 50);
  EXPECT_EQ(postman->figures().given_up, 1U);
  EXPECT_EQ(postman->figures().waiting, 0);
}

TEST_F(MailRound, Row_S1_13_TheDayIsToldAtTheTenantsMidnightOnce) {
  zone.offset_s = 3'600;  // midnight is 23:00 UTC
  pass(0);
  write(facts::CallEnded{missed("1")});
  pass(0);
  got.clear();
  now.wall.unix_ms = kMidnight + 22 * kHour + kHour - 1'000;
  pass(0);
  EXPECT_EQ(got, Lines{});

  pass(2'000);
  for (int i = 0; i < 5; ++i) pass(1'000);

  EXPECT_EQ(got, (Lines{"boss@office.example"}));
  EXPECT_NE(last.find("filename=\"calls-2026-11-02.csv\""), std::string::npos);
  open();
  pass(1'000);
  EXPECT_EQ(got.size(), 1U) << "a restart tells nothing again";
}

TEST_F(MailRound, AReportOfAWeekGoesOutOnceWhenTheWeekIsOver) {
  office.groups[0].email = {};
  model::Report report;
  report.name = "Missed";
  report.email = {"boss@office.example", "alice@office.example"};
  report.every = model::Every::Week;
  report.outcome = "no_answer";
  office.reports = {report};
  pass(0);
  write(facts::CallEnded{missed("1")});
  write(facts::CallEnded{store::record_of("2", now.wall.unix_ms - 60'000)});
  now.wall.unix_ms = kMidnight + 6 * 24 * kHour + 23 * kHour;
  for (int i = 0; i < 3; ++i) pass(1'000);
  EXPECT_EQ(got, Lines{}) << "Sunday evening";

  now.wall.unix_ms += kHour;
  for (int i = 0; i < 5; ++i) pass(1'000);

  EXPECT_EQ(got, report.email);
  EXPECT_NE(last.find("filename=\"calls-2026-11-02.csv\""), std::string::npos) << last;
  const std::string said = "Calls: Missed, 2026-11-02 – 2026-11-08\n\nNumber of calls";
  EXPECT_NE(last.find(base::base64(said) + "\r\n" + base::base64(": 1.").substr(0, 5)),
            std::string::npos)
      << last;
}

TEST_F(MailRound, ADayOfTwentyFiveHoursIsOneDay) {
  zone.offset_s = 7'200;
  zone.transitions = {{{kMidnight + kHour}, 3'600}};  // 03:00 becomes 02:00
  now.wall.unix_ms = kMidnight;                       // 02:00 of that day
  pass(0);
  write(facts::CallEnded{missed("1")});
  pass(0);
  got.clear();
  now.wall.unix_ms = kMidnight + 22 * kHour + kHour - 1'000;
  pass(0);
  EXPECT_EQ(got, Lines{}) << "23:59 of the same day, 25 hours after it began";

  pass(2'000);

  EXPECT_EQ(got, (Lines{"boss@office.example"}));
}

TEST_F(MailRound, DaysThatPassedWhileNobodyRanAreToldButNotWholeYears) {
  pass(0);
  now.wall.unix_ms += 3 * 24 * kHour;
  pass(1'000);
  EXPECT_EQ(got.size(), 3U);
  got.clear();

  now.wall.unix_ms += 400 * 24 * kHour;
  for (int i = 0; i < 5; ++i) pass(1'000);

  EXPECT_EQ(got.size(), 3U) << "three days are made up for";
}

TEST_F(MailRound, AnAddressThatIsNoneIsLeftOut) {
  office.groups[0].email.missed = {"a@b\r\nRCPT TO:<c@d>", "boss@office.example"};
  write(facts::CallEnded{missed("1")});

  pass(1'000);

  EXPECT_EQ(got, (Lines{"boss@office.example"}));
}

}  // namespace
}  // namespace notify
