// Names, compact forms, limits and what outlives what.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "sip/message.h"

namespace sip {
namespace {

std::string options(std::string_view more) {
  std::string out =
      "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.31;branch=z9hG4bK1\r\n"
      "From: <sip:201@h>;tag=1\r\nTo: <sip:600@h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n";
  return out.append(more).append("\r\n");
}

std::string upper(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

TEST(Names, EachHeaderIsFoundByItsNameInAnyCase) {
  std::vector<std::string> lost;
  for (std::size_t i = 1; i < static_cast<std::size_t>(Header::Count); ++i) {
    const auto id = static_cast<Header>(i);
    const std::string name{name_of(id)};
    if (header_from(name) != id || header_from(upper(name)) != id) lost.push_back(name);
  }

  EXPECT_EQ(lost, std::vector<std::string>{});
  EXPECT_EQ(header_from("X-Unknown"), Header::Other);
  EXPECT_EQ(header_from(std::string(200, 'v')), Header::Other);
  EXPECT_EQ(header_from(""), Header::Other);
}

TEST(Names, Rfc3261_7_3_3_EachCompactFormIsItsHeader) {
  static constexpr auto kForms = std::to_array<std::pair<char, Header>>({
      {'a', Header::Other},
      {'b', Header::ReferredBy},
      {'c', Header::ContentType},
      {'d', Header::RequestDisposition},
      {'e', Header::ContentEncoding},
      {'f', Header::From},
      {'i', Header::CallId},
      {'k', Header::Supported},
      {'l', Header::ContentLength},
      {'m', Header::Contact},
      {'o', Header::Event},
      {'r', Header::ReferTo},
      {'s', Header::Subject},
      {'t', Header::To},
      {'u', Header::AllowEvents},
      {'v', Header::Via},
      {'x', Header::SessionExpires},
      {'z', Header::Other},
  });
  for (const auto& [letter, id] : kForms) {
    const std::string name(1, letter);
    EXPECT_TRUE(header_from(name) == id && header_from(upper(name)) == id) << letter;
  }
}

TEST(Names, Rfc3261_7_1_TheCaseOfAMethodMatters) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Method::Other); ++i) {
    const auto method = static_cast<Method>(i);
    EXPECT_EQ(method_from(name_of(method)), method);
  }
  EXPECT_EQ(method_from("invite"), Method::Other);
  EXPECT_EQ(method_from(""), Method::Other);
}

TEST(Names, EachReasonHasItsOwnWordAndAnAnswer) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < kRejectCount; ++i) words.push_back(word(static_cast<Reject>(i)));
  std::ranges::sort(words);

  EXPECT_FALSE(words.front().empty());
  EXPECT_EQ(std::ranges::adjacent_find(words), words.end());
  EXPECT_EQ(answer_code(Reject::BadVersion), 505);
  EXPECT_EQ(answer_code(Reject::HeaderTooLong), 413);
  EXPECT_EQ(answer_code(Reject::BadTo), 400);
}

TEST(Limits, AHeaderLineOf8192BytesIsReadAndALongerOneIsNot) {
  const std::string longest = "X: " + std::string(base::kHeaderBytesMax - 3, 'v') + "\r\n";
  const std::string longer = "X: " + std::string(base::kHeaderBytesMax - 2, 'v') + "\r\n";

  EXPECT_FALSE(Message::parse(options(longest)).reject.has_value());
  EXPECT_EQ(Message::parse(options(longer)).reject, Reject::HeaderTooLong);
}

TEST(Limits, AMessageOf65536BytesIsReadAndALongerOneIsNot) {
  const std::string head = options("");
  const std::string most = head + std::string(base::kMessageBytesMax - head.size(), 'b');

  EXPECT_FALSE(Message::parse(most).reject.has_value());
  EXPECT_EQ(Message::parse(most + "b").reject, Reject::TooLong);
}

TEST(Limits, SeventyViasAreReadAndOneMoreIsNot) {
  std::string vias;
  for (std::size_t i = 1; i < base::kViasMax; ++i) vias += "v: SIP/2.0/UDP h\r\n";

  EXPECT_FALSE(Message::parse(options(vias)).reject.has_value());
  EXPECT_EQ(Message::parse(options(vias + "v: SIP/2.0/UDP h\r\n")).reject, Reject::TooManyVias);
}

TEST(Message, TellsTokensOfListsInAnyCase) {
  const std::string bytes = options("Supported: Timer , 100rel\r\nk: path,\r\n");
  const Message message = Message::parse(bytes).message;

  EXPECT_TRUE(message.has_token(Header::Supported, "100REL"));
  EXPECT_TRUE(message.has_token(Header::Supported, "timer"));
  EXPECT_TRUE(message.has_token(Header::Supported, "path"));
  EXPECT_FALSE(message.has_token(Header::Supported, "time"));
  EXPECT_FALSE(message.has_token(Header::Require, "timer"));
}

TEST(Message, WithoutAContentLengthTheBodyIsTheRestOfTheDatagram) {
  const std::string bytes = options("") + "all of it";

  EXPECT_EQ(Message::parse(bytes).message.body(), "all of it");
}

TEST(Message, AResponseThatIsWrongIsNeverAnswered) {
  std::string bytes = options("");
  bytes.replace(0, bytes.find("\r\n"), "SIP/2.0 200 OK");
  bytes.replace(bytes.find("1 OPTIONS"), 9, "x OPTIONS");

  const Message::Outcome outcome = Message::parse(bytes);

  EXPECT_EQ(outcome.reject, Reject::BadCseq);
  EXPECT_FALSE(outcome.message.answerable());
}

TEST(OwnedMessage, WhatIsReadFromItOutlivesTheViewAlsoWhenLinesWereFolded) {
  const std::string bytes = "\r\n" + options("Subject: one\r\n two\r\n") + "body\r\n with a fold";
  OwnedMessage kept{std::string_view{bytes}};
  const std::string_view subject = kept.view().value(Header::Subject);
  const OwnedMessage moved = std::move(kept);
  const std::string_view body = moved.view().body();

  EXPECT_EQ(subject, "one  two");
  EXPECT_EQ(body, "body\r\n with a fold");
  EXPECT_TRUE(OwnedMessage{}.empty());
}

}  // namespace
}  // namespace sip
