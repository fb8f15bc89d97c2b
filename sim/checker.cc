#include "sim/checker.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <variant>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "sim/text.h"

namespace sim {
namespace {

// Our tag first, then theirs: the same key for both directions.
std::string dialog_key(const Text& message, bool ours_is_from) {
  const std::string ours = message.tag(ours_is_from ? "From" : "To");
  const std::string theirs = message.tag(ours_is_from ? "To" : "From");
  return message.get("Call-ID") + "|" + ours + "|" + theirs;
}

std::string winners_of(const facts::CallRecord& record) {
  std::string out = ", " + record.final_destination + ":";
  for (const facts::Attempt& attempt : record.attempts)
    if (attempt.result == facts::AttemptResult::Won)
      out += " " + attempt.target + " " + attempt.why;
  return out;
}

}  // namespace

void Checker::problem(const std::string& what, const Text& message) {
  problems.push_back(std::to_string(now_.time_since_epoch().count()) + " ms: " + what + ": " +
                     message.start + " [" + message.get("Call-ID") + "]");
}

void Checker::engine_sent(const Text& message, base::Instant now) {
  now_ = now;
  if (message.is_request())
    request_sent(message);
  else
    response_sent(message);
}

void Checker::request_sent(const Text& message) {
  const std::string method = message.method();
  if (method == "CANCEL") return cancel_sent(message);
  if (method == "INVITE") {
    InviteOut& out = invites_[message.branch()];
    if (out.sent++ == 0) out.invite = message;
  }
  if (method == "ACK") {
    const auto found = invites_.find(message.branch());
    if (found != invites_.end()) found->second.acked = true;
  }
  if (message.tag("To").empty()) return;
  DialogOut& dialog = dialogs_[dialog_key(message, true)];
  if (method == "ACK") {
    dialog.acked_2xx = true;
    return;
  }
  if (!requests_out_.insert(message.branch()).second) return;  // once more: it was judged
  if (dialog.said_bye && method != "BYE") problem("I6 a request after our BYE", message);
  if (method == "BYE") {
    if (dialog.got_2xx && !dialog.acked_2xx) problem("I2 BYE before the ACK", message);
    dialog.said_bye = true;
  }
  if (message.cseq() < dialog.last_cseq) problem("I7 CSeq went down", message);
  dialog.last_cseq = message.cseq();
}

void Checker::cancel_sent(const Text& message) {
  const auto found = invites_.find(message.branch());
  if (found == invites_.end()) {
    problem("I11 CANCEL with a branch of no INVITE", message);
    return;
  }
  InviteOut& out = found->second;
  if (!out.provisional) problem("I5 CANCEL before a provisional response", message);
  if (out.final_code != 0 && !out.canceled) problem("I5 CANCEL after the final response", message);
  out.canceled = true;
  for (const char* name : {"Call-ID", "From", "To", "Via"})
    if (message.get(name) != out.invite.get(name))
      problem(std::string{"I11 CANCEL differs in "} + name, message);
  if (message.uri() != out.invite.uri() || message.cseq() != out.invite.cseq())
    problem("I11 CANCEL differs in URI or CSeq", message);
  if (message.get("Reason").empty()) problem("rule 6: CANCEL without a Reason", message);
}

void Checker::response_sent(const Text& message) {
  const std::string method = message.method();
  if (method == "ACK") problem("I10 a response to an ACK", message);
  if (method != "INVITE" || message.code() < 200) return;
  std::set<int>& finals = finals_to_invites_[message.get("Call-ID") + "|" + message.get("CSeq") +
                                             "|" + message.branch()];
  finals.insert(message.code());
  if (finals.size() > 1) problem("I4 two different final responses", message);
}

void Checker::engine_got(const Text& message, base::Instant now) {
  now_ = now;
  if (message.is_request()) {
    if (message.method() == "BYE") dialogs_[dialog_key(message, false)].got_bye = true;
    return;
  }
  if (message.method() != "INVITE") return;
  const auto found = invites_.find(message.branch());
  if (found == invites_.end()) return;
  if (message.code() < 200) {
    found->second.provisional = true;
    return;
  }
  if (message.code() < 300) {
    dialogs_[dialog_key(message, true)].got_2xx = true;
    found->second.acked = true;  // by the dialog, checked there
  }
  if (found->second.final_code == 0) found->second.final_code = message.code();
}

void Checker::told(const facts::Fact& fact, base::Instant now) {
  now_ = now;
  if (const auto* arrived = std::get_if<facts::CallArrived>(&fact)) {
    if (!arrived_.insert(arrived->record.id).second)
      problems.push_back("I9 a call arrived twice: " + arrived->record.id);
  } else if (const auto* ended = std::get_if<facts::CallEnded>(&fact)) {
    records.push_back(ended->record);
    if (!ended_.insert(ended->record.id).second)
      problems.push_back("I9 two records of one call: " + ended->record.id);
    std::size_t won = 0;
    for (const facts::Attempt& attempt : ended->record.attempts) {
      const bool alone = attempt.why != "page";  // any number may listen to a page
      won += static_cast<std::size_t>(attempt.result == facts::AttemptResult::Won && alone);
      if (attempt.dialled_at_ms.has_value() && !attempt.ended_at_ms.has_value())
        problems.push_back("an attempt without an end: " + attempt.target);
    }
    const auto& decisions = ended->record.plan.decisions;
    const bool sent_on = std::any_of(decisions.begin(), decisions.end(), [](const auto& decision) {
      return decision.because == "REFER" || decision.because == "ordered over the API";
    });
    if (won > 1 && !sent_on)
      problems.push_back("I3 two winners in the record: " + ended->record.id +
                         winners_of(ended->record));
  } else if (const auto* bug = std::get_if<facts::BugFound>(&fact)) {
    problems.push_back("bug found: " + bug->where);
  }
}

void Checker::at_rest() {
  for (const auto& [branch, out] : invites_)
    if (out.final_code != 0 && !out.acked) problem("I1 a final response without ACK", out.invite);
  for (const auto& [key, dialog] : dialogs_) {
    if (dialog.got_2xx && !dialog.acked_2xx) problems.push_back("I2 a 2xx without ACK: " + key);
    if (dialog.got_2xx && !dialog.said_bye && !dialog.got_bye)
      problems.push_back("a dialog that nobody ended: " + key);
  }
  for (const std::string& id : arrived_)
    if (!ended_.contains(id)) problems.push_back("I9 a call without a record: " + id);
}

}  // namespace sim
