#pragma once
// Helpers of store's tests: a folder that goes away, sample facts.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "store/reader.h"

namespace store {

class TestFolder final {
 public:
  TestFolder() {
    std::array<char, 32> name{"/tmp/harrier-store-XXXXXX"};
    path_ = ::mkdtemp(name.data()) == nullptr ? "/nowhere" : name.data();
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// What was read; a read error is a failure of the test.
template <class T>
T value_of(Read<T> read) {
  if (read) return *std::move(read);
  ADD_FAILURE() << read.error().text;
  return {};
}

// A whole record in which every field says something.
inline facts::CallRecord record_of(const std::string& id, std::int64_t started_ms = 1'000) {
  facts::CallRecord r;
  r.id = id;
  r.tenant = "office.example";
  r.started = {started_ms};
  r.answered = base::WallTime{started_ms + 6'500};
  r.ended = base::WallTime{started_ms + 60'000};
  r.from = "+48587622447";
  r.from_name = "Zoë \"Z\" \n";
  r.dialled = "8001";
  r.group = "Sales";
  r.crm_account = "4711";
  r.outcome = facts::Outcome::Answered;
  r.answered_by = "102";
  r.wait_ms = 6'500;
  r.talk_ms = 53'500;
  r.final_destination = "102";
  r.ended_by = facts::EndedBy::Callee;
  r.sip_code = 200;
  r.q850 = 16;
  r.sip_call_id = "call-" + id + "@192.0.2.1";
  r.attempts = {
      {.target = "101",
       .group = "Sales",
       .path = {"Inner"},
       .contacts = {{.uri = "sip:101@192.0.2.7", .sip_status = 180, .ended_at_ms = 6'500}},
       .round = 1,
       .stage = 2,
       .planned_at_ms = 0,
       .planned_for_ms = 20'000,
       .dialled_at_ms = 3,
       .ringing_at_ms = 40,
       .ended_at_ms = 6'500,
       .result = facts::AttemptResult::AnsweredElsewhere,
       .why = ""},
      {}};
  r.attempts[1].target = "102";
  r.attempts[1].result = facts::AttemptResult::Won;
  r.plan = {.number = "8001",
            .from = "+48587622447",
            .at = "2026-03-01T12:00:00+01:00",
            .decisions = {{"group Sales", "number 8001", "groups[0].extensions"}},
            .stages = {{.rings = {{.target = "101",
                                   .path = {"Inner"},
                                   .after_ms = 0,
                                   .for_ms = 20'000,
                                   .confirm = true}},
                        .for_ms = 30'000}},
            .rounds = 0,
            .repeat_from = 0,
            .limit_ms = 1'800'000,
            .finally_json = R"({"mailbox":"general"})",
            .skipped = {{"103", "do_not_disturb"}}};
  return r;
}

inline facts::Binding binding_of(const std::string& username, const std::string& contact) {
  facts::Binding b;
  b.user_id = username;
  b.username = username;
  b.contact = contact;
  b.call_id = "reg-1";
  b.cseq = 7;
  b.path = {"<sip:edge.example;lr>"};
  b.user_agent = "Phone/1";
  b.flow = {.transport = base::Transport::Tcp,
            .listener = 1,
            .local = *base::Address::parse("[2001:db8::1]:5060"),
            .peer = *base::Address::parse("192.0.2.7:40000"),
            .connection = static_cast<base::ConnectionId>(0xFFEE'DDCC'0000'0001ULL)};
  b.expires_at = {1'700'000'000'000};
  return b;
}

// A message in which every field says something.
inline facts::Message message_of(const std::string& id, const std::string& box = "user/101") {
  facts::Message m;
  m.id = id;
  m.box = box;
  m.call = "call-" + id;
  m.file = "messages/" + id + ".wav";
  m.from = "+48587622447";
  m.from_name = "Zoë";
  m.at = {1'772'366'400'250};
  m.length_ms = 12'340;
  return m;
}

}  // namespace store
