#include "sim/scene.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"

namespace sim {
namespace {

std::int64_t since(base::Instant from, std::optional<base::Instant> moment) {
  if (!moment.has_value()) return -1;
  return (*moment - from).count() / 10 * 10;
}

}  // namespace

model::Group group_of(model::Strategy strategy, const std::vector<model::Member>& members) {
  model::Group group;
  group.name = "Sales";
  group.extensions = {"600"};
  group.strategy = strategy;
  group.members = members;
  return group;
}

call::Settings with_media(bool always) {
  call::Settings settings;
  settings.media.available = true;
  settings.media.first_port = 30'000;
  settings.media.last_port = 30'999;
  if (always) settings.media.anchor = call::MediaSettings::When::Always;
  return settings;
}

model::Office office_with_mailboxes() {
  model::Office made = office_of_users(4);
  for (model::User& user : made.users) user.mailbox.present = true;
  model::Group group = group_of(model::Strategy::RingAll, {member("101"), member("102")});
  group.timeout = s(10);
  made.groups.push_back(group);
  return made;
}

Scene::Scene(model::Office office, call::Settings settings)
    : world(std::move(office), 11, std::move(settings)) {
  for (const model::User& user : world.office().users) {
    if (user.devices.empty()) phones_[user.sip_username] = &world.add_phone(user.sip_username);
    for (const model::Device& device : user.devices)
      phones_[device.username] = &world.add_phone(device.username);
  }
  caller_ = phones_.at(world.office().users.back().sip_username);
  world.register_all();
  dialled_ = world.scheduler().now();
}

void Scene::dial(const std::string& number, const std::vector<std::string>& extra) {
  dialled_ = world.scheduler().now();
  (void)caller_->call(number, extra);
}

void Scene::run_until(base::Duration at) {
  world.run_for(dialled_ + at - world.scheduler().now());
}

std::string Scene::finish() {
  for (const auto& phone : world.phones())
    for (std::size_t i = 0; i < phone->calls().size(); ++i) {
      if (!phone->calls()[i].outgoing) continue;
      phone->cancel(i);
      phone->hang_up(i);
    }
  const bool rests = world.run_to_rest();
  return world.verdict() + (rests ? "" : "does not come to rest\n");
}

std::int64_t Scene::rang_at(const std::string& username, std::size_t nth) {
  const auto& calls = phone(username).calls();
  return nth < calls.size() ? since(dialled_, calls[nth].arrived) : -1;
}

std::int64_t Scene::stopped_at(const std::string& username, std::size_t nth) {
  const auto& calls = phone(username).calls();
  return nth < calls.size() ? since(dialled_, calls[nth].ended) : -1;
}

std::vector<std::string> Scene::reasons(const std::string& username, std::size_t nth) {
  const auto& calls = phone(username).calls();
  return nth < calls.size() ? calls[nth].reasons : std::vector<std::string>{"no such call"};
}

int Scene::final_code() {
  return caller_->calls().back().final_code;
}

std::uint16_t Scene::port_of(const std::string& username, std::size_t nth) {
  const auto& calls = phone(username).calls();
  return nth < calls.size() ? calls[nth].sound_port() : std::uint16_t{0};
}

std::string Scene::voice_of(const std::string& username, std::size_t nth) {
  return "port " + std::to_string(port_of(username, nth));
}

bool Scene::press(const std::string& username, char key, std::size_t nth) {
  return world.sound().press(port_of(username, nth), key);
}

std::string Scene::hears(const std::string& username, std::size_t nth) {
  return world.sound().hears(port_of(username, nth));
}

std::vector<std::string> Scene::played(const std::string& username, std::size_t nth) {
  return world.sound().played(port_of(username, nth));
}

const facts::CallRecord& Scene::record() {
  ASSERT(!world.records().empty());
  return world.records().back();
}

const std::vector<std::string>& completed_elsewhere() {
  static const std::vector<std::string> kLines{"SIP;cause=200;text=\"Call completed elsewhere\"",
                                               "Q.850;cause=26"};
  return kLines;
}

const std::vector<std::string>& caller_gave_up() {
  static const std::vector<std::string> kLines{"Q.850;cause=16"};
  return kLines;
}

const std::vector<std::string>& timed_out() {
  static const std::vector<std::string> kLines{"Q.850;cause=19"};
  return kLines;
}

}  // namespace sim
