// What an INVITE to a callee says: built anew, nothing is copied from the caller's but what is
// listed here (sip.md 4.1, 4.9, 4.10; reliability.md T10, T11).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/wire_names.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {
namespace {

constexpr std::string_view kAnonymous = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

std::string quoted_addr(std::string_view display, std::string_view uri) {
  std::string out;
  if (!display.empty()) {
    out += sip::quoted(display);
    out += ' ';
  }
  out += '<';
  out += uri;
  out += '>';
  return out;
}

bool is_plain_number(std::string_view number) {
  return !number.empty() && number.find_first_of("*?…") == std::string_view::npos;
}

// Why a call left for the telephone network (RFC 5806): `end` is that of the hunt before, if one
// was.
std::string_view diversion_reason(std::optional<model::EndClass> end) {
  if (!end.has_value()) return "unconditional";
  switch (*end) {
    case model::EndClass::Busy:
    case model::EndClass::Declined:
      return "user-busy";
    case model::EndClass::Unreachable:
      return "unavailable";
    case model::EndClass::NoAnswer:
      break;
  }
  return "no-answer";
}

}  // namespace

std::string Call::name_addr(std::string_view name, std::string_view user) const {
  return quoted_addr(name, "sip:" + sip::escaped_user(user) + "@" + snapshot_->office().tenant);
}

// The number that the telephone network is shown as ours: the group's, the trunk's first, the
// user's.
std::string Call::trunk_number(const CalleeLeg& leg) const {
  const model::Trunk* trunk = snapshot_->trunk_by_id(leg.to.trunk_id);
  std::string own;
  if (trunk != nullptr) {
    for (const auto& number : trunk->numbers) {
      if (own.empty() && is_plain_number(number)) own = number;
    }
    if (own.empty()) own = trunk->username;
  }
  const model::Group* group = leg.attempt == nullptr ? nullptr : group_of(*leg.attempt->run);
  if (group != nullptr && !group->numbers.empty()) own = group->numbers.front();
  return own.empty() ? identity_.number : own;
}

std::string Call::from_of(const CalleeLeg& leg) const {
  const model::Group* group = leg.attempt == nullptr ? nullptr : group_of(*leg.attempt->run);
  if (leg.to.kind == Candidate::Kind::Trunk) {
    const model::Trunk* trunk = snapshot_->trunk_by_id(leg.to.trunk_id);
    const auto uri = sip::Uri::parse(trunk == nullptr ? std::string_view() : trunk->uri);
    std::string number = trunk_number(leg);
    if (group != nullptr && group->caller_id.external == "caller" && !identity_.anonymous &&
        !identity_.number.empty()) {
      number = identity_.number;
    } else if (group != nullptr && group->caller_id.external.starts_with('+')) {
      number = group->caller_id.external;
    }
    const std::string host(uri.has_value() ? uri->host : std::string_view("localhost"));
    return "<sip:" + sip::escaped_user(number) + "@" + host + ">";
  }
  if (identity_.anonymous) return std::string(kAnonymous);
  std::string display = identity_.name.empty() ? identity_.number : identity_.name;
  if (group != nullptr) display = group->caller_id.name_prefix + display;
  return name_addr(display, identity_.number.empty() ? "unknown" : identity_.number);
}

std::string Call::to_of(const CalleeLeg& leg) const {
  if (leg.to.kind == Candidate::Kind::Contact) return name_addr({}, called());
  const std::string uri = leg.to.uri.substr(0, leg.to.uri.find_first_of(";?"));
  return "<" + uri + ">";
}

std::string Call::invite_text(CalleeLeg& leg, const std::string& via) {
  Side& side = leg.side;
  sip::Writer writer;
  writer.request("INVITE", leg.to.uri)
      .header(sip::Header::Via, via)
      .header(sip::Header::MaxForwards, std::uint64_t{caller_.max_forwards - 1});
  for (const auto& route : leg.to.routes) writer.header(sip::Header::Route, route);
  writer.header(sip::Header::From, from_of(leg) + ";tag=" + side.tag)
      .header(sip::Header::To, to_of(leg))
      .header(sip::Header::CallId, side.dialog.call_id)
      .header(sip::Header::Cseq, std::to_string(side.dialog.local_cseq) + " INVITE")
      .header(sip::Header::Contact, core_.contact(side))
      .lines(leg.changes.authorization)
      .lines(kAllowLine);
  if (leg.changes.without_timer && leg.changes.without_100rel) {
    writer.lines("Supported: replaces\r\n");
  } else {
    writer.lines(kSupportedLine).lines(side.timer.offer(leg.changes.min_se));
  }
  if (leg.attempt != nullptr && leg.attempt->dial.latest_end.has_value()) {
    // A phone whose CANCEL was lost stops ringing by itself (RFC 3261 13.3.1).
    const base::Duration left = *leg.attempt->dial.latest_end - core_.now().at;
    const std::int64_t extra = leg.attempt->dial.timer_from_ringing ? 65 : 5;
    const std::int64_t seconds = (left.count() + 999) / 1000 + extra;
    if (seconds > 0) writer.header(sip::Header::Expires, static_cast<std::uint64_t>(seconds));
  }
  std::string marks = caller_.loop_marks;
  if (!marks.empty()) marks += ' ';
  writer.header(kLoopHeader, marks + core_.loop_mark(called()));
  if (leg.to.kind == Candidate::Kind::Contact) add_member_headers(leg, writer);
  if (leg.to.kind == Candidate::Kind::Trunk) add_trunk_headers(leg, writer);
  add_diversion(leg, writer);
  if (side.anchor != nullptr) {
    writer.body(kSdpType, own_offer(side));
  } else if (caller_.late_offer) {
    writer.no_body();
  } else {
    side.local_sdp = side.origin.rewrite(caller_.offer);
    writer.body(kSdpType, side.local_sdp);
  }
  return writer.ok() ? writer.take() : std::string();
}

void Call::add_member_headers(const CalleeLeg& leg, sip::Writer& writer) const {
  const model::Group* group = leg.attempt == nullptr ? nullptr : group_of(*leg.attempt->run);
  if (leg.attempt != nullptr && leg.attempt->dial.auto_answer) {
    writer.lines(auto_answer_lines(leg.to.phone, snapshot_->office().tenant));
  } else if (group != nullptr && !group->ring_melody.empty()) {
    writer.header(sip::Header::AlertInfo, group->ring_melody);
  } else if (!caller_.alert_info.empty()) {
    writer.header(sip::Header::AlertInfo, caller_.alert_info);
  }
  if (!caller_.answer_mode.empty()) writer.header("Answer-Mode", caller_.answer_mode);
  writer.header(sip::Header::PCalledPartyId,
                "<sip:" + sip::escaped_user(called()) + "@" + snapshot_->office().tenant + ">");
  if (transfer_.has_value() && transfer_->recall_of.has_value())
    writer.header(sip::Header::AlertInfo, "<urn:alert:service:recall:transfer>");
  writer.header(sip::Header::XCid, record_.sip_call_id);
}

void Call::add_trunk_headers(const CalleeLeg& leg, sip::Writer& writer) const {
  const model::Trunk* trunk = snapshot_->trunk_by_id(leg.to.trunk_id);
  const auto uri = sip::Uri::parse(trunk == nullptr ? std::string_view() : trunk->uri);
  if (!uri.has_value()) return;
  const std::string own =
      "<sip:" + sip::escaped_user(trunk_number(leg)) + "@" + std::string(uri->host) + ">";
  writer.header(sip::Header::PAssertedIdentity, own);
  if (identity_.anonymous) writer.header(sip::Header::Privacy, "id");
  // A call that came for one of our numbers and goes on to the telephone network: who sent it on
  // is that number, never the caller (defect B7).
  const bool dials_out =
      leg.attempt != nullptr && std::holds_alternative<model::DialOut>(leg.attempt->run->step);
  const bool dialled_out = dials_out && runs_.size() == 1 && !redirected_;
  if (dialled_out || !leg.to.diverted_by.empty()) return;
  const std::string_view reason = dials_out ? diversion_reason(end_class_) : "follow-me";
  writer.header(sip::Header::Diversion, own + ";reason=" + std::string(reason) + ";counter=1");
}

void Call::add_diversion(const CalleeLeg& leg, sip::Writer& writer) const {
  if (leg.to.diverted_by.empty()) return;
  const std::string by =
      "sip:" + sip::escaped_user(leg.to.diverted_by) + "@" + snapshot_->office().tenant;
  writer.header(sip::Header::Diversion, "<" + by + ">;reason=unconditional;counter=1");
  std::string first =
      "<sip:" + sip::escaped_user(record_.dialled) + "@" + snapshot_->office().tenant + ">;index=1";
  writer.header(sip::Header::HistoryInfo, first);
  writer.header(sip::Header::HistoryInfo, "<" + by + "?Reason=SIP%3Bcause%3D302>;index=1.1");
  const std::string to = leg.to.uri.substr(0, leg.to.uri.find_first_of(";?"));
  writer.header(sip::Header::HistoryInfo, "<" + to + ";cause=302>;index=1.1.1");
}

}  // namespace call
