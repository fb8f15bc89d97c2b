// An attempt of the hunt becomes INVITEs: contacts of a user, trunks one after another, a SIP URI,
// and what a followed 302 adds (docs/hunting.md rules 10, 13 and 14).

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

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/detail/trunk_agent.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "hunt/plan.h"
#include "hunt/verdict.h"
#include "model/office.h"
#include "model/phone_kinds.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "sdp/session.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/uri.h"

namespace call {
namespace {

// By which a phone is known again when it registers anew: +sip.instance, else user and host of its
// Contact (rule 10).
std::string device_key(const Candidate& candidate) {
  if (!candidate.instance.empty()) return candidate.instance;
  const auto uri = sip::Uri::parse(candidate.uri);
  if (!uri.has_value()) return candidate.uri;
  std::string key(uri->user);
  key += '@';
  key += uri->host;
  return key;
}

std::uint32_t q_milli(const sip::NameAddr& contact) {
  const std::string_view text = contact.param("q").value_or("1");
  if (text.empty() || text.front() == '1') return 1000;
  std::uint32_t value = 0;
  std::uint32_t scale = 100;
  for (std::size_t i = 2; i < text.size() && scale > 0; ++i, scale /= 10) {
    if (text[i] < '0' || text[i] > '9') break;
    value += static_cast<std::uint32_t>(text[i] - '0') * scale;
  }
  return value;
}

// The URI of a registered contact, without its header parameters.
std::string contact_uri(const std::string& contact) {
  const auto address = sip::NameAddr::parse(contact);
  return sip::as_request_uri(address.has_value() ? address->uri : std::string_view(contact));
}

// As the administrator says; else as it calls itself.
model::PhoneKind phone_kind_of(const model::User* user, const facts::Binding& binding) {
  if (user != nullptr) {
    for (const model::Device& device : user->devices) {
      if (device.username != binding.username) continue;
      if (const auto kind = model::phone_kind_from(device.phone)) return *kind;
    }
  }
  return model::phone_kind_of_agent(binding.user_agent);
}

}  // namespace

void Call::dial(HuntRun& run, hunt::Dial dial) {
  auto made = std::make_unique<LiveAttempt>();
  made->run = &run;
  made->id = dial.attempt;
  made->dial = std::move(dial);
  LiveAttempt& attempt = *made;
  attempts_.push_back(std::move(made));
  const hunt::Target& target = attempt.dial.target;
  Devices devices;
  switch (target.kind) {
    case hunt::TargetKind::User:
      devices = phones_of(target.id);
      core_.note_called(target.id, identity_.anonymous ? std::string() : identity_.number,
                        identity_.anonymous || identity_.number.empty());
      break;
    case hunt::TargetKind::Number: {
      const auto* out = std::get_if<model::DialOut>(&run.step);
      std::vector<Candidate> trunks = out == nullptr
                                          ? trunks_of(target.id, {}, target.diverted_by)
                                          : trunks_of(target.id, out->trunk_ids, out->on_behalf_of);
      if (trunks.empty()) break;
      devices.push_back({std::move(trunks.front())});
      trunks.erase(trunks.begin());
      attempt.later = std::move(trunks);
      break;
    }
    case hunt::TargetKind::Uri:
      devices.push_back(uri_of(target.id));
      break;
    case hunt::TargetKind::Group:
      break;  // the hunt runs nested groups itself
  }
  if (!target.diverted_by.empty()) {
    for (auto& device : devices) {
      for (auto& candidate : device) candidate.diverted_by = extension_of(target.diverted_by);
    }
  }
  fork(attempt, std::move(devices));
  if (attempt.legs_open == 0 && !attempt.closed) close_attempt(attempt, 0);
}

void Call::fork(LiveAttempt& attempt, Devices devices) {
  for (auto& device : devices) {
    if (device.empty()) continue;
    attempt.devices.push_back(device_key(device.front()));
    Candidate first = std::move(device.front());
    device.erase(device.begin());
    start_leg(attempt, std::move(first), std::move(device));
  }
}

// A device of the user that was not there when the ring began (rule 10).
void Call::add_devices(LiveAttempt& attempt) {
  if (attempt.closed || attempt.stop.has_value()) return;
  if (attempt.dial.target.kind != hunt::TargetKind::User) return;
  Devices fresh;
  for (auto& device : phones_of(attempt.dial.target.id)) {
    const std::string key = device_key(device.front());
    const bool known =
        std::find(attempt.devices.begin(), attempt.devices.end(), key) != attempt.devices.end();
    if (!known) fresh.push_back(std::move(device));
  }
  fork(attempt, std::move(fresh));
}

Call::Devices Call::phones_of(const std::string& user_id) {
  Devices out;
  const model::User* user = snapshot_->user_by_id(user_id);
  for (const auto& device : core_.devices_of(user_id)) {
    std::vector<Candidate> candidates;
    for (const facts::Binding& binding : device) {
      if (core_.is_avoided(user_id, binding.contact)) continue;
      Candidate candidate;
      candidate.kind = Candidate::Kind::Contact;
      candidate.uri = contact_uri(binding.contact);
      candidate.routes = binding.path;
      candidate.flow = binding.flow;
      candidate.instance = binding.instance;
      candidate.binding = binding.contact;
      candidate.user_id = user_id;
      candidate.phone = phone_kind_of(user, binding);
      candidates.push_back(std::move(candidate));
    }
    if (!candidates.empty()) out.push_back(std::move(candidates));
  }
  return out;
}

std::vector<Candidate> Call::trunks_of(const std::string& number,
                                       const std::vector<std::string>& trunk_ids,
                                       const std::string& by) {
  std::vector<Candidate> out;
  if (const auto why = core_.why_not_out(by); !why.empty() && !query_.emergency) {
    core_.tell(facts::CallTroubled{record_.id, std::string(why)});
    return out;
  }
  const auto add = [&](const model::Trunk& trunk) {
    TrunkAgent* agent = core_.trunk(trunk.id);
    if (agent == nullptr) return;
    const bool free = agent->usable() && core_.calls_on(trunk.id) < trunk.channels;
    if (!free && !query_.emergency) return;  // an emergency call is tried anyway (T24)
    const auto uri = sip::Uri::parse(trunk.uri);
    if (!uri.has_value()) return;
    const std::vector<base::Flow>* const known = agent->ways(core_);
    const auto way = core_.way_to(trunk.uri);
    if (known == nullptr && (!way.has_value() || !way->look_up.has_value())) return;
    Candidate candidate;
    candidate.kind = Candidate::Kind::Trunk;
    candidate.uri = uri->scheme == sip::Scheme::Sips ? "sips:" : "sip:";
    candidate.uri += sip::escaped_user(number) + "@" + std::string(uri->host);
    if (uri->port != 0) candidate.uri += ":" + std::to_string(uri->port);
    candidate.uri += uri->params;
    if (known == nullptr) {
      candidate.look_up = way->look_up;
    } else {
      candidate.flow = known->front();
      candidate.further.assign(known->begin() + 1, known->end());
    }
    candidate.trunk_id = trunk.id;
    candidate.dialled_by = by;
    out.push_back(std::move(candidate));
  };
  if (trunk_ids.empty()) {
    for (const auto& trunk : snapshot_->office().trunks) add(trunk);
  }
  for (const auto& id : trunk_ids) {
    if (const model::Trunk* trunk = snapshot_->trunk_by_id(id)) add(*trunk);
  }
  return out;
}

std::vector<Candidate> Call::uri_of(const std::string& uri) {
  const auto way = core_.way_to(uri);
  if (!way.has_value()) return {};
  Candidate candidate;
  candidate.kind = Candidate::Kind::Uri;
  candidate.uri = uri;
  candidate.flow = way->flow;
  candidate.look_up = way->look_up;
  return {candidate};
}

void Call::start_leg(LiveAttempt& attempt, Candidate candidate, std::vector<Candidate> alternates) {
  if (branches_ >= core_.settings().limits.branches) return;
  ++branches_;
  if (!candidate.dialled_by.empty()) core_.note_dialled_out(candidate.dialled_by);
  auto made = std::make_unique<CalleeLeg>(attempt);
  CalleeLeg& leg = *made;
  legs_.push_back(std::move(made));
  leg.to = std::move(candidate);
  leg.alternates = std::move(alternates);
  leg.target_name = attempt.dial.target.name;
  Side& side = leg.side;
  side.call = this;
  side.leg = &leg;
  side.id = core_.sides().add(side, core_.rng());
  side.tag = core_.names().tag(side.id);
  side.dialog.call_id = core_.names().plain({side.id.slot, core_.rng().next()});
  side.dialog.local_tag = side.tag;
  side.origin = sdp::OriginKeeper(core_.rng().next() >> 2U);
  side.sips = leg.to.uri.starts_with("sips:");
  ++attempt.legs_open;
  if (core_.settings().tells_legs)
    core_.out().emplace_back(LegBegan{side.dialog.call_id, record_.sip_call_id});
  if (facts::Attempt* entry = entry_of(*attempt.run, attempt.id)) {
    leg.place = attempt.run->first_attempt + static_cast<std::size_t>(attempt.id);
    leg.contact_index = entry->contacts.size();
    entry->contacts.push_back(
        {leg.to.binding.empty() ? leg.to.uri : contact_uri(leg.to.binding), 0, std::nullopt});
  }
  spread_ways(leg);
  if (leg.to.look_up.has_value()) {
    leg.resolving = core_.look_up(*leg.to.look_up, id_);
  } else {
    send_invite(leg);
  }
}

void Call::next_candidate(LiveAttempt& attempt) {
  Candidate next = std::move(attempt.later.front());
  attempt.later.erase(attempt.later.begin());
  start_leg(attempt, std::move(next), {});
  if (attempt.legs_open == 0 && !attempt.closed) close_attempt(attempt, 0);
}

void Call::close_attempt(LiveAttempt& attempt, std::uint16_t code) {
  if (attempt.closed) return;
  attempt.closed = true;
  const hunt::Failure failure =
      attempt.statuses.empty() ? hunt::failure_of(code) : hunt::worst_of(attempt.statuses);
  std::uint16_t telling = code;
  for (const std::uint16_t status : attempt.statuses) {
    if (hunt::failure_of(status) == failure) telling = status;
  }
  feed(*attempt.run, hunt::AttemptFailed{attempt.id, failure, telling});
  if (!runs_.empty() && attempt.run != runs_.back().get()) {
    feed(*runs_.back(), hunt::DeviceClosed{hunt::key_of(attempt.dial.target)});
  }
}

void Call::stop_attempt(LiveAttempt& attempt, StopReason reason) {
  if (!attempt.stop.has_value()) attempt.stop = reason;
  attempt.later.clear();
  for (std::size_t i = 0; i < legs_.size(); ++i) {
    if (legs_[i]->attempt == &attempt) stop_leg(*legs_[i], reason);
  }
}

// ---- 302 (rule 14) ----

void Call::follow_redirect(CalleeLeg& leg, const sip::Message& response) {
  LiveAttempt& attempt = *leg.attempt;
  const std::uint16_t code = response.code();
  std::vector<Candidate> targets;
  if (attempt.dial.follow_forwards && code >= 300 && code <= 302) {
    targets = redirect_targets(leg, response);
  }
  if (targets.empty()) {
    leg_failed(leg, code);
    return;
  }
  for (auto& target : targets) {
    if (attempt.redirects >= core_.settings().limits.redirects) break;
    ++attempt.redirects;
    attempt.later.push_back(std::move(target));
  }
  // One after another within the ring's time; other phones of the user ring on beside it.
  const bool others = attempt.legs_open > 1;
  if (others && !attempt.later.empty()) next_candidate(attempt);
  leg_over(leg, code);
}

std::vector<Candidate> Call::redirect_targets(const CalleeLeg& leg, const sip::Message& response) {
  std::vector<std::pair<std::uint32_t, std::string>> contacts;
  response.for_each_value(sip::Header::Contact, [&](std::string_view value) {
    const auto contact = sip::NameAddr::parse(value);
    if (!contact.has_value() || contact->star) return;
    contacts.emplace_back(q_milli(*contact), std::string(contact->uri));
  });
  std::stable_sort(contacts.begin(), contacts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  // With the rights of who diverts, never the caller's (T5).
  const model::User* diverter = snapshot_->user_by_id(leg.to.user_id);
  if (diverter == nullptr) return {};
  std::vector<Candidate> out;
  for (const auto& [q, text] : contacts) {
    const auto uri = sip::Uri::parse(text);
    if (!uri.has_value() || uri->scheme == sip::Scheme::Other) continue;
    std::vector<Candidate> found;
    if (uri->scheme == sip::Scheme::Tel || core_.is_ours(uri->host, leg.side.flow)) {
      model::Query query;
      query.dialled = sip::unescaped(uri->user);
      query.caller = model::CallerKind::User;
      query.user_id = diverter->id;
      query.number = diverter->extension;
      query.at = core_.now().wall;
      query.visited = query_.visited;
      const model::Route route = model::route(*snapshot_, query);
      if (const auto* user = std::get_if<model::RingUser>(&route.step)) {
        for (auto& device : phones_of(user->user_id)) found.push_back(std::move(device.front()));
      } else if (const auto* number = std::get_if<model::DialOut>(&route.step)) {
        found = trunks_of(number->number, number->trunk_ids, diverter->id);
      }
    } else if (model::may_dial(diverter->permissions, text)) {
      found = uri_of(text);
    }
    for (auto& candidate : found) {
      candidate.diverted_by = diverter->extension;
      out.push_back(std::move(candidate));
    }
  }
  return out;
}

}  // namespace call
