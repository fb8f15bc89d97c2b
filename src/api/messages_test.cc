// Messages of mailboxes over the API.

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/backend.h"
#include "api/http.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "facts/mailbox.h"
#include "model/office.h"

namespace api {
namespace {

using testing::ask;
using testing::FakeBackend;
using testing::ids;
using testing::text_at;

facts::Message message(const std::string& id, const std::string& box) {
  facts::Message made;
  made.id = id;
  made.box = box;
  made.file = "messages/" + id + ".wav";
  made.from = "+48600100200";
  made.at = {1'772'366'400'250};
  made.length_ms = 4'000;
  return made;
}

// User 101 with a mailbox and one message, a general mailbox with another.
FakeBackend backend_with_messages() {
  model::Office office = testing::office();
  office.users[0].mailbox.present = true;
  model::Mailbox general;
  general.name = "general";
  general.extension = "900";
  office.mailboxes.push_back(std::move(general));
  return FakeBackend{std::move(office)};
}

constexpr const char* kOne = "/api/v1/mailboxes/101/messages/m-1";

TEST(Messages, AreListedByAnyNameOfTheMailbox) {
  FakeBackend backend = backend_with_messages();
  backend.left = {message("m-1", "user/101")};

  const Response own =
      ask(backend, {.target = "/api/v1/mailboxes/101/messages?limit=7&cursor=x&sort=at&q=48"});
  EXPECT_EQ(ids(own), std::vector<std::string>{"m-1"});
  EXPECT_EQ(text_at(own.body, "next"), "next-page");
  EXPECT_EQ(backend.asked_messages.box, "user/101");
  EXPECT_EQ(backend.asked_messages.limit, 7U);
  EXPECT_EQ(backend.asked_messages.cursor + backend.asked_messages.sort + backend.asked_messages.q,
            "xat48");

  for (const char* name : {"general", "900", "GENERAL"}) {
    EXPECT_EQ(
        ask(backend, {.target = std::string{"/api/v1/mailboxes/"} + name + "/messages"}).status,
        200)
        << name;
    EXPECT_EQ(backend.asked_messages.box, "general/general") << name;
  }
  EXPECT_EQ(ask(backend, {.target = "/api/v1/mailboxes/102/messages"}).status, 404)
      << "102 has no mailbox";
  EXPECT_EQ(ask(backend, {.target = "/api/v1/mailboxes/101/messages?limit=x"}).status, 400);
}

TEST(Messages, OneIsShownWithAllItsFieldsAndOnlyInItsMailbox) {
  FakeBackend backend = backend_with_messages();
  backend.left = {message("m-1", "user/101")};

  const Response shown = ask(backend, {.target = kOne});

  EXPECT_EQ(shown.body,
            R"({"id":"m-1","mailbox":"101","call":"","from":"+48600100200","from_name":"",)"
            R"("at":"2026-03-01T12:00:00.250Z","length_ms":4000,"heard":false,"saved":false,)"
            R"("handled_by":"","audio":"/api/v1/mailboxes/101/messages/m-1/audio"})");
  EXPECT_EQ(ask(backend, {.target = "/api/v1/mailboxes/general/messages/m-1"}).status, 404);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/mailboxes/nobody/messages/m-1"}).status, 404);
}

TEST(Messages, TheRecordingIsTheFileThatTheStoreNamesWhateverThePathSays) {
  FakeBackend backend = backend_with_messages();
  backend.left = {message("m-1", "user/101")};

  const Response audio = ask(backend, {.target = std::string{kOne} + "/audio"});

  EXPECT_EQ(audio.type, "audio/wav");
  EXPECT_EQ(audio.body, "RIFF of messages/m-1.wav");
  EXPECT_EQ(
      ask(backend, {.target = "/api/v1/mailboxes/101/messages/..%2F..%2Fharrier.db/audio"}).status,
      404);
  backend.left[0].length_ms = 0;
  EXPECT_EQ(ask(backend, {.target = std::string{kOne} + "/audio"}).status, 404) << "it is gone";
}

TEST(Messages, APatchMarksWhatItNames) {
  FakeBackend backend = backend_with_messages();
  backend.left = {message("m-1", "user/101")};

  const Response saved =
      ask(backend, {.method = "PATCH", .target = kOne, .body = R"({"saved": true})"});
  const Response handled =
      ask(backend, {.method = "PATCH", .target = kOne, .body = R"({"handled_by": "User 102"})"});
  (void)ask(backend, {.method = "PATCH", .target = kOne, .body = R"({"handled_by": null})"});

  EXPECT_EQ(text_at(saved.body, "saved") + text_at(saved.body, "heard"), "truetrue");
  EXPECT_EQ(text_at(handled.body, "handled_by"), "102");
  ASSERT_EQ(backend.message_changes.size(), 3U);
  const facts::MessageChanged& first = backend.message_changes[0];
  EXPECT_EQ(first.box + " " + first.id + " " + first.who, "user/101 m-1 local");
  EXPECT_EQ(first.saved, true);
  EXPECT_EQ(first.heard, true);
  EXPECT_FALSE(first.handled_by.has_value());
  EXPECT_EQ(backend.message_changes[1].handled_by, "102");
  EXPECT_EQ(backend.message_changes[2].handled_by, "");
}

TEST(Messages, ABadPatchIsRefusedWithAllThatIsWrong) {
  FakeBackend backend = backend_with_messages();
  backend.left = {message("m-1", "user/101")};

  const Response response =
      ask(backend, {.method = "PATCH",
                    .target = kOne,
                    .body = R"({"saved": "yes", "handled_by": "nobody", "colour": 1})"});

  EXPECT_EQ(response.status, 422);
  for (const char* pointer : {"/saved", "/handled_by", "/colour"})
    EXPECT_NE(response.body.find(pointer), std::string::npos) << pointer;
  EXPECT_EQ(ask(backend, {.method = "PATCH", .target = kOne, .body = "{"}).status, 400);
  EXPECT_EQ(ask(backend, {.method = "PATCH", .target = kOne, .body = "[]"}).status, 422);
  EXPECT_TRUE(backend.message_changes.empty());
}

TEST(Messages, ADeletionIsSaidToTheStoreAndNeedsAdmin) {
  FakeBackend backend = backend_with_messages();
  backend.left = {message("m-1", "user/101")};

  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = kOne, .token = "read-token"}).status, 403);
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = kOne}).status, 204);

  ASSERT_EQ(backend.message_changes.size(), 1U);
  EXPECT_TRUE(backend.message_changes[0].deleted);
  backend.refuse_edits = Refused{503, "no", {}};
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = kOne}).status, 503);
  backend.refuse_reads = Refused{503, "no", {}};
  EXPECT_EQ(ask(backend, {.target = kOne}).status, 503);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/mailboxes/101/messages"}).status, 503);
}

}  // namespace
}  // namespace api
