#include "notify/letters.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/group_part.h"
#include "facts/mailbox.h"
#include "foresight/statistics.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/zone.h"
#include "notify/pattern.h"
#include "notify/wording.h"
#include "store/record_csv.h"

namespace notify {
namespace {

constexpr std::size_t kMembersMax = 200;  // lines of a table
constexpr std::size_t kMissedMax = 100;
constexpr base::Duration kInTime{20'000};  // of the service level, as in the API

Language language_of(const Writer& writer) {
  return language_from(writer.office.office().language);
}

Written filled(const Writer& writer, Letter letter, const Values& values) {
  const Language language = language_of(writer);
  const std::string stem = std::string(file_stem(letter)) + '.' + std::string(word(language));
  const std::string text =
      writer.overrides(stem + ".txt").value_or(std::string(text_pattern(letter, language)));
  const std::string html =
      writer.overrides(stem + ".html").value_or(std::string(html_pattern(letter, language)));
  const std::size_t first = std::min(text.find('\n'), text.size());
  const std::string_view rest = std::string_view(text).substr(first);
  const std::size_t body = std::min(rest.find_first_not_of("\r\n"), rest.size());
  Written written;
  written.subject = fill(std::string_view(text).substr(0, first), values, Markup::Text);
  while (written.subject.ends_with('\r')) written.subject.pop_back();
  written.text = fill(rest.substr(body), values, Markup::Text);
  written.html = fill(html, values, Markup::Html);
  return written;
}

std::string caller_of(const std::string& number, const std::string& name, Language language) {
  if (number.empty()) return name.empty() ? std::string(unknown_caller(language)) : name;
  return name.empty() || name == number ? number : name + " (" + number + ")";
}

// "101 Alice": a user by his name too.
std::string member_of(const model::Snapshot& office, const std::string& target) {
  const model::User* user = office.user_named(target);
  if (user == nullptr || user->name.empty() || user->name == target) return target;
  return target + ' ' + user->name;
}

std::int64_t rang_ms(const facts::Attempt& attempt) {
  if (!attempt.dialled_at_ms.has_value() || !attempt.ended_at_ms.has_value()) return 0;
  return *attempt.ended_at_ms - attempt.ringing_at_ms.value_or(*attempt.dialled_at_ms);
}

// One line a member, however often he was rung: how long in all, and how it ended the last time.
std::vector<Values> who_rang(const Writer& writer, const facts::CallRecord& call) {
  struct Rung {
    std::string target;
    std::int64_t ms = 0;
    facts::AttemptResult last{};
  };
  std::vector<Rung> all;
  for (const facts::Attempt& attempt : call.attempts) {
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const Rung& rung) { return rung.target == attempt.target; });
    Rung& rung = same == all.end() ? all.emplace_back(Rung{attempt.target}) : *same;
    rung.ms += rang_ms(attempt);
    rung.last = attempt.result;
  }
  std::vector<Values> lines;
  for (const Rung& rung : all) {
    if (lines.size() == kMembersMax) break;
    Values& line = lines.emplace_back();
    line.words["member"] = member_of(writer.office, rung.target);
    line.words["length"] = length_of(rung.ms);
    line.words["result"] = word_of(rung.last, language_of(writer));
  }
  return lines;
}

// What a call is called in a letter.
Values words_of(const Writer& writer, const facts::CallRecord& call) {
  const Language language = language_of(writer);
  const model::Zone& zone = writer.office.zone();
  Values values;
  values.words["call"] = call.id;
  values.words["group"] = call.group;
  values.words["caller"] = caller_of(call.from, call.from_name, language);
  values.words["caller_number"] = call.from;
  values.words["caller_name"] = call.from_name;
  values.words["dialled"] = call.dialled;
  values.words["day"] = day_of(zone, call.started, language);
  values.words["time"] = time_of(zone, call.started);
  values.words["waited"] = length_of(call.wait_ms);
  values.words["outcome"] = word_of(call.outcome, language);
  values.words["crm_account"] = call.crm_account;
  values.words["next"] = destination(call.final_destination, language);
  return values;
}

foresight::GroupStatistics statistics_of(const Writer& writer, const model::Group& group,
                                         const Day& day) {
  foresight::Statistics statistics(group.name, kInTime, writer.office.zone());
  for (const facts::CallRecord& call : day.calls) statistics.add(call);
  return statistics.result();
}

void add_members(const Writer& writer, const foresight::GroupStatistics& found, Values& values) {
  std::vector<Values>& lines = values.lists["members"];
  for (const auto& [target, member] : found.members) {
    if (lines.size() == kMembersMax) return;
    Values& line = lines.emplace_back();
    line.words["member"] = member_of(writer.office, target);
    for (const auto& [word, count] :
         {std::pair{"rung", member.rang}, std::pair{"answered", member.answered},
          std::pair{"missed", member.missed}, std::pair{"declined", member.declined},
          std::pair{"busy", member.busy}, std::pair{"unreachable", member.unreachable}})
      line.words[word] = std::to_string(count);
    line.words["talk"] = length_of(member.talk_ms);
  }
}

// Of the hours in which anybody called.
void add_hours(const foresight::GroupStatistics& found, Values& values) {
  std::vector<Values>& lines = values.lists["hours"];
  for (std::size_t hour = 0; hour < found.calls_by_hour.size(); ++hour) {
    if (found.calls_by_hour.at(hour) == 0) continue;
    Values& line = lines.emplace_back();
    line.words["hour"] = std::to_string(hour) + ":00";
    line.words["calls"] = std::to_string(found.calls_by_hour.at(hour));
    line.words["answered"] = std::to_string(found.answered_by_hour.at(hour));
  }
}

// Counts, and a line for each call that nobody answered.
void add_calls(const Writer& writer, const model::Group& group, const Day& day, Values& values) {
  std::uint64_t answered = 0, missed = 0, elsewhere = 0;
  std::int64_t wait_ms = 0, talk_ms = 0;
  std::vector<Values>& lines = values.lists["missed_calls"];
  for (const facts::CallRecord& call : day.calls) {
    const facts::GroupPart part = facts::part_of(call, group.name);
    wait_ms += part.wait_ms;
    if (part.answered) {
      ++answered;
      talk_ms += part.talk_ms;
    } else if (call.answered.has_value()) {
      ++elsewhere;
    } else if (++missed <= kMissedMax) {
      lines.push_back(words_of(writer, call));
    }
  }
  const auto calls = static_cast<std::int64_t>(day.calls.size());
  values.words["calls"] = std::to_string(calls);
  values.words["answered"] = std::to_string(answered);
  values.words["missed"] = std::to_string(missed);
  values.words["elsewhere"] = elsewhere == 0 ? "" : std::to_string(elsewhere);
  values.words["wait"] = length_of(calls == 0 ? 0 : wait_ms / calls);
  values.words["talk"] = length_of(talk_ms);
  values.words["more"] = missed > kMissedMax ? '+' + std::to_string(missed - kMissedMax) : "";
  values.words["cut"] = day.cut ? std::to_string(calls) : "";
}

}  // namespace

Written missed_call(const Writer& writer, const facts::CallRecord& call,
                    const std::optional<facts::Message>& left) {
  Values values = words_of(writer, call);
  values.words["message"] = left.has_value() ? length_of(left->length_ms) : "";
  values.lists["rang"] = who_rang(writer, call);
  return filled(writer, Letter::MissedCall, values);
}

Written message_left(const Writer& writer, const facts::Message& message,
                     const std::string& mailbox, const Recording& recording) {
  const Language language = language_of(writer);
  const model::Zone& zone = writer.office.zone();
  const bool attached = recording.bytes.has_value();
  Values values;
  values.words["mailbox"] = mailbox;
  values.words["caller"] = caller_of(message.from, message.from_name, language);
  values.words["caller_number"] = message.from;
  values.words["caller_name"] = message.from_name;
  values.words["day"] = day_of(zone, message.at, language);
  values.words["time"] = time_of(zone, message.at);
  values.words["length"] = length_of(message.length_ms);
  values.words["attached"] = attached ? "yes" : "";
  values.words["too_large"] = recording.too_large ? "yes" : "";
  values.words["missing"] = attached || recording.too_large ? "" : "yes";
  Written written = filled(writer, Letter::Message, values);
  if (attached) {
    written.attachments.push_back(
        {"message-" + message.id + ".wav", "audio/wav", *recording.bytes});
  }
  return written;
}

Written groups_day(const Writer& writer, const model::Group& group, const Day& day) {
  Values values;
  values.words["group"] = group.name;
  values.words["day"] = day_of(writer.office.zone(), day.from, language_of(writer));
  values.words["crm_account"] = group.crm_account;
  const foresight::GroupStatistics found = statistics_of(writer, group, day);
  values.words["in_time"] = std::to_string(found.within_service_level);
  values.words["limit"] = std::to_string(kInTime.count() / 1'000);
  values.words["gave_up"] = std::to_string(found.gave_up.count());
  add_calls(writer, group, day, values);
  add_members(writer, found, values);
  add_hours(found, values);
  Written written = filled(writer, Letter::Day, values);
  // The name of the file is the same in each language, so that it can be sorted.
  const std::string date = day_of(writer.office.zone(), day.from, Language::En);
  written.attachments.push_back(
      {"calls-" + date + ".csv", "text/csv; charset=utf-8", store::records_csv(day.calls)});
  return written;
}

std::vector<std::string> told_of_missed_call(const model::Snapshot& office,
                                             const facts::CallRecord& call) {
  for (const model::Group& group : office.office().groups) {
    if (group.name == call.group) return group.email.missed;
  }
  return {};
}

std::optional<model::MailboxRef> mailbox_with(const model::Snapshot& office,
                                              const std::string& box) {
  for (const model::User& user : office.office().users) {
    const model::MailboxRef ref{&user, nullptr};
    if (user.mailbox.present && ref.key() == box) return ref;
  }
  for (const model::Mailbox& general : office.office().mailboxes) {
    const model::MailboxRef ref{nullptr, &general};
    if (ref.key() == box) return ref;
  }
  return std::nullopt;
}

std::vector<std::string> told_of_message(const model::Snapshot& office, const std::string& box) {
  const auto found = mailbox_with(office, box);
  if (!found.has_value()) return {};
  if (found->general != nullptr) return found->general->email;
  if (!found->user->mailbox.email || found->user->email.empty()) return {};
  return {found->user->email};
}

}  // namespace notify
