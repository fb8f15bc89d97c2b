#include "service/service.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/media.h"
#include "model/office.h"

namespace service {
namespace {

std::string_view word(facts::Tone tone) {
  switch (tone) {
    case facts::Tone::Ringback:
      return "ringback";
    case facts::Tone::Busy:
      return "busy";
    case facts::Tone::Congestion:
      return "congestion";
    case facts::Tone::Beep:
      return "beep";
  }
  return "";
}

std::string_view word(model::DestinationKind kind) {
  using enum model::DestinationKind;
  switch (kind) {
    case None:
      return "none";
    case User:
      return "user";
    case Group:
      return "group";
    case Ivr:
      return "ivr";
    case Queue:
      return "queue";
    case Mailbox:
      return "mailbox";
    case Number:
      return "number";
    case Sip:
      return "sip";
    case Announce:
      return "announce";
    case Busy:
      return "busy";
    case Hangup:
      return "hangup";
  }
  return "";
}

std::string_view word(Confirmation result) {
  switch (result) {
    case Confirmation::Taken:
      return "taken";
    case Confirmation::ToMailbox:
      return "to_mailbox";
    case Confirmation::Declined:
      return "declined";
    case Confirmation::NotConfirmed:
      return "not_confirmed";
  }
  return "";
}

std::string_view word(MessageChange change) {
  switch (change) {
    case MessageChange::Heard:
      return "heard";
    case MessageChange::Saved:
      return "saved";
    case MessageChange::Deleted:
      return "deleted";
    case MessageChange::Handled:
      return "handled";
    case MessageChange::NotHandled:
      return "not_handled";
  }
  return "";
}

std::string ms(base::Duration length) {
  return std::to_string(length.count());
}

std::string text(const facts::Sound& sound) {
  if (sound.tone.has_value()) return std::string{word(*sound.tone)};
  if (sound.name.empty()) return "pause:" + ms(sound.silence);
  return sound.name;
}

// Words with a space between; empty ones are left out.
std::string line(std::initializer_list<std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) {
    if (word.empty()) continue;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

}  // namespace

std::string describe(const Action& action) {
  return std::visit(
      base::Overloaded{
          [](const Answer&) { return line({"answer"}); },
          [](const OpenEarlyMedia&) { return line({"early_media"}); },
          [](const Play& play) {
            std::string out = play.loop ? "loop" : "play";
            for (const facts::Sound& sound : play.sounds) out += " " + text(sound);
            return out;
          },
          [](const StopPlaying&) { return line({"stop_playing"}); },
          [](const Record& record) {
            return line({"record", record.file, ms(record.longest), ms(record.silence)});
          },
          [](const StopRecording&) { return line({"stop_recording"}); },
          [](const Discard& discard) { return line({"discard", discard.file}); },
          [](const GoTo& go) { return line({"go_to", word(go.to.kind), go.to.value}); },
          [](const HangUp& hang_up) {
            return line({"hang_up", hang_up.cause == Cause::NoAnswer ? "no_answer" : ""});
          },
          [](const Confirmed& confirmed) { return line({"confirmed", word(confirmed.result)}); },
          [](const GreetingOver&) { return line({"greeting_over"}); },
          [](const CallBackWanted& wanted) { return line({"call_back_wanted", wanted.number}); },
          [](const MessageLeft& left) {
            return line({"message_left", left.mailbox, left.file, ms(left.length)});
          },
          [](const OpenMailbox& open) {
            return line({"open_mailbox", open.number, open.pin.empty() ? "" : "with_pin"});
          },
          [](const Keyed& keyed) { return line({"keyed", std::to_string(keyed.answers.size())}); },
          [](const CallBack& call_back) { return line({"call_back", call_back.number}); },
          [](const ChangeMessage& change) {
            return line({"message", change.mailbox, change.id, word(change.change)});
          },
          [](const SetGreeting& set) { return line({"set_greeting", set.mailbox, set.file}); },
          [](const HearOneself&) { return line({"hear_oneself"}); },
          [](const CheckPin&) { return line({"check_pin"}); },
          [](const KeepPrompt& keep) { return line({"keep_prompt", keep.number, keep.file}); },
      },
      action);
}

}  // namespace service
