// The messages of a mailbox, one after another (mailbox_listen.h).
#include <cstddef>
#include <utility>

#include "base/time.h"
#include "service/mailbox_listen.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace service {
namespace {

constexpr base::Duration kLongestMessage{3'600'000};

}  // namespace

// "New message from …, today 8 p.m.", then what was said.
Sounds MailboxListen::spoken(const Message& message, base::Now now) const {
  const Voice& voice = settings_.voice;
  Sounds sounds{prompt(voice, message.fresh ? Prompt::NewMessage : Prompt::SavedMessage)};
  if (!message.caller_number.empty()) {
    sounds.push_back(prompt(voice, Prompt::MessageFrom));
    append(sounds, say_digits(voice, message.caller_number));
  }
  append(sounds, say_moment(voice, message.left, now.wall, settings_.zone));
  if (!message.handled_by.empty()) {
    sounds.push_back(prompt(voice, Prompt::HandledBy));
    append(sounds, say_digits(voice, message.handled_by));
  }
  sounds.push_back(sound(message.file));
  return sounds;
}

// The message at our place; behind the last one the main menu.
void MailboxListen::hear(Sounds before, base::Now now, Actions& out) {
  if (place_ >= contents_.messages.size()) {
    before.push_back(prompt(settings_.voice, Prompt::NoMoreMessages));
    main_menu(std::move(before), now, out);
    return;
  }
  append(before, spoken(contents_.messages[place_], now));
  state_ = State::Hearing;
  deadline_ = now.at + kLongestMessage;
  out.emplace_back(Play{.sounds = std::move(before)});
}

void MailboxListen::decide(Sounds before, base::Now now, Actions& out) {
  before.push_back(prompt(settings_.voice, Prompt::MessageOptions));
  if (contents_.shared) before.push_back(prompt(settings_.voice, Prompt::HandledOption));
  ask(State::Deciding, std::move(before), now, out);
}

void MailboxListen::change(MessageChange change, Actions& out) const {
  const Message& message = contents_.messages[place_];
  out.emplace_back(ChangeMessage{
      .mailbox = contents_.mailbox, .id = message.id, .file = message.file, .change = change});
}

void MailboxListen::heard(Actions& out) {
  Message& message = contents_.messages[place_];
  if (!message.fresh) return;
  message.fresh = false;
  change(MessageChange::Heard, out);
}

void MailboxListen::message_key(char digit, base::Now now, Actions& out) {
  const bool known = digit == '#' || (digit >= '4' && digit <= '9');
  if (known) heard(out);
  switch (digit) {
    case '2':
      if (contents_.shared) {
        mark_handled(now, out);
      } else {
        decide({}, now, out);
      }
      break;
    case '4':
      if (place_ > 0) --place_;
      hear({}, now, out);
      break;
    case '5':
      hear({}, now, out);
      break;
    case '6':
      ++place_;
      hear({}, now, out);
      break;
    case '7':
      remove(now, out);
      break;
    case '8':
      call_back(now, out);
      break;
    case '9':
      change(MessageChange::Saved, out);
      ++place_;
      hear({prompt(settings_.voice, Prompt::MessageKept)}, now, out);
      break;
    case '#':
      main_menu({}, now, out);
      break;
    default:
      decide({}, now, out);
      break;
  }
}

void MailboxListen::remove(base::Now now, Actions& out) {
  change(MessageChange::Deleted, out);
  contents_.messages.erase(contents_.messages.begin() + static_cast<std::ptrdiff_t>(place_));
  hear({prompt(settings_.voice, Prompt::MessageDeleted)}, now, out);
}

void MailboxListen::mark_handled(base::Now now, Actions& out) {
  heard(out);
  Message& message = contents_.messages[place_];
  const bool marked = message.handled_by.empty();
  message.handled_by = marked ? contents_.reader : "";
  change(marked ? MessageChange::Handled : MessageChange::NotHandled, out);
  const Prompt said = marked ? Prompt::MarkedHandled : Prompt::MarkedNotHandled;
  decide({prompt(settings_.voice, said)}, now, out);
}

void MailboxListen::call_back(base::Now now, Actions& out) {
  const Message& message = contents_.messages[place_];
  if (message.caller_number.empty()) {
    decide({prompt(settings_.voice, Prompt::NoNumberToCall)}, now, out);
    return;
  }
  finish();
  out.emplace_back(StopPlaying{});
  out.emplace_back(CallBack{message.caller_number});
}

}  // namespace service
