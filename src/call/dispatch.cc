// The way of a message: from bytes to the transaction, dialog, call or refusal that it means (RFC
// 3261 sections 8.2, 12.2, 17 and 18).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/address.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "call/engine.h"
#include "facts/fact.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/stun.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {
namespace {

// Option tags that we understand in Require (8.2.2.3).
bool understands(std::string_view tag) {
  return sip::same_word(tag, "100rel") || sip::same_word(tag, "timer") ||
         sip::same_word(tag, "path") || sip::same_word(tag, "outbound") ||
         sip::same_word(tag, "replaces") || sip::same_word(tag, "eventlist");
}

bool makes_a_request_of_its_own(sip::Method method) {
  return method == sip::Method::Invite || method == sip::Method::Register ||
         method == sip::Method::Options || method == sip::Method::Subscribe ||
         method == sip::Method::Message;
}

constexpr std::size_t kKeepAliveMax = 8;  // bytes of the empty lines that phones send

}  // namespace

std::optional<std::string> unsupported_line(const sip::Message& request) {
  std::string unsupported;
  const auto check = [&](std::string_view tag) {
    if (understands(tag)) return;
    if (!unsupported.empty()) unsupported += ", ";
    unsupported += tag;
  };
  request.for_each_value(sip::Header::Require, check);
  request.for_each_value(sip::Header::ProxyRequire, check);
  if (unsupported.empty()) return std::nullopt;
  sip::Writer line;
  line.header(sip::Header::Unsupported, unsupported);
  return line.ok() ? line.take() : std::string();
}

// Keep-alives of datagrams: STUN is answered (RFC 5626 3.5.2), empty lines are not. Whether it was
// one.
bool Core::kept_alive(const base::Flow& flow, std::string_view bytes) {
  if (flow.transport != base::Transport::Udp) return false;
  if (sip::is_stun(bytes)) {
    std::string answer = sip::stun_answer(bytes, flow.peer);
    if (!answer.empty())
      out_->emplace_back(Send{flow, std::make_shared<const std::string>(std::move(answer))});
    return true;
  }
  return bytes.size() <= kKeepAliveMax &&
         bytes.find_first_not_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void Core::receive(const base::Flow& flow, std::string_view bytes) {
  if (is_banned(flow, bytes)) return;
  if (kept_alive(flow, bytes)) return;
  const sip::Message::Outcome parsed = sip::Message::parse(bytes);
  const Incoming in{parsed.message, flow};
  if (parsed.reject.has_value()) {
    reject(in, *parsed.reject);
    return;
  }
  counters_.traffic.came(in.message, flow.transport);
  if (in.message.is_request()) {
    if (is_within_limits(in, bytes.size())) on_request(in);
  } else {
    on_response(in);
  }
}

void Core::receive_broken(const base::Flow& flow, std::string_view head) {
  const sip::Message::Outcome parsed = sip::Message::parse(head);
  // Without another fault it is its length that broke the stream (18.3).
  const sip::Reject why =
      head.empty() ? sip::Reject::TooLong : parsed.reject.value_or(sip::Reject::BadContentLength);
  reject({parsed.message, flow}, why);
}

// Refused if it can be answered, else dropped; counted either way. Stateless: the next copy gets
// the same.
void Core::reject(const Incoming& in, sip::Reject why) {
  ++counters_.parse_errors;
  if (!keeps_pace(in)) return;
  if (in.message.answerable()) {
    refuse(in, sip::answer_code(why), sip::word(why));
  } else {
    tell(facts::MessageDropped{in.flow.peer, std::string(sip::word(why))});
  }
}

void Core::on_response(const Incoming& in) {
  // 8.1.3.3: an answer that was meant for somebody behind us has gone astray.
  std::size_t vias = 0;
  in.message.for_each_value(sip::Header::Via, [&](std::string_view) { ++vias; });
  if (vias > 1) {
    tell(facts::MessageDropped{in.flow.peer, "several_vias"});
    return;
  }
  bool stray = false;
  const auto event = layer_.on_response(in, now_, stray, *out_);
  if (event.has_value()) {
    on_client_event(*event, &in);
  } else if (stray) {
    on_stray_response(in);
  }
}

// An answer without a transaction goes to the core (18.1.2): a 2xx to an INVITE of ours that came
// late is acknowledged, and hung up if nobody wants it; all others are dropped. Only a tag that we
// made ourselves counts, or we would answer for strangers.
void Core::on_stray_response(const Incoming& in) {
  const auto from = sip::from_of(in.message);
  const auto id = from.has_value() ? names_.read_tag(from->tag()) : std::nullopt;
  if (!id.has_value() || in.message.method() != sip::Method::Invite ||
      in.message.code() / 100 != 2) {
    tell(facts::MessageDropped{in.flow.peer, "stray_response"});
    return;
  }
  Side* side = sides_.find(*id);
  if (side != nullptr && side->dialog.call_id == in.message.value(sip::Header::CallId)) {
    Call& call = *side->call;
    call.on_repeated_success(*side, in);
    touch(call);
    return;
  }
  end_success(in, StopReason::CallerGaveUp, true);
}

void Core::on_request(const Incoming& in) {
  if (layer_.absorb(in, now_, *out_)) return;
  if (in.message.method() == sip::Method::Ack) {
    on_ack(in);
  } else if (in.message.method() == sip::Method::Cancel) {
    on_cancel(in);
  } else {
    on_new_request(in);
  }
}

void Core::on_new_request(const Incoming& in) {
  const auto to = sip::to_of(in.message);
  if (to.has_value() && !to->tag().empty()) {
    on_inside(in);
    return;
  }
  if (is_scanner(in) || !keeps_pace(in) || !passes_checks(in)) return;
  const sip::Method method = in.message.method();
  if (method == sip::Method::Invite) {
    on_invite(in);
  } else if (method == sip::Method::Register) {
    if (!is_put_off(in)) on_register(in);
  } else if (method == sip::Method::Options) {
    on_options(in);
  } else if (method == sip::Method::Other) {
    refuse(in, 501, "unknown_method", kAllowOutsideLine);
  } else if (method == sip::Method::Subscribe) {
    if (!is_put_off(in)) on_subscribe(in);
  } else if (method == sip::Method::Publish) {
    refuse(in, 489, "event_not_served");
  } else if (method == sip::Method::Message) {
    on_message(in);
  } else if (method == sip::Method::Refer) {
    refuse(in, 405, "method_not_allowed", kAllowOutsideLine);
  } else {
    refuse(in, 481, "no_dialog");  // BYE, UPDATE, INFO, PRACK, NOTIFY outside of any dialog
  }
}

// 8.2.2: what a new request must have whatever it asks. Sends the refusal itself.
bool Core::passes_checks(const Incoming& in) {
  const auto uri = sip::Uri::parse(in.message.request_uri());
  if (!uri.has_value()) {
    refuse(in, 400, "bad_request_uri");
    return false;
  }
  if (uri->scheme == sip::Scheme::Other) {
    refuse(in, 416, "unknown_scheme");
    return false;
  }
  const bool secure =
      in.flow.transport == base::Transport::Tls || in.flow.transport == base::Transport::Wss;
  if (uri->scheme == sip::Scheme::Sips && !secure) {
    refuse(in, 403, "sips_without_tls");  // 26.2.2: TLS on each hop
    return false;
  }
  const std::string_view hops = in.message.value(sip::Header::MaxForwards);
  if (!hops.empty() && sip::read_number(hops, 255) == std::uint64_t{0} &&
      in.message.method() != sip::Method::Options && in.message.method() != sip::Method::Register) {
    refuse(in, 483, "too_many_hops");
    return false;
  }
  if (in.message.method() != sip::Method::Invite && in.message.has(sip::Header::Replaces)) {
    refuse(in, 400, "replaces_outside_of_invite");  // RFC 3891 section 3
    return false;
  }
  if (!makes_a_request_of_its_own(in.message.method())) return true;
  const auto unsupported = unsupported_line(in.message);
  if (!unsupported.has_value()) return true;
  refuse(in, 420, "unknown_extension", *unsupported);
  return false;
}

void Core::on_ack(const Incoming& in) {
  Side* side = side_of(in);
  if (side == nullptr || !comes_from(*side, in.flow)) return;  // an ACK is never answered (I10)
  Call& call = *side->call;
  call.on_ack(*side, in);
  touch(call);
}

void Core::on_cancel(const Incoming& in) {
  const auto invite = layer_.cancelled_by(in);
  if (!invite.has_value()) {
    refuse(in, 481, "nothing_to_cancel");
    return;
  }
  Side* side = sides_.find(layer_.owner_of(*invite).id);
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) return;
  std::string tag;
  if (side != nullptr) {
    tag = side->tag;
    side->call->on_cancel(*side, in);
    touch(*side->call);
  } else {
    tag = names_.seal(in.message.value(sip::Header::CallId));
  }
  sip::Writer ok = sip::response_to(in.message, in.flow.peer, 200, tag);
  ok.no_body();
  if (ok.ok()) {
    layer_.respond(*server, 200, std::make_shared<const std::string>(ok.take()), now_, *out_);
  }
  if (side != nullptr) side->call->finish_cancel(*side);
}

// A request that says it belongs to a dialog: only to one of ours, with all its names right, and
// from where its peer is (T8).
void Core::on_inside(const Incoming& in) {
  Side* side = side_of(in);
  if (side == nullptr && on_inside_subscription(in)) return;
  if (side == nullptr || !comes_from(*side, in.flow)) {
    refuse(in, 481, side == nullptr ? "no_dialog" : "wrong_source");
    return;
  }
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) {
    refuse(in, 503, "too_many_transactions", "Retry-After: 5\r\n");
    return;
  }
  Call& call = *side->call;
  call.on_request(*side, in, *server);
  touch(call);
}

Side* Core::side_of(const Incoming& in) const {
  const auto to = sip::to_of(in.message);
  if (!to.has_value()) return nullptr;
  const auto id = names_.read_tag(to->tag());
  if (!id.has_value()) return nullptr;
  Side* side = sides_.find(*id);
  if (side == nullptr || side->tag != to->tag()) return nullptr;
  if (side->dialog.call_id != in.message.value(sip::Header::CallId)) return nullptr;
  const auto from = sip::from_of(in.message);
  if (!from.has_value()) return nullptr;
  if (from->tag() == side->dialog.remote_tag) return side;
  if (side->leg == nullptr) return nullptr;
  // An early dialog of a fork behind the callee.
  for (const auto& early : side->leg->early) {
    if (early.tag == from->tag()) return side;
  }
  return nullptr;
}

bool Core::comes_from(const Side& side, const base::Flow& flow) const {
  if (flow.connection != base::ConnectionId::None && flow.connection == side.flow.connection) {
    return true;
  }
  if (flow.peer.ip == side.flow.peer.ip || flow.peer.ip == side.next.peer.ip) return true;
  // A carrier speaks from each of its addresses.
  const model::Trunk* trunk = snapshot_->trunk_by_id(side.call->trunk_of(side));
  if (trunk != nullptr && model::may_call_from(*trunk, flow.peer.ip)) return true;
  const auto host_is = [&](std::string_view text) {
    const auto uri = sip::Uri::parse(text);
    if (!uri.has_value()) return false;
    const auto ip = base::IpAddress::parse(uri->host);
    return ip.has_value() && *ip == flow.peer.ip;
  };
  if (host_is(side.dialog.remote_target)) return true;
  for (const auto& route : side.dialog.routes) {
    const auto address = sip::NameAddr::parse(route);
    if (address.has_value() && host_is(address->uri)) return true;
  }
  return false;
}

void Core::on_options(const Incoming& in) {
  if (draining_) {
    refuse(in, 503, "draining", "Retry-After: 30\r\n");
    return;
  }
  const std::string tag = names_.seal(in.message.value(sip::Header::CallId));
  sip::Writer ok = sip::response_to(in.message, in.flow.peer, 200, tag);
  ok.lines(kAllowOutsideLine).lines(kSupportedLine).header(sip::Header::Accept, "application/sdp");
  ok.no_body();
  if (!ok.ok()) return;
  base::Flow back = in.flow;
  back.peer = sip::response_target(in.message, in.flow.peer);
  send(back, ok.take());
}

// A refusal outside of any transaction: stateless, so that strangers cannot fill our memory; the
// tag is the same for each copy of the request (8.2.7).
void Core::refuse(const Incoming& in, std::uint16_t code, std::string_view why,
                  std::string_view lines) {
  tell(facts::RequestRefused{in.flow.peer, std::string(in.message.method_name()), code,
                             std::string(why)});
  std::string seed(in.message.value(sip::Header::CallId));
  seed += in.message.value(sip::Header::From);
  sip::Writer answer = sip::response_to(in.message, in.flow.peer, code, names_.seal(seed));
  answer.lines(lines);
  if (code == 400) {
    std::string warning = "399 harrier \"";
    warning += why;
    warning += '"';
    answer.header(sip::Header::Warning, warning);
  }
  answer.no_body();
  if (!answer.ok()) {
    tell(facts::MessageDropped{in.flow.peer, "not_answerable"});
    return;
  }
  base::Flow back = in.flow;
  back.peer = sip::response_target(in.message, in.flow.peer);
  send(back, answer.take());
}

void Core::send(const base::Flow& flow, Bytes bytes) {
  counters_.traffic.went(*bytes, flow.transport);
  out_->emplace_back(Send{flow, std::move(bytes)});
}

// ACK, and BYE behind it on the same way so that they cannot overtake each other, for a 2xx that
// nobody wants. All that is needed stands in the response: From is ours.
void Core::end_success(const Incoming& response, StopReason reason, bool bye) {
  const sip::Dialog dialog = sip::Dialog::from_response(response.message, response.message);
  if (dialog.remote_target.empty()) return;
  Side side;
  side.flow = response.flow;
  side.dialog = dialog;
  const base::Flow way = way_inside(side, dialog.next_hop().first);
  const Id ack_branch = layer_.reserve();
  sip::Writer ack = dialog.request(sip::Method::Ack, response.message.cseq(),
                                   via(way, layer_.branch_of(ack_branch)));
  layer_.release(ack_branch);
  ack.no_body();
  if (!ack.ok()) return;
  send(way, ack.take());
  if (!bye) return;
  const Id id = layer_.reserve();
  sip::Writer writer =
      dialog.request(sip::Method::Bye, response.message.cseq() + 1, via(way, layer_.branch_of(id)));
  writer.lines(reason_lines(reason)).no_body();
  if (!writer.ok()) {
    layer_.release(id);
    return;
  }
  layer_.begin(id, {way, std::make_shared<const std::string>(writer.take()), false, {}}, now_,
               *out_);
}

}  // namespace call
