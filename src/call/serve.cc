// What answers or speaks instead of a person: the services of service/ on the caller's side, the
// question of rule 9 on a callee's.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/overloaded.h"
#include "base/time.h"
#include "call/detail/anchor.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/mailboxes.h"
#include "call/detail/paging.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "service/announcement.h"
#include "service/confirm.h"
#include "service/mailbox_leave.h"
#include "service/menu.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/waiting.h"

namespace call {
namespace {

constexpr std::size_t kServicesMax = 50;  // menus and mailboxes that one call may leave by a key

// Folders of the media folder, and how files there end.
constexpr std::string_view kMessages = "messages/";
constexpr std::string_view kWav = ".wav";

char key_of(service::Confirmation result) {
  switch (result) {
    case service::Confirmation::Taken:
      return '1';
    case service::Confirmation::ToMailbox:
      return '2';
    case service::Confirmation::Declined:
      return '3';
    case service::Confirmation::NotConfirmed:
      return 0;  // the hunt has this clock too
  }
  return 0;
}

}  // namespace

// ---- carrying out ----

void Call::carry_out(Side& side, service::Actions& actions) {
  for (auto& action : actions) {
    if (side.anchor == nullptr) return;
    const Anchor& anchor = *side.anchor;
    std::visit(
        base::Overloaded{
            [&](const service::Answer&) { answer_for_service(); },
            [&](const service::OpenEarlyMedia&) { open_early_media(); },
            [&](service::Play& play) { this->play(side, std::move(play)); },
            [&](const service::StopPlaying&) {
              if (anchor.port != 0) core_.media(facts::StopPlaying{anchor.stream, anchor.playing});
            },
            [&](service::Record& record) { this->record(side, std::move(record)); },
            [&](const service::StopRecording&) {
              core_.media(facts::StopRecording{anchor.recording});
            },
            [&](service::Discard& discard) {
              core_.media(facts::RemoveFile{std::move(discard.file)});
            },
            [&](const service::GoTo& go) { leave_service(go.to); },
            [&](const service::HangUp& hang_up) { end_by_service(side, hang_up.cause); },
            [&](const service::Confirmed& confirmed) { on_confirmed(side, confirmed.result); },
            [](const service::GreetingOver&) {},
            [&](service::CallBackWanted& wanted) {
              record_.call_back = wanted.number;
              core_.tell(facts::CallBackWanted{record_.id, record_.group, std::move(wanted.number),
                                               core_.now().wall});
            },
            [&](service::MessageLeft& left) { tell_message(std::move(left)); },
            [&](const service::OpenMailbox& wanted) { open_mailbox(wanted); },
            [&](const service::ChangeMessage& change) { change_message(change); },
            [&](const service::SetGreeting& set) { set_greeting(set); },
            [&](const service::CallBack& wanted) { call_back(wanted.number); },
            [&](const service::Keyed& keyed) { on_keyed(keyed); },
            [&](const service::HearOneself&) {
              if (anchor.port != 0) core_.media(facts::HearStream{anchor.stream, anchor.stream});
            },
            [&](const service::CheckPin& keyed) { check_pin(keyed); },
            [&](service::KeepPrompt& keep) { keep_prompt(std::move(keep)); }},
        action);
  }
  if (side.anchor != nullptr && side.anchor->service != nullptr && side.anchor->service->done()) {
    drop_service(side);
  }
}

void Call::drop_service(Side& side) {
  if (side.anchor == nullptr) return;
  side.anchor->question = nullptr;
  side.anchor->waiting = nullptr;
  const service::Service* gone = side.anchor->service.get();
  if (gone == listening_.machine) listening_ = {};
  if (gone == prompting_) prompting_ = nullptr;
  const bool code = gone != nullptr && (gone == code_.reply || gone == code_.entry);
  if (code) code_ = {};
  side.anchor->service.reset();
  side.anchor->playing = facts::SoundId::None;
}

void Call::play(Side& side, service::Play play) {
  Anchor& anchor = *side.anchor;
  if (anchor.port == 0) return;
  const facts::SoundId sound = core_.next_sound();
  anchor.playing = sound;
  core_.media(facts::PlaySounds{anchor.stream, sound, std::move(play.sounds), play.loop});
}

void Call::record(Side& side, service::Record record) {
  Anchor& anchor = *side.anchor;
  if (anchor.port == 0) return;
  anchor.recording = core_.add_recording(side);
  core_.media(facts::StartRecording{anchor.recording, anchor.stream, std::nullopt,
                                    std::move(record.file), record.longest, record.silence});
}

void Call::tell_message(service::MessageLeft left) {
  const auto box = snapshot_->mailbox_at(left.mailbox);
  if (!box.has_value()) return;
  facts::MessageLeft told{box->name(), {}};
  facts::Message& message = told.message;
  message.id = left.file.substr(kMessages.size());
  message.id.resize(message.id.size() - kWav.size());
  message.box = box->key();
  message.call = record_.id;
  message.file = std::move(left.file);
  message.from = identity_.anonymous ? std::string() : identity_.number;
  message.from_name = identity_.anonymous ? std::string() : identity_.name;
  message.at = core_.now().wall;
  message.length_ms = left.length.count();
  core_.tell(std::move(told));
}

// A person chose what comes next: coming back to a group is no loop, as long as he does not do it
// for ever.
void Call::leave_machine() {
  drop_service(caller_.side);
  if (++services_left_ <= kServicesMax) {
    query_.visited.clear();
    steps_ = 0;
  }
  feed_all(hunt::CallerAnswered{});
}

void Call::leave_service(const model::Destination& to) {
  leave_machine();
  go_to(to);
}

void Call::end_by_service(Side& side, service::Cause cause) {
  if (side.leg != nullptr) {
    hang_up_leg(*side.leg, side.leg->stop.value_or(StopReason::CompletedElsewhere));
    leg_over(*side.leg, 200);
    return;
  }
  const bool no_answer = cause == service::Cause::NoAnswer;
  end_with_code(480, no_answer ? 19 : 16);
}

// ---- services that answer the caller ----

std::unique_ptr<service::Service> Call::service_for(const model::Serve& wanted) {
  const service::Voice voice{service::language_from(snapshot_->office().language), nullptr};
  switch (wanted.kind) {
    case model::DestinationKind::Mailbox:
      return mailbox_for(wanted.name, voice);
    case model::DestinationKind::Ivr:
      return menu_for(wanted.name, voice);
    case model::DestinationKind::Announce: {
      service::Announcement::Settings settings;
      settings.sounds = {sound_named(wanted.name)};
      return std::make_unique<service::Announcement>(std::move(settings));
    }
    case model::DestinationKind::None: {
      if (wanted.name == "mailbox" || wanted.name == "mailbox_any")
        return listen_for(wanted.name, voice);
      auto small = small_service(wanted.name, voice);
      return small != nullptr ? std::move(small) : code_for(wanted, voice);
    }
    case model::DestinationKind::User:
    case model::DestinationKind::Group:
    case model::DestinationKind::Queue:
    case model::DestinationKind::Number:
    case model::DestinationKind::Sip:
    case model::DestinationKind::Busy:
    case model::DestinationKind::Hangup:
      return nullptr;
  }
  return nullptr;
}

// Of a recording; its name is not used twice.
std::string Call::new_file(std::string_view folder) const {
  return std::string{folder} + record_.id + "-" + std::to_string(services_left_) + "-" +
         std::to_string(steps_) + std::string{kWav};
}

std::unique_ptr<service::Service> Call::mailbox_for(const std::string& name,
                                                    const service::Voice& voice) const {
  service::MailboxLeave::Settings settings;
  settings.voice = voice;
  const auto box = snapshot_->mailbox_at(name);
  if (!box.has_value()) return nullptr;
  settings.file = new_file(kMessages);
  settings.mailbox = box->name();
  if (box->user != nullptr) settings.person = box->user->extension;
  const facts::MailboxCounts waiting = core_.mailboxes().counts(box->key());
  settings.full = waiting.fresh + waiting.old >= base::kMailboxMessagesMax;
  if (const std::string* own = core_.mailboxes().greeting(box->key()))
    settings.greeting = {service::sound(*own)};
  return std::make_unique<service::MailboxLeave>(std::move(settings));
}

std::unique_ptr<service::Service> Call::menu_for(const std::string& name,
                                                 const service::Voice& voice) const {
  const model::Ivr* ivr = snapshot_->ivr_named(name);
  if (ivr == nullptr) return nullptr;
  service::Menu::Settings settings;
  settings.voice = voice;
  if (!ivr->greeting.empty()) settings.greeting = {sound_named(ivr->greeting)};
  settings.timeout = ivr->timeout;
  settings.keys = ivr->keys;
  settings.otherwise = ivr->otherwise;
  for (const model::User& user : snapshot_->office().users) {
    if (user.enabled) {
      settings.extensions.push_back(
          {user.extension, {model::DestinationKind::User, user.extension}});
    }
  }
  return std::make_unique<service::Menu>(std::move(settings));
}

// Rule 6: from here on no late 200 wins.
void Call::start_service(const model::Serve& wanted) {
  if (wanted.kind == model::DestinationKind::Queue) {
    start_queue(wanted);
    return;
  }
  // A code changes nothing where its answer could not be heard.
  const bool heard = can_anchor() && open_anchor(caller_.side);
  auto machine = heard ? service_for(wanted) : nullptr;
  if (machine == nullptr) {
    listening_ = {};
    prompting_ = nullptr;
    not_served(wanted);
    return;
  }
  feed_all(hunt::ServiceTook{});
  if (runs_.empty()) core_.tell(facts::CallPlanned{record_.id, record_.plan});
  state_ = State::Serving;
  note_final_destination(wanted);
  note_outcome(outcome_of_service(wanted));
  speak(caller_.side, std::move(machine));
}

// What the record says unless somebody still takes the call: what the hunt was; a menu in which the
// caller hangs up was given up.
facts::Outcome Call::outcome_of_service(const model::Serve& wanted) const {
  if (end_class_.has_value()) return outcome_of_end();
  return wanted.kind == model::DestinationKind::Ivr ? facts::Outcome::Abandoned
                                                    : facts::Outcome::NoAnswer;
}

void Call::speak(Side& side, std::unique_ptr<service::Service> machine) {
  drop_service(side);
  service::Service& begun = *machine;
  side.anchor->service = std::move(machine);
  service::Actions actions;
  begun.begin(core_.now(), actions);
  carry_out(side, actions);
}

// ---- what the caller hears while he is hunted for ----

// One of the office's `sounds`, else a name of a recording.
facts::Sound Call::sound_named(const std::string& name) const {
  for (const model::Sound& sound : snapshot_->office().sounds) {
    if (sound.name == name) return service::sound(sound.file);
  }
  return service::sound(name);
}

// Of `caller_hears`; empty: ringback.
service::Sounds Call::hold_of(const std::string& sound) const {
  if (sound == "ringback") return {};
  if (sound == "music") return {service::sound("music/" + snapshot_->office().music)};
  return {sound_named(sound)};
}

void Call::start_waiting(const model::Step& step) {
  service::Waiting::Settings settings;
  settings.voice = {service::language_from(snapshot_->office().language), nullptr};
  settings.caller_number = identity_.anonymous ? std::string() : identity_.number;
  bool plays = false;
  if (const auto* ring = std::get_if<model::RingGroup>(&step)) {
    const model::Group* group = snapshot_->group_by_id(ring->group_id);
    if (group != nullptr) {
      settings.hold = hold_of(group->caller_hears.sound);
      settings.answer = group->caller_hears.answer;
      plays = settings.answer || !settings.hold.empty();
    }
  } else if (const auto* run = std::get_if<model::RunRule>(&step)) {
    plays = wait_by_rule(*run, settings);
  }
  const bool open = caller_.side.anchor != nullptr;  // he hears us already
  if (!open && (!plays || !can_anchor() || !open_anchor(caller_.side))) return;
  if (settings.hold.empty()) settings.hold = {service::tone(facts::Tone::Ringback)};
  speak(caller_.side, std::make_unique<service::Waiting>(std::move(settings)));
}

// Extended ringing: answered at once, music, 1 to be called back, 2 to the mailbox (S3.8, S3.16).
bool Call::wait_by_rule(const model::RunRule& run, service::Waiting::Settings& settings) const {
  const model::User* user = snapshot_->user_by_id(run.user_id);
  if (user == nullptr || run.rule >= user->rules.size()) return false;
  const model::Rule& rule = user->rules[run.rule];
  if (rule.mode != model::RuleMode::ExtendRing) return false;
  settings.answer = true;
  settings.hold = {service::sound("music/" + rule.music)};
  settings.keys.push_back({'1', service::Waiting::Meaning::CallBack, {}});
  if (user->mailbox.present) {
    settings.keys.push_back({'2',
                             service::Waiting::Meaning::Mailbox,
                             {model::DestinationKind::Mailbox, user->extension}});
  }
  return true;
}

// ---- rule 9 ----

CalleeLeg* Call::answered_leg(const HuntRun& run, hunt::AttemptId id) {
  const LiveAttempt* attempt = attempt_of(run, id);
  if (attempt == nullptr) return nullptr;
  for (auto& leg : legs_) {
    if (leg->attempt == attempt && leg->state == LegState::Answered) return leg.get();
  }
  return nullptr;
}

void Call::ask(HuntRun& run, const hunt::AskConfirmation& question) {
  CalleeLeg* leg = answered_leg(run, question.attempt);
  if (leg == nullptr || leg->side.anchor == nullptr) {
    feed(run, hunt::AttemptFailed{question.attempt, hunt::Failure::Unreachable, 0});
    return;
  }
  leg->attempt->asked = leg;
  leg->attempt->stop.reset();  // his 200 crossed our CANCEL: he is there now
  leg->stop.reset();
  service::Confirm::Settings settings;
  settings.voice = {service::language_from(snapshot_->office().language), nullptr};
  settings.caller_number = identity_.anonymous ? std::string() : identity_.number;
  settings.mailbox_offered = question.mailbox_offered;
  auto machine = std::make_unique<service::Confirm>(std::move(settings));
  service::Confirm& asking = *machine;
  speak(leg->side, std::move(machine));
  leg->side.anchor->question = &asking;
  tell_moved(leg->side);
}

void Call::on_confirmed(const Side& side, service::Confirmation result) {
  const char key = key_of(result);
  if (side.leg == nullptr || side.leg->attempt == nullptr || key == 0) return;
  const LiveAttempt& attempt = *side.leg->attempt;
  feed(*attempt.run, hunt::KeyPressed{attempt.id, key});
}

void Call::tell_too_late(HuntRun& run, const hunt::TellTooLate& late) {
  CalleeLeg* leg = answered_leg(run, late.attempt);
  if (leg == nullptr || leg->side.anchor == nullptr || leg->side.anchor->question == nullptr) {
    if (LiveAttempt* attempt = attempt_of(run, late.attempt)) {
      stop_attempt(*attempt, frozen(late.why));
    }
    return;
  }
  leg->stop = frozen(late.why);
  for (auto& sister : legs_) {
    if (sister->attempt == leg->attempt && sister.get() != leg) stop_leg(*sister, *leg->stop);
  }
  service::Actions actions;
  leg->side.anchor->question->too_late(core_.now(), actions);
  carry_out(leg->side, actions);
}

// An answered leg that nobody joined is gone: the hunt hears of it unless it wanted that.
void Call::answered_leg_is_gone(CalleeLeg& leg) {
  if (is_transferor(leg.side)) return transferor_gone();
  LiveAttempt* attempt = leg.attempt;
  if (leg.listens) {
    Paging::listener_is_gone(*this, leg);
    return;
  }
  const bool told = leg.stop.has_value();
  leg_over(leg, 200);
  if (attempt == nullptr || attempt->asked != &leg || told) return;
  attempt->asked = nullptr;
  stop_attempt(*attempt, StopReason::TimedOut);
  feed(*attempt->run, hunt::AttemptFailed{attempt->id, hunt::Failure::Unreachable, 0});
}

}  // namespace call
