#include "app/configuration.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "app/calendars.h"
#include "app/passwords.h"
#include "app/zone.h"
#include "base/result.h"
#include "base/time.h"
#include "config/json.h"
#include "config/office_file.h"
#include "facts/fact.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/state_change.h"
#include "model/thing.h"
#include "model/validate.h"
#include "net/clock.h"
#include "store/reader.h"
#include "store/secrets.h"
#include "store/store.h"
#include "store/things.h"

namespace app {
namespace {

constexpr const char* kSettingsKind = "office";
constexpr const char* kSettingsId = "settings";

bool is_conflict(const model::Finding& finding) {
  return finding.code == "number_used_twice" || finding.code == "name_used_twice";
}

// 409 when the only errors are names or numbers in use, else 422.
api::Refused refusal_of(model::Findings findings) {
  bool conflict = true;
  for (const model::Finding& finding : findings)
    if (finding.severity == model::Severity::Error) conflict = conflict && is_conflict(finding);
  return {static_cast<std::uint16_t>(conflict ? 409 : 422),
          conflict ? "a number or name is in use already"
                   : "the change would make a configuration that cannot work; nothing was changed",
          std::move(findings)};
}

api::Refused refusal_of(store::Refusal refusal) {
  switch (refusal) {
    case store::Refusal::Stale:
      return {412, "it was changed meanwhile; read it again, then repeat the change", {}};
    case store::Refusal::Exists:
      return {409, "it exists already", {}};
    case store::Refusal::NotFound:
      return {404, "it does not exist any more", {}};
    case store::Refusal::Unavailable:
      return {503, "the database does not take changes now; nothing was changed, calls go on", {}};
  }
  return {500, "unknown", {}};
}

// Whether what the edit was made from is what is there now. REQUIRES: no edit runs beside.
std::optional<api::Refused> refusal_of(const api::EditOrder& order, const model::Snapshot& now) {
  if (!order.expected.has_value()) return {};
  const std::int64_t expected = *order.expected;
  const auto check = [&](model::Kind kind, const std::string& id) -> std::optional<api::Refused> {
    const auto thing = model::find_thing(now.office(), kind, id);
    if (!thing.has_value())
      return expected == 0 ? std::optional<api::Refused>{} : refusal_of(store::Refusal::NotFound);
    if (expected == 0) return refusal_of(store::Refusal::Exists);
    if (model::revision_of(*thing) != expected) return refusal_of(store::Refusal::Stale);
    return {};
  };
  if (const auto* put = std::get_if<model::PutThing>(&order.edit))
    return check(model::kind_of(put->thing), model::id_of(put->thing));
  if (const auto* removal = std::get_if<model::RemoveThing>(&order.edit))
    return check(removal->kind, removal->id);
  if (expected != now.revision()) return refusal_of(store::Refusal::Stale);
  return {};
}

// The thing that an edit puts or removes; nothing when it replaces the office.
std::optional<std::pair<model::Kind, std::string>> thing_of(const model::Edit& edit) {
  if (const auto* put = std::get_if<model::PutThing>(&edit))
    return std::pair{model::kind_of(put->thing), model::id_of(put->thing)};
  if (const auto* removal = std::get_if<model::RemoveThing>(&edit))
    return std::pair{removal->kind, removal->id};
  return {};
}

// 64 bits over the file, as text: only to see whether it is the one that was applied last.
std::string fingerprint(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return std::to_string(hash) + "-" + std::to_string(text.size());
}

// Kinds whose things do not simply stay in their order with new ones behind them: these get places
// of their own, all others keep those that the store gave them.
std::set<std::string> reordered(const model::Office& before, const model::Office& after) {
  std::map<std::string, std::vector<std::string>> old;
  for (const model::Thing& thing : model::things_of(before))
    old[std::string{model::key_of(model::kind_of(thing))}].push_back(model::id_of(thing));
  std::map<std::string, std::vector<std::string>> fresh;
  for (const model::Thing& thing : model::things_of(after))
    fresh[std::string{model::key_of(model::kind_of(thing))}].push_back(model::id_of(thing));
  std::set<std::string> moved;
  for (const auto& [kind, ids] : fresh) {
    const std::set<std::string> left(ids.begin(), ids.end());
    std::size_t at = 0;
    for (const std::string& id : old[kind]) {
      if (!left.contains(id)) continue;
      if (ids[at++] != id) moved.insert(kind);
    }
  }
  return moved;
}

// Things by kind and id, to see what an edit changes.
using Old = std::map<std::pair<std::string, std::string>, const model::Thing*>;

}  // namespace

std::string unreadable(const store::ReadError& error) {
  return error.text + "; end what holds it or put back a backup of it, then start again";
}

Configuration::Configuration(store::Store& store, const store::Secrets& secrets,
                             Installed installed, std::string data_folder)
    : store_(store),
      secrets_(secrets),
      installed_(std::move(installed)),
      data_folder_(std::move(data_folder)) {}

std::optional<std::string> Configuration::open_secret(std::string_view sealed) const {
  return secrets_.decrypt(sealed);
}

std::string Configuration::seal_secret(std::string_view plain) const {
  return secrets_.encrypt(plain);
}

std::shared_ptr<const model::Snapshot> Configuration::snapshot() const {
  const std::scoped_lock lock{reading_};
  return snapshot_;
}

base::Result<std::shared_ptr<const model::Snapshot>, std::string> Configuration::build(
    model::Office office, std::int64_t revision) const {
  model::BuildOptions options;
  options.revision = revision;
  auto zone = load_zone(office.timezone);
  if (!zone) return base::Unexpected{zone.error()};
  options.zone = *std::move(zone);
  // One that cannot be read has nothing in it: an edit that brings it was refused.
  (void)read_calendars(office, options.zone, data_folder_, net::read_clocks().wall);
  return model::Snapshot::build(std::move(office), std::move(options));
}

model::Findings Configuration::calendar_troubles() const {
  const auto now = snapshot();
  model::Office office = now->office();
  return read_calendars(office, now->zone(), data_folder_, net::read_clocks().wall);
}

base::Status<std::string> Configuration::load(store::Reader& reader) {
  const model::DecodeOptions options{[this](std::string_view s) { return open_secret(s); }};
  model::Office office;
  std::vector<model::Thing> things;
  const auto stored_things = reader.things();
  if (!stored_things) return base::Unexpected{unreadable(stored_things.error())};
  const auto revision = reader.revision();
  if (!revision) return base::Unexpected{unreadable(revision.error())};
  for (const store::Thing& stored : *stored_things) {
    const std::string name = "stored " + stored.kind + " " + stored.id;
    const auto body = config::read_json(stored.body);
    if (!body) return base::Unexpected{name + " is damaged: " + body.error().message};
    if (stored.kind == kSettingsKind) {
      auto decoded = model::decode_office(*body, options);
      if (!decoded.ok()) return base::Unexpected{name + ": " + decoded.findings.front().message};
      office = std::move(decoded.value);
      continue;
    }
    const auto kind = model::kind_from_key(stored.kind);
    if (!kind.has_value()) return base::Unexpected{name + " is of an unknown kind"};
    auto decoded = model::decode_thing(*kind, *body, options);
    if (!decoded.ok()) return base::Unexpected{name + ": " + decoded.findings.front().message};
    model::set_identity(decoded.value, stored.id, stored.revision);
    things.push_back(std::move(decoded.value));
  }
  for (model::Thing& thing : things)
    office = model::apply(std::move(office), model::PutThing{std::move(thing)});
  auto built = build(std::move(office), *revision);
  if (!built) return base::Unexpected{built.error()};
  const std::scoped_lock lock{reading_};
  snapshot_ = *std::move(built);
  return base::Ok{};
}

bool Configuration::apply_file(const std::string& name, const std::string& text,
                               store::Reader& reader, base::WallTime now, std::string& report) {
  const model::DecodeOptions options{[this](std::string_view s) { return open_secret(s); }};
  config::OfficeFile file = config::read_office(text, options, false);
  if (!file.ok()) config::validate_merged(file, snapshot()->office(), false);
  report = config::lines_of(file.findings, name);
  if (!file.ok()) return false;
  const std::string hash = fingerprint(text);
  const auto last = reader.office_hash();
  if (!last) {
    report += unreadable(last.error()) + "\n";
    return false;
  }
  if (*last == hash) return true;
  const std::scoped_lock lock{edits_};
  model::Applied applied =
      model::apply_file(snapshot()->office(), file.office, file.document, false);
  api::EditOrder order;
  order.edit = model::ReplaceOffice{std::move(applied.office)};
  order.who = "local";
  order.what = {"office file", "", name, "applied"};
  auto edited = commit(order, now, hash);
  if (edited) return true;
  config::locate_in_file(edited.error().findings, std::get<model::ReplaceOffice>(order.edit).office,
                         file);
  report += config::lines_of(edited.error().findings, name);
  if (edited.error().findings.empty()) report += name + ": " + edited.error().detail + "\n";
  return false;
}

base::Result<api::Edited, api::Refused> Configuration::edit(const api::EditOrder& order,
                                                            base::WallTime now) {
  const std::scoped_lock lock{edits_};
  return commit(order, now, {});
}

base::Result<api::Edited, api::Refused> Configuration::change(
    const std::vector<model::StateChange>& changes, const std::string& who, base::WallTime now) {
  const std::scoped_lock lock{edits_};
  const auto current = snapshot();
  auto office = model::changed(*current, changes, now);
  if (!office.has_value() || changes.empty())
    return base::Unexpected{refusal_of(store::Refusal::NotFound)};
  api::EditOrder order;
  const model::StateChange& first = changes.front();
  const auto thing = model::find_thing(*office, model::kind_of(first), model::id_of(first));
  order.edit = model::ReplaceOffice{*std::move(office)};
  order.who = who;
  order.what = {std::string(model::noun_of(model::kind_of(first))), model::id_of(first),
                thing.has_value() ? model::label_of(*thing) : std::string(), "changed"};
  return commit(order, now, {});
}

// REQUIRES: edits_ is held.
base::Result<api::Edited, api::Refused> Configuration::commit(const api::EditOrder& order,
                                                              base::WallTime now,
                                                              std::optional<std::string> hash) {
  const auto current = snapshot();
  if (auto refused = refusal_of(order, *current)) return base::Unexpected{*std::move(refused)};
  model::Office after = model::apply(current->office(), order.edit);
  model::give_ids(after);
  model::Findings findings = model::validate(after);
  if (const auto thing = thing_of(order.edit); thing.has_value())
    model::relate_to(findings, after, thing->first, thing->second);
  if (model::has_errors(findings)) return base::Unexpected{refusal_of(std::move(findings))};
  model::complete(after);
  hash_passwords(after, current->office());
  const auto zone = load_zone(after.timezone);
  if (!zone)
    return base::Unexpected{
        api::Refused{422,
                     zone.error(),
                     {{model::Severity::Error, "unknown_word", "/timezone", {}, zone.error()}}}};
  if (model::Findings bad = fresh_calendar_troubles(current->office(), after, *zone);
      model::has_errors(bad)) {
    if (const auto thing = thing_of(order.edit); thing.has_value())
      model::relate_to(bad, after, thing->first, thing->second);
    return base::Unexpected{refusal_of(std::move(bad))};
  }
  api::Edited edited;
  edited.changes = model::changes_between(current->office(), after);
  edited.warnings = std::move(findings);
  edited.revision = current->revision();
  if (order.dry_run) return edited;
  store::Edit change = store_edit(current->office(), after, order);
  change.when = now;
  change.base_revision = current->revision();
  change.office_hash = std::move(hash);
  if (change.changes.empty() && !change.office_hash.has_value()) return edited;
  auto committed = store_.commit_and_wait(std::move(change));
  if (!committed) return base::Unexpected{refusal_of(committed.error())};
  edited.revision = committed->revision;
  // What changed carries the new revision: it is its ETag.
  for (const model::Thing& thing : model::things_of(after)) {
    if (model::revision_of(thing) != -1) continue;
    model::Thing fresh = thing;
    model::set_identity(fresh, model::id_of(thing), edited.revision);
    after = model::apply(std::move(after), model::PutThing{std::move(fresh)});
  }
  auto built = build(std::move(after), edited.revision);
  if (!built) return base::Unexpected{api::Refused{500, built.error(), {}}};
  {
    const std::scoped_lock lock{reading_};
    snapshot_ = *built;
  }
  installed_(*std::move(built), order.who, order.what);
  return edited;
}

// Of calendars that this edit brings; those that were there already keep nobody from an edit.
model::Findings Configuration::fresh_calendar_troubles(const model::Office& before,
                                                       model::Office& after,
                                                       const model::Zone& zone) const {
  model::Office fresh;
  for (const model::Schedule& schedule : after.schedules) {
    fresh.schedules.push_back(schedule);
    for (const model::Schedule& old : before.schedules)
      if (old.id == schedule.id && old.ics == schedule.ics) fresh.schedules.back().ics.clear();
  }
  return read_calendars(fresh, zone, data_folder_, net::read_clocks().wall);
}

// What the store must write. Things that differ get revision -1 in `after`: the new one is not
// known yet.
store::Edit Configuration::store_edit(const model::Office& before, model::Office& after,
                                      const api::EditOrder& order) const {
  model::EncodeOptions plain;
  plain.secrets = model::Secrets::Visible;
  plain.identity = false;
  model::EncodeOptions sealed = plain;
  sealed.secrets = model::Secrets::Marked;
  sealed.seal = [this](std::string_view secret) { return seal_secret(secret); };

  store::Edit edit;
  edit.who = order.who;
  edit.source = order.source;
  edit.what = facts::sentence(order.what);
  const std::vector<model::Thing> held = model::things_of(before);
  Old old;
  for (const model::Thing& thing : held)
    old[{std::string{model::key_of(model::kind_of(thing))}, model::id_of(thing)}] = &thing;
  const std::set<std::string> moved = reordered(before, after);
  std::map<std::string, std::int64_t> places;
  std::vector<model::Thing> changed;
  for (const model::Thing& thing : model::things_of(after)) {
    const std::string kind{model::key_of(model::kind_of(thing))};
    const std::pair key{kind, model::id_of(thing)};
    std::optional<std::int64_t> place;
    if (moved.contains(kind)) place = places[kind]++;
    const auto known = old.find(key);
    // Most are the same to the letter; those that differ may differ in what is not stored.
    const bool same_body =
        known != old.end() && (*known->second == thing ||
                               config::write_json(model::encode_thing(*known->second, plain)) ==
                                   config::write_json(model::encode_thing(thing, plain)));
    if (known != old.end()) old.erase(known);
    if (same_body && !place.has_value()) continue;
    edit.changes.push_back(
        {kind, key.second, config::write_json(model::encode_thing(thing, sealed)), place, {}});
    if (!same_body) changed.push_back(thing);
  }
  for (const auto& [key, gone] : old) edit.changes.push_back({key.first, key.second, {}, {}, {}});
  const std::string settings =
      config::write_json(model::encode_office(model::settings_of(after), sealed));
  if (model::encode_office(model::settings_of(before), plain) !=
      model::encode_office(model::settings_of(after), plain))
    edit.changes.push_back({kSettingsKind, kSettingsId, settings, 0, {}});
  for (model::Thing& thing : changed) {
    model::set_identity(thing, model::id_of(thing), -1);
    after = model::apply(std::move(after), model::PutThing{std::move(thing)});
  }
  return edit;
}

}  // namespace app
