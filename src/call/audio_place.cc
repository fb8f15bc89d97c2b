#include "call/detail/audio_place.h"

#include <algorithm>

#include "base/address.h"
#include "call/detail/callee_leg.h"
#include "sdp/session.h"
#include "sip/uri.h"

namespace call {

AudioPlace audio_place(const sdp::Session& session, const base::Flow& flow) {
  AudioPlace place{.ip = flow.peer.ip};
  const auto audio = std::find_if(session.media.begin(), session.media.end(),
                                  [](const sdp::Media& media) { return media.kind == "audio"; });
  if (audio == session.media.end()) return place;
  const auto ip = base::IpAddress::parse(audio->address);
  if (!ip.has_value() || ip->is_unspecified()) return place;
  place.is_behind_nat = base::is_behind_nat(*ip, flow.peer.ip);
  if (!place.is_behind_nat) place.ip = *ip;  // media may come from another machine than signalling
  return place;
}

bool meet_only_here(const AudioPlace& caller, const Candidate& callee) {
  if (caller.is_behind_nat) return true;
  const base::IpAddress& there = callee.flow.peer.ip;
  if (caller.ip.is_v6 != there.is_v6 || caller.ip.is_private() != there.is_private()) return true;
  const auto contact = sip::Uri::parse(callee.uri);
  if (!contact.has_value()) return false;
  const auto ip = base::IpAddress::parse(contact->host);
  return ip.has_value() && base::is_behind_nat(*ip, there);
}

}  // namespace call
