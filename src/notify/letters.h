#pragma once
// What people are told of by mail: a call that nobody of a group answered, a message in a mailbox,
// a group's day (docs/admin.md, Mail). Functions of what happened and of the office of now.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "notify/mail.h"
#include "notify/wording.h"

namespace notify {

struct Written {
  std::string subject, text, html;
  std::vector<Attachment> attachments;
};

// What an administrator has written in place of a pattern, by the name of its file
// ("missed.pl.txt", "day.en.html"); nothing: ours holds.
using Overrides = std::function<std::optional<std::string>(const std::string& file)>;

// In whose words.
struct Writer {
  const model::Snapshot& office;
  const Overrides& overrides;
};

// `left`: the message that the caller left in the end, if he did.
[[nodiscard]] Written missed_call(const Writer& writer, const facts::CallRecord& call,
                                  const std::optional<facts::Message>& left);

// The recording of a message: its bytes, or why they do not go along.
struct Recording {
  std::optional<std::string> bytes;
  bool too_large = false;  // else it is not there any more
};
[[nodiscard]] Written message_left(const Writer& writer, const facts::Message& message,
                                   const std::string& mailbox, const Recording& recording);

// A day of a group, from its first to its last call.
struct Day {
  base::WallTime from{};
  std::vector<facts::CallRecord> calls;
  bool cut = false;  // there were more
};
[[nodiscard]] Written groups_day(const Writer& writer, const model::Group& group, const Day& day);

// Who is told of it. Empty: nobody.
[[nodiscard]] std::vector<std::string> told_of_missed_call(const model::Snapshot& office,
                                                           const facts::CallRecord& call);
[[nodiscard]] std::vector<std::string> told_of_message(const model::Snapshot& office,
                                                       const std::string& box);
// The mailbox with this key (model::MailboxRef::key()); nothing: it is gone.
[[nodiscard]] std::optional<model::MailboxRef> mailbox_with(const model::Snapshot& office,
                                                            const std::string& box);

}  // namespace notify
