#include "notify/mail.h"

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/time.h"
#include "notify/smtp.h"

namespace notify {
namespace {

Mail sample() {
  Mail mail;
  mail.from = "harrier@office.example";
  mail.to = "alice@office.example";
  mail.subject = "Missed call";
  mail.text = "Nobody answered.\n.\n";
  mail.html = "<p>Nobody answered.</p>";
  mail.message_id = "1.2.harrier@office.example";
  mail.at = {1'793'603'105'250};  // 2026-11-02T07:05:05.250Z
  return mail;
}

std::string line_of(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name + ": ");
  return at == std::string::npos ? "" : text.substr(at, text.find("\r\n", at) - at);
}

TEST(Smtp, APasswordGoesOutInTlsOnlyButToThisMachine) {
  EXPECT_TRUE(must_use_tls("smtp://alice:pw@mail.example:587"));
  EXPECT_TRUE(must_use_tls("smtps://alice:p@w@192.0.2.25"));
  EXPECT_FALSE(must_use_tls("smtp://alice:pw@127.0.0.1:25"));
  EXPECT_FALSE(must_use_tls("smtp://alice:pw@localhost"));
  EXPECT_FALSE(must_use_tls("smtp://mail.example:25"));
}

TEST(MailText, Rfc5322_HasTheFieldsThatAMailMustHave) {
  const std::string text = write(sample());

  EXPECT_EQ(line_of(text, "Date"), "Date: Mon, 02 Nov 2026 07:05:05 +0000");
  EXPECT_EQ(line_of(text, "From"), "From: <harrier@office.example>");
  EXPECT_EQ(line_of(text, "To"), "To: <alice@office.example>");
  EXPECT_EQ(line_of(text, "Subject"), "Subject: Missed call");
  EXPECT_EQ(line_of(text, "Message-ID"), "Message-ID: <1.2.harrier@office.example>");
  EXPECT_NE(text.find(base::base64("Nobody answered.\n.\n")), std::string::npos);
}

TEST(MailText, Rfc2047_ASubjectInPolishIsEncodedAndCutBetweenLetters) {
  Mail mail = sample();
  mail.subject = "Nieodebrane połączenie do Sprzedaży od +48 58 762 24 47 (Zażółć gęślą jaźń)";

  const std::string text = write(mail);

  const std::size_t at = text.find("Subject: ");
  std::string subject = text.substr(at + 9, text.find("\r\nMessage-ID", at) - at - 9);
  std::string decoded;
  while (!subject.empty()) {
    const std::size_t end = subject.find("?=");
    ASSERT_EQ(subject.substr(0, 10), "=?UTF-8?B?");
    const auto word = base::from_base64(subject.substr(10, end - 10));
    ASSERT_TRUE(word.has_value());
    EXPECT_NE(static_cast<unsigned char>(word->front()) & 0xC0U, 0x80U) << "a letter is cut";
    decoded += *word;
    subject = subject.substr(end + 2);
    if (subject.starts_with("\r\n ")) subject = subject.substr(3);
  }
  EXPECT_EQ(decoded, mail.subject);
}

TEST(MailText, NothingThatIsPutInMakesALongLineOrASecondHeader) {
  Mail mail = sample();
  mail.subject = "a\r\nBcc: everybody@example.org";
  mail.text.assign(5'000, 'x');
  mail.attachments = {{"calls \"of\" today.csv", "text/csv", std::string(10'000, '\0')}};

  const std::string text = write(mail);

  EXPECT_EQ(text.find("Bcc"), std::string::npos);
  EXPECT_NE(text.find("filename=\"calls__of__today.csv\""), std::string::npos);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LT(end - begin, 80U) << text.substr(begin, end - begin);
    EXPECT_EQ(text.substr(begin, end - begin).find('\n'), std::string::npos);
    begin = end + 2;
  }
}

TEST(MailText, AnAddressIsOneWord) {
  for (const char* good : {"a@b", "alice.w@office.example"}) EXPECT_TRUE(is_address(good)) << good;
  for (const char* bad : {"", "@b", "a@", "a b@c", "a@b>", "a@b\r\nRCPT TO:<c@d>", "a@b@c"})
    EXPECT_FALSE(is_address(bad)) << bad;
}

}  // namespace
}  // namespace notify
