// Codes that speak and no more: echo, clock, who am I, the recording of a prompt.

#include <memory>
#include <string>
#include <utility>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/mailboxes.h"
#include "facts/media.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "service/announcement.h"
#include "service/echo.h"
#include "service/pin.h"
#include "service/prompt_record.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace call {
namespace {

constexpr base::Duration kWithoutToday{3LL * 24 * 3'600'000};
// Of the media folder: prompts that were recorded by phone, "prompts/7.wav".
constexpr const char* kPrompts = "prompts/";

std::unique_ptr<service::Service> say_once(service::Sounds sounds) {
  service::Announcement::Settings settings;
  settings.sounds = std::move(sounds);
  return std::make_unique<service::Announcement>(std::move(settings));
}

}  // namespace

// Null for a code that is none of these.
std::unique_ptr<service::Service> Call::small_service(const std::string& code,
                                                      const service::Voice& voice) {
  if (code == "echo") return std::make_unique<service::Echo>(voice);
  if (code == "clock") {
    // Day and month are said too, as of any day that is not today.
    const base::WallTime at = core_.now().wall;
    const base::WallTime other_day{at.unix_ms - kWithoutToday.count()};
    service::Sounds sounds = service::say_moment(voice, at, other_day, snapshot_->zone());
    sounds.push_back(service::tone(facts::Tone::Beep));
    return say_once(std::move(sounds));
  }
  if (code == "who_am_i") {
    service::Sounds sounds{service::prompt(voice, service::Prompt::YourExtensionIs)};
    service::append(sounds, service::say_digits(voice, identity_.number));
    return say_once(std::move(sounds));
  }
  return code == "record_prompt" ? prompt_record_for(voice) : nullptr;
}

// A prompt is heard by everybody who calls: it takes a PIN to change one.
std::unique_ptr<service::Service> Call::prompt_record_for(const service::Voice& voice) {
  const model::User* user = snapshot_->user_by_id(identity_.user_id);
  if (user == nullptr || !user->mailbox.present || user->mailbox.pin.empty()) {
    return say_once({service::prompt(voice, service::Prompt::NotAllowed)});
  }
  service::PromptRecord::Settings settings;
  settings.voice = voice;
  settings.file = new_file(kPrompts);
  auto machine = std::make_unique<service::PromptRecord>(std::move(settings));
  prompting_ = machine.get();
  return machine;
}

void Call::check_pin(const service::CheckPin& keyed) {
  const auto box = snapshot_->mailbox_at(extension_of(identity_.user_id));
  if (prompting_ == nullptr || !box.has_value()) return;
  const base::Now& now = core_.now();
  const service::PinVerdict verdict =
      core_.mailboxes().try_pin(box->key(), box->pin(), keyed.pin, now.wall);
  service::Actions actions;
  if (verdict == service::PinVerdict::Right) {
    prompting_->pin_right(now, actions);
  } else {
    prompting_->pin_wrong(verdict == service::PinVerdict::TooEarly, now, actions);
  }
  carry_out(caller_.side, actions);
}

// From now on `prompts/7` is this recording, wherever a sound is named.
void Call::keep_prompt(service::KeepPrompt keep) {
  core_.media(facts::MoveFile{std::move(keep.file), std::string(kPrompts) + keep.number + ".wav"});
}

}  // namespace call
