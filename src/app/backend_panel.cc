// What the panel asks beyond calls and configuration: foresight, history, files, health.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/statvfs.h>
#include <system_error>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "api/no_answer.h"
#include "app/backend.h"
#include "app/certificate.h"
#include "app/detail/answer_of.h"
#include "app/speech.h"
#include "app/trunk_probe.h"
#include "base/address.h"
#include "base/pii.h"
#include "base/result.h"
#include "base/time.h"
#include "call/engine.h"
#include "config/file.h"
#include "facts/call_record.h"
#include "foresight/explain.h"
#include "foresight/health.h"
#include "hunt/view.h"
#include "media/sound_file.h"
#include "media/sound_names.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "store/secrets.h"
#include "store/store.h"
#include "store/things.h"

namespace app {
namespace {

constexpr std::chrono::seconds kProbeLimit{4};
constexpr int kProbesMax = 2;  // at once: each waits on an HTTP thread
constexpr base::Duration kSoundMax{30 * 60 * 1'000};

api::Refused no_room() {
  return {503, "the file cannot be written now; see that the disk has room", {}};
}

// With the folder that it is in. What could not be written whole is removed.
bool write_file(const std::string& path, std::string_view bytes) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  std::FILE* out = std::fopen(path.c_str(), "wb");
  bool written = out != nullptr;
  if (out != nullptr) {
    written = std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size();
    written = std::fclose(out) == 0 && written;
  }
  if (!written) std::filesystem::remove(path, error);
  return written;
}
// A number that no plan has: a group without one of its own is asked by it.
constexpr const char* kNoNumber = "999999999999999";

// The presence that a question supposes.
hunt::Presence supposed(const api::ExplainQuestion& question, const model::Snapshot& snapshot,
                        hunt::Presence now) {
  using Phones = api::ExplainQuestion::Phones;
  if (question.phones == Phones::Now) return now;
  hunt::Presence made;
  made.memory = std::move(now.memory);
  if (question.phones == Phones::All)
    for (const model::User& user : snapshot.office().users) made.users[user.id].devices = 1;
  for (const std::string& name : question.users)
    if (const model::User* user = snapshot.user_named(name)) made.users[user->id].devices = 1;
  return made;
}

// The configuration with the group as it is being written; `number` is one that leads to it.
std::shared_ptr<const model::Snapshot> with_group(const model::Snapshot& now, model::Group group,
                                                  std::string& number) {
  model::Office office = now.office();
  group.id = model::id_of(model::Thing{group});
  if (number.empty()) {
    if (group.extensions.empty()) group.extensions.emplace_back(kNoNumber);
    number = group.extensions.front();
  }
  office = model::apply(std::move(office), model::PutThing{std::move(group)});
  model::BuildOptions options;
  options.revision = now.revision();
  options.zone = now.zone();
  return model::Snapshot::build(std::move(office), std::move(options));
}

api::Refused bad_sound(const std::string& why) {
  return {422,
          "this cannot be played: " + why,
          {{model::Severity::Error, "bad_sound", "", {}, "libsndfile says: " + why}}};
}

}  // namespace

base::Result<facts::PlanStory, api::Refused> Backend::explain(
    const api::ExplainQuestion& question) {
  auto presence = parts_.shard.ask<hunt::Presence>(
      [](call::Engine& engine, base::Now now, call::Actions&) { return engine.presence(now); });
  if (!presence.has_value()) return base::Unexpected{api::Refused{503, api::kNoAnswer, {}}};
  foresight::Question asked;
  asked.number = question.number;
  asked.from = question.from;
  asked.at = question.at.value_or(now());
  asked.seed = question.seed;
  auto office = snapshot();
  if (question.group.has_value()) office = with_group(*office, *question.group, asked.number);
  auto story =
      foresight::explain(*office, supposed(question, *office, *std::move(presence)), asked);
  story.number = question.number;
  return story;
}

std::optional<foresight::People> Backend::people() {
  const auto presence = parts_.shard.ask<hunt::Presence>(
      [](call::Engine& engine, base::Now now, call::Actions&) { return engine.presence(now); });
  if (!presence.has_value()) return {};
  foresight::People people;
  for (const auto& [id, user] : presence->users) people[id] = {user.devices, user.calls};
  return people;
}

std::optional<api::TrunkState> Backend::trunk_state(const std::string& trunk_id) {
  const auto seen = parts_.observer.trunk(trunk_id);
  if (!seen.has_value()) return {};
  return api::TrunkState{seen->up, seen->why, seen->since};
}

api::TrunkProbe Backend::test_trunk(const model::Trunk& trunk) {
  const bool is_free = ++probes_ <= kProbesMax;
  api::TrunkProbe probe{0, 0, "other trunks are being tested; try again in a moment"};
  if (is_free) probe = probe_trunk(trunk.uri, kProbeLimit, parts_.shard.tls());
  --probes_;
  return probe;
}

base::Result<std::vector<store::GroupFigures>, api::Refused> Backend::figures(
    base::WallTime from, base::WallTime until) {
  return answer_of(parts_.readers.lease()->figures(from, until));
}

base::Result<std::vector<store::Revision>, api::Refused> Backend::revisions(
    const store::RevisionFilter& filter) {
  return answer_of(parts_.readers.lease()->revisions(filter));
}

base::Result<std::vector<store::AuditEntry>, api::Refused> Backend::revision(
    std::int64_t revision) {
  return answer_of(parts_.readers.lease()->revision_entries(revision));
}

base::Result<std::vector<store::Thing>, api::Refused> Backend::things_at(std::int64_t revision) {
  return answer_of(parts_.readers.lease()->things_at(revision));
}

std::optional<std::string> Backend::recording(const std::string& name) {
  if (!media::is_safe_name(name)) return {};
  return config::read_file(parts_.media_folder + "/" + name);
}

std::optional<std::string> Backend::sound(const std::string& file) {
  if (!media::is_safe_name(file)) return {};
  return config::read_file(parts_.data_folder + "/" + file);
}

// First beside its place, so that nobody hears half a file; then looked at; then moved.
base::Result<std::string, api::Refused> Backend::keep_sound(const std::string& id,
                                                            std::string_view bytes) {
  if (bytes.empty()) return base::Unexpected{bad_sound("the file is empty")};
  const std::string name =
      "sounds/" + model::slug(id) + "-" + store::token_hash(bytes).substr(0, 12) + ".wav";
  const std::string path = parts_.data_folder + "/" + name;
  if (!media::is_safe_name(name))
    return base::Unexpected{api::Refused{422, "the id of this sound makes no file name", {}}};
  const std::string beside = path + ".new";
  if (!write_file(beside, bytes)) return base::Unexpected{no_room()};
  std::error_code error;
  const auto length = media::check_sound(beside);
  if (!length || *length > kSoundMax) {
    std::filesystem::remove(beside, error);
    return base::Unexpected{bad_sound(length ? "it is longer than 30 minutes" : length.error())};
  }
  std::filesystem::rename(beside, path, error);
  if (error) return base::Unexpected{api::Refused{503, "the file cannot be kept now", {}}};
  return name;
}

namespace {

api::Refused not_installed(const std::string& program) {
  const std::string told = "\"" + program + "\" is not installed on the server";
  return {409, told, {{model::Severity::Error, "not_installed", {}, {}, told}}};
}

}  // namespace

base::Result<std::string, api::Refused> Backend::speak(std::string_view text,
                                                       std::string_view language) {
  const bool is_free = ++speakers_ == 1;
  auto sound =
      is_free ? app::speak(parts_.data_folder + "/speech", text, language)
              : base::Result<std::string, SpeechTrouble>{base::Unexpected{SpeechTrouble::Slow}};
  --speakers_;
  if (sound.has_value()) return *std::move(sound);
  switch (sound.error()) {
    case SpeechTrouble::NotInstalled:
      return base::Unexpected{not_installed("espeak-ng")};
    case SpeechTrouble::Slow:
      return base::Unexpected{api::Refused{503, "another text is spoken now; try again", {}}};
    case SpeechTrouble::Failed:
      break;
  }
  return base::Unexpected{api::Refused{503, "the text could not be spoken now", {}}};
}

std::optional<std::string> Backend::phone_pattern(const std::string& phone) {
  return config::read_file(parts_.data_folder + "/templates/provision-" + phone + ".txt");
}

std::optional<std::string> Backend::calendar(const std::string& file) {
  if (!media::is_safe_name(file)) return {};
  return config::read_file(parts_.data_folder + "/" + file);
}

// It is read when the edit that names it is made.
base::Result<std::string, api::Refused> Backend::keep_calendar(const std::string& id,
                                                               std::string_view bytes) {
  const std::string name =
      "calendars/" + model::slug(id) + "-" + store::token_hash(bytes).substr(0, 12) + ".ics";
  if (!media::is_safe_name(name))
    return base::Unexpected{api::Refused{422, "the id of this schedule makes no file name", {}}};
  if (!write_file(parts_.data_folder + "/" + name, bytes)) return base::Unexpected{no_room()};
  return name;
}

api::SystemState Backend::system() {
  api::SystemState state;
  state.started = started_;
  const Phase phase = phase_;
  state.phase = phase == Phase::Starting  ? "starting"
                : phase == Phase::Serving ? "serving"
                                          : "draining";
  state.store = parts_.store.figures();
  const auto counters = parts_.shard.ask<call::Counters>(
      [](call::Engine& engine, base::Now, call::Actions&) { return engine.counters(); });
  api::ShardState& shard = state.shards.emplace_back();
  shard.answers = counters.has_value();
  shard.lag_ms = parts_.shard.loop_counters().lag_ms;
  if (counters.has_value()) {
    shard.calls = counters->calls_active;
    shard.registrations = counters->bindings;
    shard.transactions = counters->transactions;
  }
  for (const base::Flow& flow : parts_.shard.listeners())
    state.listeners.push_back(std::string{base::name_of(flow.transport)} + "://" +
                              flow.local.to_string());
  struct statvfs disk{};
  if (::statvfs(parts_.data_folder.c_str(), &disk) == 0) {
    state.disk_free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    state.disk_size_bytes = std::uint64_t{disk.f_blocks} * disk.f_frsize;
  }
  state.event_streams = parts_.observer.feed().subscribers();
  state.events_dropped = parts_.observer.figures().dropped;
  {
    const std::scoped_lock lock{certificate_mutex_};
    const Certificate& certificate = parts_.certificate;
    state.self_signed = certificate.self_signed;
    state.certificate_subject = certificate.subject;
    if (!certificate.certificate_file.empty()) state.certificate_expires = certificate.expires;
  }
  return state;
}

void Backend::note(std::string_view event, const std::string& login, const std::string& source) {
  obs::Line line;
  // Names of events are literals.
  constexpr std::array kEvents{"login.failed", "login.accepted", "provision.refused",
                               "provision.given"};
  const auto known = std::ranges::find(kEvents, event);
  line.event = known == kEvents.end() ? "login.accepted" : *known;
  const bool refused = event == "login.failed" || event == "provision.refused";
  line.level = refused ? obs::Level::Warn : obs::Level::Info;
  line.fields = {{"user", base::Pii{login}}, {"src", source}};
  parts_.observer.log(line, now());
}

}  // namespace app
