// Provisional answers of a callee leg: its early dialogs, reliable ones and their PRACK (RFC 3262,
// sip.md 4.1 and 4.7).

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/limits.h"
#include "base/result.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "hunt/hunt.h"
#include "sdp/session.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/writer.h"

namespace call {

EarlyDialog* Call::early_of(CalleeLeg& leg, std::string_view tag) {
  for (auto& early : leg.early) {
    if (early.tag == tag) return &early;
  }
  if (leg.early.size() >= core_.settings().limits.early_dialogs) return nullptr;
  leg.early.push_back({std::string(tag), 0, leg.side.out.cseq, false, {}});
  return &leg.early.back();
}

void Call::on_provisional(CalleeLeg& leg, const Incoming& in) {
  const std::uint16_t code = in.message.code();
  if (leg.state == LegState::Trying) leg.state = LegState::Proceeding;
  if (code != 100) start_timer_c(leg);
  if (leg.stop.has_value()) {
    leg.heard = true;
    if (!leg.cancel_sent) send_cancel(leg);
    return;
  }
  heard(leg);
  if (code == 100 || leg.state == LegState::Ended) return;
  note_status(leg, code, false);
  const auto to = sip::to_of(in.message);
  const std::string_view tag = to.has_value() ? to->tag() : std::string_view();
  EarlyDialog* early = early_of(leg, tag);
  if (early != nullptr && in.message.has_token(sip::Header::Require, "100rel")) {
    prack(leg, *early, in);
  }
  const bool has_sdp = !sip::body_of_type(in.message, kSdpType).empty();
  if (code != 180 && (code != 183 || !has_sdp)) return;
  if (early != nullptr) early->ringing = true;
  if (leg.state == LegState::Proceeding) leg.state = LegState::Ringing;
  LiveAttempt* attempt = leg.attempt;
  if (attempt == nullptr || attempt->closed) return;
  if (has_sdp) pass_early_media(leg, in.message);
  attempt->ringing = true;
  feed(*attempt->run, hunt::AttemptRinging{attempt->id});
}

// NOTIFY of the package "talk" within the early dialog: a phone that knows it lifts itself. False:
// none of his rings.
bool Call::ask_to_answer(const std::string& user_id) {
  bool asked = false;
  for (const auto& leg : legs_) {
    const bool rings = leg->state == LegState::Ringing && !leg->early.empty() && !leg->stop;
    if (!rings || leg->to.user_id != user_id) continue;
    EarlyDialog& early = leg->early.back();
    sip::Dialog dialog = leg->side.dialog;
    dialog.remote_tag = early.tag;
    if (dialog.remote_target.empty()) dialog.remote_target = leg->to.uri;
    const base::Flow way = core_.way_inside(leg->side, dialog.next_hop().first);
    const Id client = core_.layer().reserve();
    early.cseq = std::max(early.cseq, leg->side.dialog.local_cseq) + 1;
    sip::Writer writer = dialog.request(sip::Method::Notify, early.cseq,
                                        core_.via(way, core_.layer().branch_of(client)));
    writer.header(sip::Header::Contact, core_.contact(leg->side.flow))
        .header(sip::Header::Event, "talk")
        .lines("Subscription-State: active\r\n")
        .no_body();
    if (!writer.ok()) {
      core_.layer().release(client);
      continue;
    }
    leg->side.dialog.local_cseq = early.cseq;
    core_.layer().begin(client,
                        {way, std::make_shared<const std::string>(writer.take()), false, {}, {}},
                        core_.now(), core_.out());
    asked = true;
  }
  return asked;
}

// Each reliable provisional is acknowledged on its own leg at once (sip.md 4.7).
void Call::prack(CalleeLeg& leg, EarlyDialog& early, const Incoming& in) {
  const auto rseq = sip::seconds_of(in.message.value(sip::Header::Rseq));
  if (!rseq.has_value() || *rseq <= early.rseq) return;
  if (early.rseq != 0 && *rseq != early.rseq + 1) return;  // RFC 3262 section 4: out of order
  early.rseq = *rseq;
  sip::Dialog dialog = sip::Dialog::from_response(in.message, in.message);
  if (dialog.remote_target.empty()) dialog.remote_target = leg.to.uri;
  const base::Flow way = core_.way_inside(leg.side, dialog.next_hop().first);
  const Id client = core_.layer().reserve();
  sip::Writer writer = dialog.request(sip::Method::Prack, ++early.cseq,
                                      core_.via(way, core_.layer().branch_of(client)));
  writer.header(sip::Header::Rack,
                std::to_string(*rseq) + ' ' + std::to_string(leg.side.out.cseq) + " INVITE");
  const std::string_view body = sip::body_of_type(in.message, kSdpType);
  // The first description in a reliable 18x is the answer; his 200 need not say it again (RFC 6337
  // section 3.1.1).
  if (leg.side.out.has_offer && early.description.empty()) early.description = body;
  // A member that offers in a reliable 18x of an INVITE without a description waits for an answer.
  auto rejection = !leg.side.out.has_offer && !body.empty()
                       ? sdp::reject_all(body)
                       : base::Result<std::string, sdp::Reject>(std::string());
  if (rejection && !(*rejection).empty()) {
    writer.body(kSdpType, *rejection);
  } else {
    writer.no_body();
  }
  if (!writer.ok()) {
    core_.layer().release(client);
    return;
  }
  leg.side.dialog.local_cseq = std::max(leg.side.dialog.local_cseq, early.cseq);
  core_.layer().begin(client, {way, std::make_shared<const std::string>(writer.take()), false, {}},
                      core_.now(), core_.out());
}

}  // namespace call
