// A mailbox by phone: who is let in, what he hears, what becomes of the messages (service's machine
// asks and says, the store knows the messages).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/mailboxes.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "service/mailbox_listen.h"
#include "service/pin.h"
#include "service/prompts.h"
#include "service/service.h"

namespace call {

// The phone of a user is his own: it is not asked for a PIN that the mailbox does not have.
std::unique_ptr<service::Service> Call::listen_for(const std::string& code,
                                                   const service::Voice& voice) {
  const bool own = code == "mailbox";
  if (!own && code != "mailbox_any") return nullptr;
  service::MailboxListen::Settings settings;
  settings.voice = voice;
  settings.zone = snapshot_->zone();
  settings.greeting_file = new_file("greetings/");
  if (own) {
    const model::User* user = snapshot_->user_by_id(identity_.user_id);
    if (user == nullptr || !user->mailbox.present) return nullptr;
    settings.mailbox = user->extension;
    settings.ask_pin = !user->mailbox.pin.empty();
  }
  listening_ = {};
  listening_.asks_pin = settings.ask_pin;
  auto machine = std::make_unique<service::MailboxListen>(std::move(settings));
  listening_.machine = machine.get();
  return machine;
}

void Call::open_mailbox(const service::OpenMailbox& wanted) {
  if (listening_.machine == nullptr) return;
  const base::Now& now = core_.now();
  const auto box = snapshot_->mailbox_at(wanted.number);
  auto verdict = service::PinVerdict::Right;
  if (!box.has_value()) {
    verdict = core_.mailboxes().try_unknown(wanted.number, now.wall);
  } else if (listening_.asks_pin) {
    verdict = core_.mailboxes().try_pin(box->key(), box->pin(), wanted.pin, now.wall);
  }
  if (box.has_value() && verdict == service::PinVerdict::Right) {
    listening_.box = box->key();
    listening_.mailbox = box->name();
    listening_.owner = box->user == nullptr ? std::string() : box->user->id;
    listening_.token = core_.open_mailbox(listening_.box, id_);
    return;
  }
  service::Actions actions;
  listening_.machine->refused(verdict == service::PinVerdict::TooEarly, now, actions);
  carry_out(caller_.side, actions);
}

void Call::on_mailbox_opened(std::uint64_t token,
                             std::optional<std::vector<facts::Message>> messages) {
  if (listening_.machine == nullptr || listening_.token != token) return;
  service::Actions actions;
  if (!messages.has_value()) {
    listening_.machine->refused(true, core_.now(), actions);
  } else {
    service::MailboxListen::Contents contents;
    contents.mailbox = listening_.mailbox;
    contents.shared = listening_.owner.empty();
    contents.reader = identity_.number;
    for (facts::Message& message : *messages) {
      contents.messages.push_back({std::move(message.id), std::move(message.file), message.at,
                                   std::move(message.from), !message.heard,
                                   std::move(message.handled_by)});
    }
    listening_.machine->opened(std::move(contents), core_.now(), actions);
  }
  carry_out(caller_.side, actions);
}

void Call::change_message(const service::ChangeMessage& change) {
  facts::MessageChanged told;
  told.mailbox = listening_.mailbox;
  told.box = listening_.box;
  told.id = change.id;
  told.who = identity_.number;
  switch (change.change) {
    case service::MessageChange::Heard:
      told.heard = true;
      break;
    case service::MessageChange::Saved:
      told.heard = true;
      told.saved = true;
      break;
    case service::MessageChange::Deleted:
      told.deleted = true;
      break;
    case service::MessageChange::Handled:
      told.handled_by = identity_.number;
      break;
    case service::MessageChange::NotHandled:
      told.handled_by = std::string();
      break;
  }
  core_.tell(std::move(told));
  if (change.change == service::MessageChange::Deleted) core_.media(facts::RemoveFile{change.file});
}

void Call::set_greeting(const service::SetGreeting& set) {
  std::string old = core_.mailboxes().set_greeting(listening_.box, set.file);
  core_.tell(facts::GreetingSet{listening_.mailbox, listening_.box, set.file});
  if (!old.empty() && old != set.file) core_.media(facts::RemoveFile{std::move(old)});
}

// With the rights of the mailbox's user; of a general one, with those of who listens.
void Call::call_back(const std::string& number) {
  const model::User* owner =
      snapshot_->user_by_id(listening_.owner.empty() ? identity_.user_id : listening_.owner);
  leave_machine();
  query_.at = core_.now().wall;
  take(model::route_to(*snapshot_, query_, {model::DestinationKind::Number, number}, owner));
}

}  // namespace call
