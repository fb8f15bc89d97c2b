// The harness's part for lamps and texts: SUBSCRIBE and MESSAGE with digest, counts of messages.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "call/testing/harness.h"
#include "facts/mailbox.h"

namespace call::testing {

bool House::ask_to_answer(const std::string& user_id) {
  const auto calls = engine_->calls(now_);
  EXPECT_EQ(calls.size(), 1U);
  if (calls.empty()) return false;
  Actions out;
  const bool asked = engine_->ask_to_answer(calls.front().record.id, user_id, now_, out);
  carry_out(out);
  return asked;
}

void House::messages_wait(const std::map<std::string, facts::MailboxCounts>& counts) {
  Actions out;
  engine_->mailboxes_counted(counts, now_, out);
  carry_out(out);
}

Wire Phone::subscribe(const std::string& to, const std::vector<std::string>& lines,
                      const Wire* before) {
  const std::string uri = "sip:" + to + "@" + domain;
  const auto text = [&](const std::string& credentials) {
    std::vector<std::string> headers{
        "Via: SIP/2.0/UDP " + peer_ + ";rport;branch=" + next_branch(),
        "Max-Forwards: 70",
        "From: <sip:" + user_ + "@" + domain + ">;tag=s" + user_,
        "To: " + (before == nullptr ? "<" + uri + ">" : before->header("To")),
        "Call-ID: subscribe-" + user_ + "-" + peer_,
        "CSeq: " + std::to_string(++cseq_) + " SUBSCRIBE",
        "Contact: " + contact()};
    headers.insert(headers.end(), lines.begin(), lines.end());
    if (!credentials.empty()) headers.push_back("Authorization: " + credentials);
    return request_text("SUBSCRIBE", uri, headers, "");
  };
  send(text(""));
  Wire answer = house_.take(peer_);
  if (answer.code != 401) return answer;
  send(text(authorization(answer, "SUBSCRIBE", uri)));
  return house_.take(peer_);
}

Wire Phone::message(const std::string& to, const std::string& type, const std::string& text) {
  const std::string uri = "sip:" + to + "@" + domain;
  const auto bytes = [&](const std::string& credentials) {
    std::vector<std::string> headers{"Via: SIP/2.0/UDP " + peer_ + ";rport;branch=" + next_branch(),
                                     "Max-Forwards: 70",
                                     "From: <sip:" + user_ + "@" + domain + ">;tag=m" + user_,
                                     "To: <" + uri + ">",
                                     "Call-ID: message-" + user_ + "-" + peer_,
                                     "CSeq: " + std::to_string(++cseq_) + " MESSAGE",
                                     "Content-Type: " + type};
    if (!credentials.empty()) headers.push_back("Authorization: " + credentials);
    return request_text("MESSAGE", uri, headers, text);
  };
  send(bytes(""));
  Wire answer = house_.take(peer_);
  if (answer.code != 401) return answer;
  send(bytes(authorization(answer, "MESSAGE", uri)));
  return house_.take(peer_);
}

}  // namespace call::testing
