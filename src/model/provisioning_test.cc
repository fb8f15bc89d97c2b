#include "model/provisioning.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace model {
namespace {

PhoneSettings alice() {
  PhoneSettings made;
  made.display_name = "Alice & Co";
  made.extension = "101";
  made.username = "101-desk";
  made.password = "p<w\"1";
  made.domain = "office.example";
  made.server = "192.0.2.5";
  made.port = 5070;
  made.mailbox = "*97";
  return made;
}

TEST(Provisioning, AYealinkGetsItsAccountAsLines) {
  const std::string file =
      provisioned(ProvisionedPhone::Yealink, own_pattern(ProvisionedPhone::Yealink), alice());

  EXPECT_TRUE(file.starts_with("#!version:1.0.0.1\n"));
  for (const char* line :
       {"account.1.display_name = Alice & Co\n", "account.1.user_name = 101-desk\n",
        "account.1.password = p<w\"1\n", "account.1.sip_server.1.address = office.example\n",
        "account.1.outbound_proxy.1.address = 192.0.2.5\n", "account.1.sip_server.1.port = 5070\n",
        "account.1.sip_server.1.transport_type = 0\n", "voice_mail.number.1 = *97\n"})
    EXPECT_NE(file.find(line), std::string::npos) << line;
  EXPECT_EQ(file.find("pickup_code"), std::string::npos);
  EXPECT_EQ(file.find('{'), std::string::npos);
}

TEST(Provisioning, TheOthersGetElements) {
  for (const ProvisionedPhone phone :
       {ProvisionedPhone::Grandstream, ProvisionedPhone::Snom, ProvisionedPhone::Linphone}) {
    const std::string file = provisioned(phone, own_pattern(phone), alice());
    EXPECT_TRUE(file.starts_with("<?xml version=\"1.0\""));
    EXPECT_NE(file.find("Alice &amp; Co"), std::string::npos);
    EXPECT_NE(file.find("p&lt;w&quot;1"), std::string::npos);
    EXPECT_NE(file.find("192.0.2.5:5070"), std::string::npos);
    EXPECT_EQ(file.find('{'), std::string::npos);
  }
}

TEST(Provisioning, NoValueBeginsALineOfItsOwn) {
  PhoneSettings settings = alice();
  settings.display_name = "Alice\naccount.1.sip_server.1.address = evil.example\r\n";

  const std::string file =
      provisioned(ProvisionedPhone::Yealink, "name = {display_name}\nend\n", settings);

  EXPECT_EQ(file, "name = Aliceaccount.1.sip_server.1.address = evil.example\nend\n");
}

TEST(Provisioning, APatternMayHaveBracesConditionsAndMistakes) {
  EXPECT_EQ(
      provisioned(ProvisionedPhone::Yealink,
                  "{?mailbox}box {mailbox}\n{?pickup}pick {pickup}\n{{x}} {colour} {port", alice()),
      "box *97\n{x} {colour} {port");
}

TEST(Provisioning, OnlyThePhonesOwnFilesAreFiles) {
  EXPECT_TRUE(is_file_of(ProvisionedPhone::Yealink, "001565aabbcc.cfg"));
  EXPECT_TRUE(is_file_of(ProvisionedPhone::Grandstream, "cfg000b82aabbcc.xml"));
  EXPECT_TRUE(is_file_of(ProvisionedPhone::Snom, "snomD785-000413AABBCC.htm"));
  EXPECT_TRUE(is_file_of(ProvisionedPhone::Snom, "000413AABBCC.xml"));
  EXPECT_TRUE(is_file_of(ProvisionedPhone::Linphone, "linphone.xml"));
  for (const char* name :
       {"", "y000000000028.boot", "001565aabbcg.cfg", "../secrets.key", "cfg.xml", "snom-.htm"})
    for (const std::string_view phone : provisioned_phones())
      EXPECT_FALSE(is_file_of(*provisioned_phone_from(phone), name)) << phone << " " << name;
  EXPECT_FALSE(provisioned_phone_from("polycom"));
  EXPECT_EQ(provisioned_phone_from("Yealink"), ProvisionedPhone::Yealink);
}

}  // namespace
}  // namespace model
