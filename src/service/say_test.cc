// Numbers, lengths and times by the rules of each language.
#include "service/say.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/media.h"
#include "service/prompts.h"
#include "service/service.h"

namespace {

using service::Gender;
using service::Language;
using service::Voice;

Voice voice(Language language) {
  return {.language = language, .recordings = nullptr};
}

// The names without the language, and without "digits/".
std::string said(const service::Sounds& sounds) {
  std::string out;
  for (const facts::Sound& sound : sounds) {
    std::string name = sound.name.substr(3);
    if (name.rfind("digits/", 0) == 0) name = name.substr(7);
    out += (out.empty() ? "" : " ") + name;
  }
  return out;
}
std::string number(Language language, std::uint64_t n, Gender gender = Gender::Counting) {
  return said(service::say_number(voice(language), n, gender));
}
std::string lasting(Language language, std::int64_t seconds) {
  return said(service::say_duration(voice(language), base::Duration{seconds * 1'000}));
}
std::string messages(Language language, std::uint64_t fresh, std::uint64_t saved) {
  return said(service::say_messages(voice(language), fresh, saved));
}
// 2026-03-01T12:00:00Z is a Sunday.
constexpr std::int64_t kNoon = 1'772'366'400'000;
constexpr std::int64_t kMinutes = 60'000;
constexpr std::int64_t kHours = 60 * kMinutes;
constexpr std::int64_t kDays = 24 * kHours;
std::string moment(Language language, std::int64_t before_noon_ms) {
  return said(service::say_moment(voice(language), {kNoon - before_noon_ms}, {kNoon}, {}));
}

TEST(Say, DigitsOneByOne) {
  EXPECT_EQ(said(service::say_digits(voice(Language::En), "+48-5 *#x")),
            "letters/plus 4 8 5 star pound");
}

TEST(Say, EnglishNumbers) {
  EXPECT_EQ(number(Language::En, 0), "0");
  EXPECT_EQ(number(Language::En, 19), "19");
  EXPECT_EQ(number(Language::En, 42), "40 2");
  EXPECT_EQ(number(Language::En, 100), "1 hundred");
  EXPECT_EQ(number(Language::En, 2'026), "2 thousand 20 6");
  EXPECT_EQ(number(Language::En, 1'000'315), "1 million 3 hundred 15");
}

TEST(Say, SpanishNumbers) {
  EXPECT_EQ(number(Language::Es, 1), "1");
  EXPECT_EQ(number(Language::Es, 1, Gender::Masculine), "1M");
  EXPECT_EQ(number(Language::Es, 1, Gender::Feminine), "1F");
  EXPECT_EQ(number(Language::Es, 21), "21");
  EXPECT_EQ(number(Language::Es, 42), "40 and 2");
  EXPECT_EQ(number(Language::Es, 100), "hundred");
  EXPECT_EQ(number(Language::Es, 131), "100-and 30 and 1");
  EXPECT_EQ(number(Language::Es, 1'500), "thousand 500");
  EXPECT_EQ(number(Language::Es, 2'026), "2 thousand 26");
  EXPECT_EQ(number(Language::Es, 1'000'000), "1M million");
  EXPECT_EQ(number(Language::Es, 3'000'001), "3 millions 1");
}

TEST(Say, PolishNumbers) {
  EXPECT_EQ(number(Language::Pl, 0), "0");
  EXPECT_EQ(number(Language::Pl, 1, Gender::Feminine), "1F");
  EXPECT_EQ(number(Language::Pl, 2, Gender::Feminine), "2F");
  EXPECT_EQ(number(Language::Pl, 12, Gender::Feminine), "12");
  EXPECT_EQ(number(Language::Pl, 21, Gender::Feminine), "20 1");
  EXPECT_EQ(number(Language::Pl, 22, Gender::Feminine), "20 2F");
  EXPECT_EQ(number(Language::Pl, 101, Gender::Feminine), "100 1");
  EXPECT_EQ(number(Language::Pl, 1'001, Gender::Feminine), "thousand-one 1");
  EXPECT_EQ(number(Language::Pl, 2'345), "2 thousand-few 300 40 5");
  EXPECT_EQ(number(Language::Pl, 12'000), "12 thousand-many");
  EXPECT_EQ(number(Language::Pl, 22'000), "20 2 thousand-few");
  EXPECT_EQ(number(Language::Pl, 1'000'000), "million-one");
  EXPECT_EQ(number(Language::Pl, 5'000'000), "5 million-many");
}

TEST(Say, HugeNumbersDigitByDigit) {
  EXPECT_EQ(number(Language::En, 1'000'000'000), "1 0 0 0 0 0 0 0 0 0");
}

TEST(Say, Lengths) {
  EXPECT_EQ(lasting(Language::En, 0), "0 seconds");
  EXPECT_EQ(lasting(Language::En, 61), "1 minute harrier/one-second");
  EXPECT_EQ(lasting(Language::En, 125), "2 minutes 5 seconds");
  EXPECT_EQ(lasting(Language::Es, 60), "1M queue-minute");
  EXPECT_EQ(lasting(Language::Pl, 61), "1F count/minute-one 1F count/second-one");
  EXPECT_EQ(lasting(Language::Pl, 142), "2F count/minute-few 20 2F count/second-few");
  EXPECT_EQ(lasting(Language::Pl, 312), "5 count/minute-many 12 count/second-many");
  EXPECT_EQ(lasting(Language::En, -5), "0 seconds");
}

TEST(Say, ExpectedWaitsInWholeMinutes) {
  EXPECT_EQ(said(service::say_minutes(voice(Language::En), base::Duration{0})), "1 minute");
  EXPECT_EQ(said(service::say_minutes(voice(Language::Pl), base::Duration{60'001})),
            "2F count/minute-few");
}

TEST(Say, TodayAndYesterday) {
  EXPECT_EQ(moment(Language::En, 0), "today 12 p-m");
  EXPECT_EQ(moment(Language::En, 11 * kHours + 55 * kMinutes), "today 12 oh 5 a-m");
  EXPECT_EQ(moment(Language::Es, 13 * kHours), "yesterday 11 p-m");
  EXPECT_EQ(moment(Language::Es, 22 * kHours + 39 * kMinutes), "yesterday 1F and 21 p-m");
  EXPECT_EQ(moment(Language::Pl, 13 * kHours), "day/yesterday hour/hour hour/20 hour/3");
}

TEST(Say, OtherDaysWithTheYearWhenItIsAnother) {
  EXPECT_EQ(moment(Language::En, 5 * kDays), "day-2 mon-1 20 h-4 12 p-m");
  EXPECT_EQ(moment(Language::Es, 5 * kDays), "es-el day-2 24 es-de mon-1 12 p-m");
  EXPECT_EQ(moment(Language::Pl, 5 * kDays),
            "day/1 ordinal/of-20 ordinal/of-4 month/2 hour/hour hour/12");
  EXPECT_EQ(moment(Language::En, 60 * kDays), "day-3 mon-11 30 h-1 2 thousand 20 5 12 p-m");
  EXPECT_EQ(moment(Language::Es, 60 * kDays),
            "es-el day-3 30 and 1 es-de mon-11 es-de 2 thousand 25 12 p-m");
  EXPECT_EQ(moment(Language::Pl, 60 * kDays),
            "day/2 ordinal/of-30 ordinal/of-1 month/12 2 thousand-few ordinal/of-20 ordinal/of-5 "
            "ordinal/year hour/hour hour/12");
}

TEST(Say, MessagesAreCountedInTheirForms) {
  EXPECT_EQ(messages(Language::En, 0, 0), "harrier/you-have-no-messages");
  EXPECT_EQ(messages(Language::En, 2, 1),
            "vm-youhave 2 vm-INBOX vm-messages vm-and 1 vm-Old vm-message");
  EXPECT_EQ(messages(Language::Es, 1, 2),
            "vm-youhave 1M vm-message vm-INBOX vm-and 2 vm-messages vm-Olds");
  EXPECT_EQ(messages(Language::Pl, 1, 22),
            "harrier/you-have 1F count/new-message-one harrier/and 20 2F "
            "count/saved-message-few");
  EXPECT_EQ(messages(Language::Pl, 12, 0), "harrier/you-have 12 count/new-message-many");
}

TEST(Say, APhraseWithAMissingRecordingIsSaidInEnglish) {
  Voice spanish = voice(Language::Es);
  spanish.recordings = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"es/digits/1M", "es/digits/2", "es/minutes"});

  EXPECT_EQ(service::say_duration(spanish, base::Duration{120'000})[0].name, "es/digits/2");
  EXPECT_EQ(service::say_duration(spanish, base::Duration{60'000})[0].name, "en/digits/1");
}

TEST(Prompts, AMissingPromptIsSaidInEnglish) {
  Voice polish = voice(Language::Pl);
  EXPECT_EQ(service::prompt(polish, service::Prompt::Goodbye).name, "pl/harrier/goodbye");

  polish.recordings = std::make_shared<const std::vector<std::string>>();
  EXPECT_EQ(service::prompt(polish, service::Prompt::Goodbye).name, "en/vm-goodbye");
}

TEST(Prompts, AnUnknownLanguageIsEnglish) {
  EXPECT_EQ(service::language_from("pl"), Language::Pl);
  EXPECT_EQ(service::language_from("es"), Language::Es);
  EXPECT_EQ(service::language_from("de"), Language::En);
}

TEST(Prompts, EachDraftHasATextAndANameOfItsOwn) {
  std::set<std::string> names;
  for (const service::Draft& draft : service::drafts()) {
    EXPECT_FALSE(draft.text.empty()) << draft.name;
    EXPECT_TRUE(names.insert(draft.name).second) << draft.name;
    EXPECT_EQ(draft.name.rfind(service::prefix(draft.language), 0), 0U) << draft.name;
  }
}

// A wide sample of all that can be said.
service::Sounds much_said(const Voice& voice) {
  service::Sounds all = service::say_digits(voice, "+0123456789*#");
  for (std::uint64_t n = 0; n < 2'100; ++n) {
    for (const Gender gender : {Gender::Counting, Gender::Masculine, Gender::Feminine})
      service::append(all, service::say_number(voice, n * 1'003, gender));
    service::append(all, service::say_messages(voice, n % 27, n % 25));
    service::append(all, service::say_duration(voice, base::Duration{n * 1'000}));
  }
  for (std::int64_t hour = 0; hour < kDays * 800 / kHours; hour += 7) {
    const base::WallTime at{kNoon - hour * kHours - hour % 60 * kMinutes};
    service::append(all, service::say_moment(voice, at, {kNoon}, {}));
  }
  for (std::uint8_t i = 0; i < service::kPromptCount; ++i)
    all.push_back(service::prompt(voice, static_cast<service::Prompt>(i)));
  return all;
}

// Debian's packages have what is said from them.
TEST(Prompts, WhatIsNotDraftedIsInDebiansPackages) {
  const std::filesystem::path packages = "/usr/share/asterisk/sounds";
  for (const char* folder : {"en_US_f_Allison", "es_MX_f_Allison"})
    ASSERT_TRUE(std::filesystem::exists(packages / folder))
        << "install asterisk-core-sounds-en-wav and asterisk-core-sounds-es-wav (./dev test does)";
  std::set<std::string> there;
  for (const service::Draft& draft : service::drafts()) there.insert(draft.name);

  std::set<std::string> missing;
  for (const Language language : {Language::En, Language::Es}) {
    const auto* folder = language == Language::En ? "en_US_f_Allison" : "es_MX_f_Allison";
    for (const facts::Sound& sound : much_said(voice(language)))
      if (!there.contains(sound.name) &&
          !std::filesystem::exists(packages / folder / (sound.name.substr(3) + ".wav")))
        missing.insert(sound.name);
  }

  EXPECT_EQ(missing, std::set<std::string>{});
}

// Every Polish name that can be said has a draft, and no phrase falls back to English.
TEST(Prompts, WhatIsSaidInPolishIsDrafted) {
  std::set<std::string> drafted;
  for (const service::Draft& draft : service::drafts()) drafted.insert(draft.name);
  Voice polish = voice(Language::Pl);
  polish.recordings =
      std::make_shared<const std::vector<std::string>>(drafted.begin(), drafted.end());

  std::set<std::string> missing;
  for (const facts::Sound& sound : much_said(polish))
    if (sound.name.rfind("pl/", 0) != 0) missing.insert(sound.name);

  EXPECT_EQ(missing, std::set<std::string>{});
}

}  // namespace
