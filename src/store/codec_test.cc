#include "store/codec.h"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/result.h"
#include "base/time.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "store/record_json.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

std::string encoded(const facts::Fact& fact) {
  std::string bytes;
  EXPECT_TRUE(encode(fact, bytes));
  return bytes;
}

TEST(Codec, GivesBackEveryFieldOfARecord) {
  const facts::CallRecord record = record_of("1");

  const auto back = decode(encoded(facts::CallEnded{record}));

  ASSERT_TRUE(back);
  ASSERT_NE(std::get_if<facts::CallEnded>(&*back), nullptr);
  EXPECT_EQ(std::get<facts::CallEnded>(*back).record, record);
}

TEST(Codec, GivesBackEveryFieldOfABinding) {
  const facts::Binding binding = binding_of("101", "sip:101@192.0.2.7");

  const auto back = decode(encoded(facts::RegistrationAdded{binding, false}));

  ASSERT_TRUE(back);
  EXPECT_EQ(std::get<facts::RegistrationAdded>(*back).binding, binding);
  EXPECT_FALSE(std::get<facts::RegistrationAdded>(*back).fresh);
}

TEST(Codec, GivesBackEveryFieldOfAMessageAndOfWhatBecameOfIt) {
  facts::Message message = message_of("1");
  message.heard = message.saved = true;
  message.handled_by = "102";
  const facts::MessageChanged change{"101", "user/101", "1", "101", true, false, "", true};

  const auto left = decode(encoded(facts::MessageLeft{"101", message}));
  const auto changed = decode(encoded(change));
  const auto set = decode(encoded(facts::GreetingSet{"101", "user/101", "greetings/1.wav"}));

  ASSERT_TRUE(left && changed && set);
  EXPECT_EQ(std::get<facts::MessageLeft>(*left).message, message);
  EXPECT_EQ(std::get<facts::MessageLeft>(*left).mailbox, "101");
  const auto& back = std::get<facts::MessageChanged>(*changed);
  EXPECT_EQ(back.mailbox + back.box + back.id + back.who, "101user/1011101");
  EXPECT_EQ(back.heard, true);
  EXPECT_EQ(back.saved, false);
  EXPECT_EQ(back.handled_by, "");
  EXPECT_TRUE(back.deleted);
  EXPECT_EQ(std::get<facts::GreetingSet>(*set).box, "user/101");
  EXPECT_EQ(std::get<facts::GreetingSet>(*set).file, "greetings/1.wav");
}

TEST(Codec, TakesOnlyDurableFacts) {
  std::string bytes;

  EXPECT_FALSE(encode(facts::AttemptRinging{}, bytes));
  EXPECT_EQ(bytes, "");
  for (const facts::Fact& fact : std::vector<facts::Fact>{
           facts::CallArrived{}, facts::CallPlanned{}, facts::CallAnswered{}, facts::CallEnded{},
           facts::RegistrationAdded{}, facts::RegistrationRemoved{}, facts::MemoryChanged{},
           facts::MessageLeft{}, facts::MessageChanged{}, facts::GreetingSet{},
           facts::CallBackWanted{}}) {
    EXPECT_EQ(encode(fact, bytes), facts::is_durable(fact));
  }
}

TEST(Codec, RefusesEveryCutWithoutReadingBeyondIt) {
  const std::string whole = encoded(facts::CallEnded{record_of("1")});

  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode(whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode(whole + "x"));
}

TEST(Codec, RefusesAnotherVersionAndAnUnknownKind) {
  std::string bytes = encoded(facts::MemoryChanged{"sales", "rotation 2"});
  const char version = bytes[0];
  bytes[0] = 9;
  EXPECT_EQ(decode(bytes).error(), DecodeError::UnknownVersion);
  bytes[0] = version;
  bytes[1] = 99;
  EXPECT_EQ(decode(bytes).error(), DecodeError::UnknownKind);
}

TEST(RecordJson, ReadsBackWhatItWrote) {
  const facts::CallRecord record = record_of("1");

  EXPECT_EQ(attempts_from_json(to_json(record.attempts)), record.attempts);
  EXPECT_EQ(plan_from_json(to_json(record.plan)), record.plan);
  EXPECT_EQ(plan_from_json("{}"), std::nullopt);
  EXPECT_EQ(attempts_from_json("[{]"), std::nullopt);
}

TEST(RecordJson, HasTheFieldsOfTheContractInItsOrder) {
  facts::CallRecord record;
  record.id = "c1";
  record.started = {1'772'366'400'250};
  record.from_name = "a\"b\x01\xff";

  EXPECT_EQ(to_json(record, false),
            R"({"id":"c1","tenant":"","started":"2026-03-01T12:00:00.250Z","answered":null,)"
            R"("ended":null,"from":"","from_name":"a\"b\u0001)"
            "\xEF\xBF\xBD"
            R"(","dialled":"","group":"","crm_account":"","outcome":"failed","answered_by":"",)"
            R"("wait_ms":0,"talk_ms":0,"final_destination":"","ended_by":"","sip_code":0,)"
            R"("q850":0,"sip_call_id":"","recording":"","attempts":[]})");
}

TEST(RecordJson, WritesTimesBeforeAndAfter1970) {
  EXPECT_EQ(rfc3339({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339({-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339({1'709'164'800'000}), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(rfc3339({2'147'483'648'000}), "2038-01-19T03:14:08.000Z");
}

}  // namespace
}  // namespace store
