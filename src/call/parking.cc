// Parking: the other side of a talk waits with music until somebody fetches it by its place (`*85`N
// dialled), and comes back to who parked it when nobody does. And the codes that a user keys during
// a talk: transfer for phones without a key for it, parking (docs/contract.md, feature codes).

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "call/detail/anchor.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/side.h"
#include "facts/media.h"
#include "model/feature_codes.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "service/prompts.h"
#include "service/waiting.h"

namespace call {
namespace {

constexpr base::Duration kParkedFor{120'000};
constexpr base::Duration kBetweenKeys{5'000};
constexpr std::size_t kKeysMax = 40;
constexpr base::Duration kBetweenBeeps{200};
constexpr base::Duration kRecallRing{30'000};

// One beep for who keyed it when the recording stops, two when it goes on, three when nothing is
// recorded.
void pause_recording(Core& core, const Side& recorded, Side& by) {
  if (by.anchor == nullptr) return;  // nothing of it is recorded, and he cannot hear us
  Anchor* anchor = recorded.anchor.get();
  const facts::Sound beep{{}, facts::Tone::Beep, {}};
  const facts::Sound pause{{}, {}, kBetweenBeeps};
  std::vector<facts::Sound> said{beep, pause, beep, pause, beep};
  if (anchor != nullptr && anchor->talk != facts::SoundId::None) {
    anchor->talk_paused = !anchor->talk_paused;
    core.media(facts::PauseRecording{anchor->talk, anchor->talk_paused});
    said = {beep};
    if (!anchor->talk_paused) said = {beep, pause, beep};
  }
  core.media(facts::PlaySounds{by.anchor->stream, core.next_sound(), std::move(said), false});
}

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

}  // namespace

// ---- parking ----

// The call that is parked there; null: the place is free.
Call* Core::parked_at(std::string_view place) const {
  Call* found = nullptr;
  calls_.for_each([&](Call& call) {
    if (call.is_parked_at(place)) found = &call;
  });
  return found;
}

bool Call::is_parked_at(std::string_view place) const {
  return parked_.has_value() && parked_->place == place;
}

// Who was sent on waits there. False: somebody else does.
bool Call::park(const std::string& place) {
  if (core_.parked_at(place) != nullptr) return false;
  parked_ = Parked{place, transfer_->user_id, core_.now().at + kParkedFor};
  record_.final_destination = "parked " + place;
  service::Waiting::Settings settings;
  settings.voice = {service::language_from(snapshot_->office().language), nullptr};
  settings.hold = {service::sound("music/" + snapshot_->office().music)};
  speak(caller_.side, std::make_unique<service::Waiting>(std::move(settings)));
  transfer_done();
  return true;
}

// Nobody fetched him: he who parked him is called.
void Call::on_park_time() {
  if (!parked_.has_value() || parked_->until > core_.now().at) return;
  const Parked parked = *std::exchange(parked_, std::nullopt);
  transfer_ = Transfer{};
  transfer_->user_id = parked.by;
  transfer_->recall_of = model::Refuse{480, 19, "parked"};
  record_.final_destination = "recall " + extension_of(parked.by);
  start_hunt(model::RingUser{parked.by, kRecallRing, true});
}

// ---- keys during a talk ----

// The code that these keys are: 0 nothing will come of them, 1 more may come, 2 it is whole.
int Call::judge_keys(std::string_view keys, std::string_view& name, std::string& argument) const {
  int best = 0;
  for (const model::FeatureCode& code : snapshot_->feature_codes()) {
    const model::FeatureCodeInfo* info = model::feature_code(code.name);
    const bool known = code.name == "blind_transfer" || code.name == "attended_transfer" ||
                       code.name == "park" || code.name == "record_pause";
    if (!known || info == nullptr || code.code.empty()) continue;
    if (begins(code.code, keys) && keys.size() < code.code.size()) best = std::max(best, 1);
    if (!begins(keys, code.code)) continue;
    const std::string_view rest = keys.substr(code.code.size());
    if (info->argument != model::CodeArgument::NumberAndHash) {
      if (!rest.empty()) continue;
      name = info->name;
      return 2;
    }
    if (rest.size() > 1 && rest.ends_with('#')) {
      name = info->name;
      argument = rest.substr(0, rest.size() - 1);
      return 2;
    }
    if (rest.find('#') == std::string_view::npos) best = std::max(best, 1);
  }
  return best;
}

// Keys also reach the other side, as all keys of a talk.
void Call::on_key_in_talk(Side& side, char key) {
  if (state_ != State::Talking || transfer_.has_value() || user_at(side).empty()) return;
  const base::Instant now = core_.now().at;
  if (now > side.talk_key_at + kBetweenKeys || side.talk_keys.size() >= kKeysMax)
    side.talk_keys.clear();
  side.talk_key_at = now;
  side.talk_keys += key;
  std::string_view name;
  std::string argument;
  int verdict = judge_keys(side.talk_keys, name, argument);
  while (verdict == 0 && !side.talk_keys.empty()) {
    side.talk_keys.erase(0, 1);
    verdict = side.talk_keys.empty() ? 0 : judge_keys(side.talk_keys, name, argument);
  }
  if (verdict != 2) return;
  side.talk_keys.clear();
  if (name == "record_pause") return pause_recording(core_, caller_.side, side);
  const model::User* user = core_.snapshot()->user_by_id(user_at(side));
  if (user == nullptr || !may_refer(side) || is_busy_for_refer(side)) return;
  begin_transfer(side, {});
  transfer_->attended = name == "attended_transfer";
  send_on_to(name == "park" ? park_code() : argument, *user);
}

// True if this key makes a code whole.
bool Call::completes_a_code(const Side& side, char key) const {
  if (key == 0 || state_ != State::Talking || user_at(side).empty()) return false;
  std::string_view name;
  std::string argument;
  return judge_keys(side.talk_keys + key, name, argument) == 2;
}

// The digits of the code, as somebody dials it.
std::string Call::park_code() const {
  for (const model::FeatureCode& code : snapshot_->feature_codes())
    if (code.name == "park") return code.code;
  return {};
}

}  // namespace call
