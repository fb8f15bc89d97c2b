// What the API asks of those who guard and of those who watch: bans, messages, the log.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "api/no_answer.h"
#include "app/backend.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "call/engine.h"
#include "obs/log_ring.h"
#include "obs/observer.h"
#include "obs/sip_redact.h"
#include "obs/sip_ring.h"

namespace app {

std::vector<obs::SipCopy> Backend::messages_of(const std::string& sip_call_id) {
  std::vector<obs::SipCopy> out = parts_.shard.messages().of_call(sip_call_id, now());
  for (obs::SipCopy& one : out) obs::redact(one.bytes, parts_.pii);
  return out;
}

std::vector<obs::KeptLine> Backend::log_lines(const obs::LogQuestion& question) {
  return parts_.observer.log_ring().find(question);
}

std::optional<std::vector<api::BannedSource>> Backend::bans() {
  auto bans = parts_.shard.ask<std::vector<call::LiveBan>>(
      [](call::Engine& engine, base::Now, call::Actions&) { return engine.bans(); });
  if (!bans.has_value()) return {};
  std::vector<api::BannedSource> out;
  for (call::LiveBan& ban : *bans)
    out.push_back({ban.source.substr(0, ban.source.find('/')), ban.source, std::move(ban.reason),
                   ban.since, ban.until, ban.dropped});
  return out;
}

base::Result<bool, api::Refused> Backend::lift_ban(const base::IpAddress& address,
                                                   const std::string& who) {
  const auto done = parts_.shard.ask<bool>(
      [address, who](call::Engine& engine, base::Now now, call::Actions& out) {
        return engine.lift_ban(address, who, now, out);
      });
  if (!done.has_value()) return base::Unexpected{api::Refused{503, api::kNoAnswer, {}}};
  return *done;
}

}  // namespace app
