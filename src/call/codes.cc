// Feature codes that change something or only say something: what a code means for who dialled it,
// the change on its way to the store, the words when it is there (docs/contract.md,
// product.md 5.1).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/code_work.h"
#include "call/detail/core.h"
#include "call/detail/last_calls.h"
#include "call/detail/mailboxes.h"
#include "call/engine.h"
#include "model/flags.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/state_change.h"
#include "service/code_reply.h"
#include "service/key_entry.h"
#include "service/pin.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace call {
namespace {

using service::Prompt;

// One code of one user: reads the office as it is now, answers with changes and words.
class Code final {
 public:
  Code(const model::Snapshot& snapshot, const model::User& user, const service::Voice& voice,
       base::WallTime now)
      : snapshot_(snapshot), user_(user), voice_(voice), now_(now) {}

  [[nodiscard]] CodeWork work(std::string_view name, const std::string& argument) const {
    if (name == "dnd_on") return do_not_disturb(true);
    if (name == "dnd_off") return do_not_disturb(false);
    if (name == "dnd") return do_not_disturb(!user_.do_not_disturb);
    if (name == "pause") return pause(!user_.paused.on);
    if (name == "rules") return rules();
    if (name == "flag") return flag(argument);
    if (name == "log_in_out") return argument.empty() ? log_in_everywhere() : log_in(argument);
    for (const ForwardCode& known : kForwards)
      if (name == known.on || name == known.off)
        return forward(known, name == known.off ? std::string() : argument);
    return say(Prompt::NotInService);
  }

  // `*75`: the group's calls go there; "0" ends it.
  [[nodiscard]] CodeWork group_forward(const std::string& number, const std::string& to) const {
    const model::Group* group = snapshot_.group_named(number);
    if (group == nullptr || model::lines_of(snapshot_, *group, user_).empty())
      return say(Prompt::NotAMember);
    if (to == "0")
      return {{model::SetGroupForward{group->id, "", ""}}, said(Prompt::GroupForwardOff)};
    const model::Dialled dialled = snapshot_.what_is(to);
    const auto* itself = std::get_if<model::GroupTarget>(&dialled);
    if (itself != nullptr && itself->group == group) return say(Prompt::NumberNotUsable);
    if (const auto no = not_usable(dialled)) return say(*no);
    return {{model::SetGroupForward{group->id, to, user_.extension}},
            with_number(Prompt::GroupForwardedTo, to)};
  }

 private:
  struct ForwardCode {
    std::string_view on, off;
    model::ForwardKind kind;
    Prompt said_on, said_off;
  };
  static constexpr ForwardCode kForwards[] = {
      {"forward_always", "forward_always_off", model::ForwardKind::Always, Prompt::ForwardAlwaysTo,
       Prompt::ForwardAlwaysOff},
      {"forward_busy", "forward_busy_off", model::ForwardKind::Busy, Prompt::ForwardBusyTo,
       Prompt::ForwardBusyOff},
      {"forward_no_answer", "forward_no_answer_off", model::ForwardKind::NoAnswer,
       Prompt::ForwardNoAnswerTo, Prompt::ForwardNoAnswerOff},
      {"forward_unreachable", "forward_unreachable_off", model::ForwardKind::Unreachable,
       Prompt::ForwardUnreachableTo, Prompt::ForwardUnreachableOff},
  };

  [[nodiscard]] service::Sounds said(Prompt prompt) const {
    return {service::prompt(voice_, prompt)};
  }
  [[nodiscard]] CodeWork say(Prompt prompt) const { return {{}, said(prompt)}; }
  [[nodiscard]] service::Sounds with_number(Prompt prompt, std::string_view number) const {
    service::Sounds sounds = said(prompt);
    service::append(sounds, service::say_digits(voice_, number));
    return sounds;
  }

  [[nodiscard]] CodeWork do_not_disturb(bool on) const {
    return {{model::SetDoNotDisturb{user_.id, on}},
            said(on ? Prompt::DoNotDisturbOn : Prompt::DoNotDisturbOff)};
  }

  [[nodiscard]] CodeWork pause(bool on) const {
    return {{model::SetPaused{user_.id, on}}, said(on ? Prompt::PauseOn : Prompt::PauseOff)};
  }

  [[nodiscard]] CodeWork rules() const {
    if (user_.rules.empty()) return say(Prompt::NoRules);
    const bool own = std::any_of(user_.rules.begin(), user_.rules.end(),
                                 [](const model::Rule& rule) { return !rule.locked; });
    if (!user_.permissions.own_rules || !own) return say(Prompt::NotAllowed);
    const bool on = !user_.rules_on;
    return {{model::SetRules{user_.id, on}}, said(on ? Prompt::RulesOn : Prompt::RulesOff)};
  }

  [[nodiscard]] CodeWork flag(const std::string& argument) const {
    const model::Flag* flag = model::flag_by_code(snapshot_, argument);
    if (flag == nullptr) return say(Prompt::NumberNotUsable);
    const bool on = !model::is_on(snapshot_, *flag, now_);
    return {{model::SetFlag{flag->id, on}}, said(on ? Prompt::FlagOn : Prompt::FlagOff)};
  }

  [[nodiscard]] static bool any_logged_in(const std::vector<const model::Member*>& lines) {
    return std::any_of(lines.begin(), lines.end(),
                       [](const model::Member* line) { return line->logged_in; });
  }

  [[nodiscard]] CodeWork log_in(const std::string& number) const {
    const model::Dialled dialled = snapshot_.what_is(number);
    if (const auto* target = std::get_if<model::GroupTarget>(&dialled)) {
      const auto lines = model::lines_of(snapshot_, *target->group, user_);
      if (lines.empty()) return say(Prompt::NotAMember);
      return logged(model::Kind::Group, target->group->id, !any_logged_in(lines));
    }
    const auto* thing = std::get_if<model::DialledThing>(&dialled);
    const model::Queue* queue = thing != nullptr && thing->kind == model::Kind::Queue
                                    ? snapshot_.queue_named(thing->id)
                                    : nullptr;
    if (queue == nullptr) return say(Prompt::NumberNotUsable);
    const auto lines = model::lines_of(snapshot_, *queue, user_);
    if (lines.empty() && !model::may_log_in(snapshot_, *queue, user_))
      return say(Prompt::NotAMember);
    return logged(model::Kind::Queue, queue->id, !any_logged_in(lines));
  }

  [[nodiscard]] CodeWork logged(model::Kind kind, const std::string& id, bool in) const {
    return {{model::SetLogin{user_.id, kind, id, in}},
            said(in ? Prompt::LoggedIn : Prompt::LoggedOut)};
  }

  // Out of all of his where he is logged in anywhere, else into all.
  [[nodiscard]] CodeWork log_in_everywhere() const {
    CodeWork work;
    bool anywhere = false;
    const auto take = [&](model::Kind kind, const auto& things) {
      for (const auto& thing : things) {
        const auto lines = model::lines_of(snapshot_, thing, user_);
        if (lines.empty()) continue;
        anywhere = anywhere || any_logged_in(lines);
        work.changes.emplace_back(model::SetLogin{user_.id, kind, thing.id, true});
      }
    };
    take(model::Kind::Group, snapshot_.office().groups);
    take(model::Kind::Queue, snapshot_.office().queues);
    if (work.changes.empty()) return say(Prompt::NotAMember);
    for (model::StateChange& change : work.changes)
      std::get<model::SetLogin>(change).in = !anywhere;
    work.said = said(anywhere ? Prompt::LoggedOut : Prompt::LoggedIn);
    return work;
  }

  // Why nothing can be forwarded there; nothing: it can.
  [[nodiscard]] std::optional<Prompt> not_usable(const model::Dialled& dialled) const {
    if (std::holds_alternative<model::DialledNothing>(dialled) ||
        std::holds_alternative<model::DialledCode>(dialled))
      return Prompt::NumberNotUsable;
    const auto* external = std::get_if<model::DialledExternal>(&dialled);
    if (external == nullptr) return std::nullopt;
    if (!model::may_dial(user_.permissions, external->number)) return Prompt::NotAllowed;
    if (snapshot_.office().trunks.empty()) return Prompt::NumberNotUsable;
    return std::nullopt;
  }

  [[nodiscard]] CodeWork forward(const ForwardCode& code, const std::string& to) const {
    if (to.empty()) return {{model::SetForward{user_.id, code.kind, ""}}, said(code.said_off)};
    const model::Dialled dialled = snapshot_.what_is(to);
    const auto* himself = std::get_if<model::UserTarget>(&dialled);
    if (himself != nullptr && himself->user == &user_) return say(Prompt::NumberNotUsable);
    if (const auto no = not_usable(dialled)) return say(*no);
    return {{model::SetForward{user_.id, code.kind, to}}, with_number(code.said_on, to)};
  }

  const model::Snapshot& snapshot_;
  const model::User& user_;
  const service::Voice& voice_;
  base::WallTime now_;
};

}  // namespace

// What he hears when there is nobody to redial or to call back.
CodeWork Call::nobody_remembered(const std::string& code, const service::Voice& voice) const {
  if (code == "redial") return {{}, {service::prompt(voice, Prompt::NothingToRedial)}};
  const LastCall* last = core_.last_calls().of(identity_.user_id);
  const bool hidden = last != nullptr && last->hidden;
  return {{},
          {service::prompt(voice, hidden ? Prompt::CallerWasHidden : Prompt::NobodyToCallBack)}};
}

// What was there to pick up has been by now: only words are left.
CodeWork Call::nothing_to_pick_up(const model::DialledCode& code, const model::User& user,
                                  const service::Voice& voice) const {
  const bool forbidden = core_.is_pickup_forbidden(code, user);
  return {{}, {service::prompt(voice, forbidden ? Prompt::NotAllowed : Prompt::NothingToPickUp)}};
}

std::unique_ptr<service::Service> Call::code_for(const model::Serve& wanted,
                                                 const service::Voice& voice) {
  const model::Snapshot& now = *core_.snapshot();
  const model::User* user = now.user_by_id(identity_.user_id);
  if (user == nullptr) return nullptr;
  if (wanted.name == "group_forward") return entry_for(false, wanted.argument, voice);
  const auto account = now.account(identity_.account);
  const bool guest = account.has_value() && account->owner != user;
  const bool asks = wanted.name == "hot_desk" && !(guest && wanted.argument.empty());
  if (asks) return entry_for(true, wanted.argument, voice);
  const bool remembered = wanted.name == "redial" || wanted.name == "call_return";
  const bool pickup =
      wanted.name == "pickup" || wanted.name == "pickup_any" || wanted.name == "park";
  const CodeWork work =
      wanted.name == "hot_desk" ? leave_desk(voice)
      : remembered              ? nobody_remembered(wanted.name, voice)
      : pickup                  ? nothing_to_pick_up({wanted.name, wanted.argument}, *user, voice)
               : Code{now, *user, voice, core_.now().wall}.work(wanted.name, wanted.argument);
  service::CodeReply::Settings settings;
  settings.late = {service::prompt(voice, Prompt::NotSaved)};
  if (work.changes.empty()) settings.said = work.said;
  auto machine = std::make_unique<service::CodeReply>(std::move(settings));
  code_ = {};
  code_.reply = machine.get();
  if (!work.changes.empty()) change_office(work);
  return machine;
}

// Extension and PIN of who sits down here, or a group and where its calls shall go; the first one
// may have been dialled.
std::unique_ptr<service::Service> Call::entry_for(bool hot_desk, const std::string& dialled,
                                                  const service::Voice& voice) {
  service::KeyEntry::Settings settings;
  settings.questions = {
      service::prompt(voice, hot_desk ? Prompt::EnterExtension : Prompt::EnterGroup),
      service::prompt(voice, hot_desk ? Prompt::EnterPin : Prompt::EnterForward)};
  settings.goodbye = service::prompt(voice, Prompt::Goodbye);
  if (!dialled.empty()) settings.known = {dialled};
  auto machine = std::make_unique<service::KeyEntry>(std::move(settings));
  code_ = {};
  code_.hot_desk = hot_desk;
  code_.entry = machine.get();
  return machine;
}

// The phone is its owner's again.
CodeWork Call::leave_desk(const service::Voice& voice) const {
  return {{model::SetDesk{identity_.user_id, identity_.account, false}},
          {service::prompt(voice, Prompt::LoggedOut)}};
}

// By the PIN of his mailbox, guarded as that is.
CodeWork Call::sit_down(const std::string& number, const std::string& pin,
                        const service::Voice& voice) {
  const model::Snapshot& now = *core_.snapshot();
  const model::User* guest = now.user_by_number(number);
  auto verdict = service::PinVerdict::Wrong;
  if (guest == nullptr || !guest->enabled || guest->mailbox.pin.empty()) {
    verdict = core_.mailboxes().try_unknown(number, core_.now().wall);
  } else {
    const model::MailboxRef box{guest, nullptr};
    verdict = core_.mailboxes().try_pin(box.key(), box.pin(), pin, core_.now().wall);
  }
  if (verdict != service::PinVerdict::Right || guest == nullptr) {
    const bool early = verdict == service::PinVerdict::TooEarly;
    return {{}, {service::prompt(voice, early ? Prompt::TryLater : Prompt::WrongPin)}};
  }
  const auto account = now.account(identity_.account);
  const bool home = account.has_value() && account->owner == guest;
  return {{model::SetDesk{guest->id, identity_.account, !home}},
          {service::prompt(voice, Prompt::LoggedIn)}};
}

void Call::change_office(const CodeWork& work) {
  code_.done = work.said;
  code_.token = core_.change_office(work.changes, "phone " + identity_.number, id_);
}

void Call::on_keyed(const service::Keyed& keyed) {
  if (code_.entry == nullptr || keyed.answers.size() != 2) return;
  const service::Voice voice{service::language_from(snapshot_->office().language), nullptr};
  const model::Snapshot& now = *core_.snapshot();
  const model::User* user = now.user_by_id(identity_.user_id);
  CodeWork work;
  if (code_.hot_desk) {
    work = sit_down(keyed.answers[0], keyed.answers[1], voice);
  } else if (user != nullptr) {
    work =
        Code{now, *user, voice, core_.now().wall}.group_forward(keyed.answers[0], keyed.answers[1]);
  }
  if (!work.changes.empty()) return change_office(work);
  service::Actions actions;
  code_.entry->refused(work.said, true, core_.now(), actions);
  carry_out(caller_.side, actions);
}

void Call::on_office_changed(std::uint64_t token, ChangeOutcome outcome) {
  if (code_.token != token || (code_.reply == nullptr && code_.entry == nullptr)) return;
  code_.token = 0;
  const service::Voice voice{service::language_from(snapshot_->office().language), nullptr};
  service::Sounds said = std::move(code_.done);
  if (outcome != ChangeOutcome::Done) {
    said = {service::prompt(
        voice, outcome == ChangeOutcome::Refused ? Prompt::NumberNotUsable : Prompt::NotSaved)};
  }
  service::Actions actions;
  if (code_.reply != nullptr) {
    code_.reply->say(std::move(said), core_.now(), actions);
  } else if (outcome == ChangeOutcome::Done) {
    code_.entry->accepted(std::move(said), core_.now(), actions);
  } else {
    code_.entry->refused(std::move(said), false, core_.now(), actions);
  }
  carry_out(caller_.side, actions);
}

}  // namespace call
