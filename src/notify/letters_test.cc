// The letters in each language, and who gets them.

#include "notify/letters.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "notify/mail.h"
#include "notify/pattern.h"

namespace notify {
namespace {

const Overrides kNone = [](const std::string&) { return std::optional<std::string>{}; };

model::Office office_in(const std::string& language) {
  model::Office office;
  office.tenant = "office.example";
  office.language = language;
  model::User alice;
  alice.extension = "101";
  alice.name = "Alice";
  alice.email = "alice@office.example";
  alice.mailbox.present = true;
  office.users = {alice};
  model::Group sales;
  sales.name = "Sales";
  sales.email.missed = {"sales@office.example", "boss@office.example"};
  office.groups = {sales};
  model::Mailbox general;
  general.name = "general";
  general.email = {"office@office.example"};
  office.mailboxes = {general};
  return office;
}

std::shared_ptr<const model::Snapshot> snapshot_of(model::Office office) {
  return model::Snapshot::build(std::move(office), {});
}

// 12 s of ringing at 101, nobody at 102, then the mailbox.
facts::CallRecord call() {
  facts::CallRecord record;
  record.id = "c1";
  record.started = {1'793'603'105'250};  // 2026-11-02T07:05:05Z
  record.ended = base::WallTime{1'793'603'125'250};
  record.from = "+48587622447";
  record.from_name = "Bob <b>";
  record.dialled = "8001";
  record.group = "Sales";
  record.outcome = facts::Outcome::NoAnswer;
  record.wait_ms = 20'000;
  record.final_destination = "mailbox general";
  facts::Attempt rang;
  rang.target = "101";
  rang.dialled_at_ms = 0;
  rang.ringing_at_ms = 500;
  rang.ended_at_ms = 12'500;
  rang.result = facts::AttemptResult::TimedOut;
  facts::Attempt skipped;
  skipped.target = "102";
  skipped.result = facts::AttemptResult::Skipped;
  facts::Attempt again = rang;
  again.round = 2;
  record.attempts = {rang, skipped, again};
  return record;
}

TEST(Letters, Row_S1_12_AMissedCallSaysWhoCalledAndWhoRangHowLong) {
  const auto office = snapshot_of(office_in("en"));
  facts::Message left;
  left.length_ms = 61'000;

  const Written written = missed_call({*office, kNone}, call(), left);

  EXPECT_EQ(written.subject, "Missed call for Sales from Bob <b> (+48587622447)");
  EXPECT_EQ(written.text,
            "Nobody of Sales answered this call.\n\n"
            "From:     Bob <b> (+48587622447)\n"
            "Dialled:  8001\n"
            "When:     2026-11-02 07:05\n"
            "Waited:   0:20\n"
            "Outcome:  nobody answered\n"
            "Then:     mailbox general\n"
            "Message:  1:01\n"
            "\n"
            "Who was rung:\n"
            "  101 Alice: 0:24, did not answer\n"
            "  102: 0:00, not rung\n");
  EXPECT_NE(written.html.find("<b>Bob &lt;b&gt; (+48587622447)</b>"), std::string::npos);
  EXPECT_EQ(written.html.find("Bob <b>"), std::string::npos);
}

TEST(Letters, InPolishAndSpanishNothingIsLeftInEnglish) {
  const auto polish = snapshot_of(office_in("pl"));
  const auto spanish = snapshot_of(office_in("es"));

  const Written pl = missed_call({*polish, kNone}, call(), std::nullopt);
  const Written es = missed_call({*spanish, kNone}, call(), std::nullopt);

  EXPECT_EQ(pl.subject, "Nieodebrane połączenie do Sales od Bob <b> (+48587622447)");
  EXPECT_NE(pl.text.find("Kiedy:        02.11.2026 07:05"), std::string::npos) << pl.text;
  EXPECT_NE(pl.text.find("Następnie:    poczta głosowa general"), std::string::npos);
  EXPECT_NE(pl.text.find("  101 Alice: 0:24, nie odebrano"), std::string::npos);
  EXPECT_EQ(es.subject, "Llamada perdida para Sales de Bob <b> (+48587622447)");
  EXPECT_NE(es.text.find("Cuándo:    02/11/2026 07:05"), std::string::npos) << es.text;
  EXPECT_NE(es.text.find("Después:   buzón general"), std::string::npos);
  EXPECT_NE(es.text.find("  102: 0:00, no se llamó"), std::string::npos);
}

// In every language every gap of every letter is filled.
TEST(Letters, NoGapIsLeftOpen) {
  facts::Message message;
  message.id = "m1";
  Day day;
  day.calls = {call()};
  day.cut = true;
  for (const char* language : {"en", "pl", "es"}) {
    const auto office = snapshot_of(office_in(language));
    const Writer writer{*office, kNone};
    for (const Written& written :
         {missed_call(writer, call(), message), message_left(writer, message, "101", {"RIFF"}),
          message_left(writer, message, "101", {std::nullopt, true}),
          groups_day(writer, office->office().groups[0], day)}) {
      for (const std::string* text : {&written.subject, &written.text, &written.html})
        EXPECT_EQ(text->find_first_of("{}"), std::string::npos) << language << ": " << *text;
      EXPECT_FALSE(written.subject.empty());
      EXPECT_NE(written.html.find("lang=\"" + std::string(language)), std::string::npos);
    }
  }
}

TEST(Letters, AMessageGoesAlongAsAWavUnlessItIsGoneOrTooLong) {
  const auto office = snapshot_of(office_in("en"));
  facts::Message message;
  message.id = "c1-0-1";
  message.at = {1'793'603'105'250};
  message.length_ms = 7'000;

  const Written whole = message_left({*office, kNone}, message, "101", {"RIFF"});
  const Written gone = message_left({*office, kNone}, message, "101", {});

  EXPECT_EQ(whole.subject, "Message from an unknown caller in mailbox 101");
  ASSERT_EQ(whole.attachments.size(), 1U);
  EXPECT_EQ(whole.attachments[0], (Attachment{"message-c1-0-1.wav", "audio/wav", "RIFF"}));
  EXPECT_TRUE(gone.attachments.empty());
  EXPECT_NE(gone.text.find("deleted meanwhile"), std::string::npos);
}

TEST(Letters, Row_S1_13_ADayHasItsTotalsItsMembersAndItsCallsAsCsv) {
  const auto office = snapshot_of(office_in("en"));
  facts::CallRecord answered = call();
  answered.id = "c2";
  answered.outcome = facts::Outcome::Answered;
  answered.answered = base::WallTime{1'793'603'115'250};
  answered.answered_by = "101";
  answered.wait_ms = 10'000;
  answered.talk_ms = 65'000;
  Day day;
  day.from = {1'793'577'600'000};
  answered.attempts.front().result = facts::AttemptResult::Won;
  answered.attempts.front().ended_at_ms = 10'000;
  day.calls = {call(), answered};

  const Written written = groups_day({*office, kNone}, office->office().groups[0], day);

  EXPECT_EQ(written.subject, "Calls of Sales on 2026-11-02");
  EXPECT_EQ(written.text,
            "Sales, 2026-11-02\n\n"
            "Calls:          2\n"
            "Answered:       1\n"
            "Answered in 20 s: 1\n"
            "Not answered:   1\n"
            "Caller hung up: 0\n"
            "Average wait:   0:15\n"
            "Time talked:    1:05\n"
            "\nMembers:\n"
            "  101 Alice: rung 4, answered 1, talked 1:05\n"
            "    missed 3, declined 0, busy 0, not reachable 0\n"
            "  102: rung 0, answered 0, talked 0:00\n"
            "    missed 0, declined 0, busy 0, not reachable 0\n"
            "\nBy hour:\n"
            "  7:00  2 calls, 1 answered\n"
            "\nNot answered:\n"
            "  07:05  Bob <b> (+48587622447), waited 0:20, nobody answered\n");
  ASSERT_EQ(written.attachments.size(), 1U);
  EXPECT_EQ(written.attachments[0].name, "calls-2026-11-02.csv");
  EXPECT_TRUE(written.attachments[0].bytes.starts_with("id,tenant,started,"));
  EXPECT_NE(written.attachments[0].bytes.find("\r\nc2,"), std::string::npos);
}

TEST(Letters, AnAdministratorsTextTakesThePlaceOfOurs) {
  const auto office = snapshot_of(office_in("pl"));
  const Overrides own = [](const std::string& file) {
    return file == "missed.pl.txt"
               ? std::optional<std::string>{"{caller_number} dzwonił\r\n\r\nOddzwoń: {caller}\n"}
               : std::nullopt;
  };

  const Written written = missed_call({*office, own}, call(), std::nullopt);

  EXPECT_EQ(written.subject, "+48587622447 dzwonił");
  EXPECT_EQ(written.text, "Oddzwoń: Bob <b> (+48587622447)\n");
  EXPECT_NE(written.html.find("nie odebrał"), std::string::npos) << "ours: none was written";
}

TEST(Letters, WhoIsToldIsWhatTheOfficeSays) {
  model::Office made = office_in("en");
  const auto office = snapshot_of(made);
  EXPECT_EQ(told_of_missed_call(*office, call()), made.groups[0].email.missed);
  EXPECT_EQ(told_of_message(*office, "user/nobody"), std::vector<std::string>{});
  const model::MailboxRef of_alice{&office->office().users[0], nullptr};
  const model::MailboxRef general{nullptr, &office->office().mailboxes[0]};

  EXPECT_EQ(told_of_message(*office, of_alice.key()),
            std::vector<std::string>{"alice@office.example"});
  EXPECT_EQ(told_of_message(*office, general.key()),
            std::vector<std::string>{"office@office.example"});
  made.users[0].mailbox.email = false;
  EXPECT_EQ(told_of_message(*snapshot_of(made), of_alice.key()), std::vector<std::string>{});
}

TEST(Patterns, BlocksMayStandInBlocksAndWhatNamesNothingStays) {
  Values values;
  values.words = {{"a", "1"}, {"empty", ""}};
  values.lists["rows"].resize(2);
  values.lists["rows"][0].words = {{"a", "x"}};

  EXPECT_EQ(fill("{a}{if empty}no{each rows}!{end}{end}{each rows}[{a}{if a}+{end}]{end}{b} {",
                 values, Markup::Text),
            "1[x+][1+]{b} {");
}

TEST(Patterns, HoweverDeepBlocksStandInBlocksTheyAreReadInBoundedMemory) {
  constexpr std::size_t kDeep = 100'000;
  std::string pattern;
  for (std::size_t i = 0; i < kDeep; ++i) pattern += i % 2 == 0 ? "{if a}" : "{each rows}";
  for (std::size_t i = 0; i < kDeep; ++i) pattern += "{end}";

  Values values;
  values.words = {{"a", "1"}};
  values.lists["rows"].resize(1);

  EXPECT_EQ(fill(pattern + "after", values, Markup::Text), "after");
}

}  // namespace
}  // namespace notify
