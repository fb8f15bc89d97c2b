#include "sim/phone.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "sim/network.h"
#include "sim/text.h"
#include "sip/digest.h"

namespace sim {
namespace {

constexpr base::Duration kT1{500};
constexpr base::Duration kT2{4'000};
constexpr base::Duration kGiveUp{32'000};  // 64 * T1

void copy(const Text& from, Text& to, const char* name) {
  for (const std::string& value : from.all(name)) to.add(name, value);
}

}  // namespace

std::uint16_t PhoneCall::sound_port() const {
  constexpr std::string_view kAudio = "m=audio ";
  const std::size_t at = remote_sdp.find(kAudio);
  if (at == std::string::npos) return 0;
  return static_cast<std::uint16_t>(std::stoi(remote_sdp.substr(at + kAudio.size())));
}

bool PhoneCall::missed() const {
  if (outgoing || !rang.has_value() || answered.has_value() || !ended.has_value()) return false;
  if (final_code != 0 && !canceled) return false;  // it refused by itself
  return std::ranges::none_of(reasons, [](const std::string& reason) {
    return reason.starts_with("SIP") &&
           (param(reason, "cause") == "200" || param(reason, "cause") == "603");
  });
}

Phone::Phone(Scheduler& scheduler, Network& network, base::Address own, base::Address server,
             Account account)
    : scheduler_(scheduler),
      network_(network),
      own_(own),
      server_(server),
      account_(std::move(account)) {
  network_.attach(own_, [this](const base::Address&, const std::string& bytes) {
    if (on_) on_packet(bytes);
  });
}

void Phone::power(bool on) {
  on_ = on;
}

void Phone::send(std::string bytes) {
  if (on_) network_.send(own_, server_, std::move(bytes));
}

std::string Phone::new_token(const char* what) {
  return std::string{what} + std::to_string(own_.port) + "x" + std::to_string(++tokens_);
}

std::string Phone::contact() const {
  std::string value = "<sip:" + account_.username + "@" + own_.to_string() + ">";
  if (!instance.empty()) value += ";+sip.instance=\"<" + instance + ">\";reg-id=1";
  return value;
}

std::string Phone::sdp() {
  const std::string ip = own_.ip.to_string();
  return "v=0\r\no=- 7 " + std::to_string(sdp_version_++) + " IN IP4 " + ip +
         "\r\ns=-\r\nc=IN IP4 " + ip + "\r\nt=0 0\r\nm=audio " + std::to_string(own_.port + 1) +
         " RTP/AVP " + codecs +
         " 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
         "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";
}

Text Phone::request_text(const std::string& method, const std::string& uri,
                         std::uint32_t cseq) const {
  Text request;
  request.start = method + " " + uri + " SIP/2.0";
  request.add("Max-Forwards", "70");
  request.add("CSeq", std::to_string(cseq) + " " + method);
  return request;
}

// ---- client transactions -------------------------------------------------------------------

void Phone::start(const Text& request) {
  Text stamped = request;
  const std::string branch = "z9hG4bK" + new_token("b");
  stamped.headers.insert(stamped.headers.begin(),
                         {"Via", "SIP/2.0/UDP " + own_.to_string() + ";rport;branch=" + branch});
  Outgoing transaction;
  transaction.bytes = stamped.bytes();
  transaction.give_up = scheduler_.now() + kGiveUp;
  transaction.invite = request.method() == "INVITE";
  outgoing_[branch] = transaction;
  requests_[branch] = stamped;
  send(transaction.bytes);
  scheduler_.after(kT1, [this, branch] { repeat(branch); });
}

void Phone::repeat(const std::string& branch) {
  Outgoing& transaction = outgoing_[branch];
  if (transaction.done || !on_ || scheduler_.now() >= transaction.give_up) return;
  if (transaction.invite && transaction.proceeding) return;
  send(transaction.bytes);
  transaction.next = transaction.next * 2;
  if (!transaction.invite) transaction.next = std::min(transaction.next, kT2);
  scheduler_.after(transaction.next, [this, branch] { repeat(branch); });
}

void Phone::register_now(int expires) {
  const std::string uri = "sip:" + account_.domain;
  Text request = request_text("REGISTER", uri, ++register_cseq_);
  const std::string aor = "<sip:" + account_.username + "@" + account_.domain + ">";
  request.add("From", aor + ";tag=" + new_token("r"));
  request.add("To", aor);
  request.add("Call-ID", "reg-" + std::to_string(own_.port));
  request.add("Contact", contact());
  request.add("Expires", std::to_string(expires));
  start(request);
}

std::size_t Phone::call(const std::string& number, const std::vector<std::string>& extra) {
  const std::string uri = "sip:" + number + "@" + account_.domain;
  PhoneCall call;
  call.outgoing = true;
  call.call_id = new_token("call");
  call.local_tag = new_token("t");
  call.local_uri = "sip:" + account_.username + "@" + account_.domain;
  call.remote_uri = uri;
  call.target = uri;
  call.local_cseq = 1;
  call.arrived = scheduler_.now();
  Text request = request_text("INVITE", uri, 1);
  request.add("From",
              "\"" + account_.username + "\" <" + call.local_uri + ">;tag=" + call.local_tag);
  request.add("To", "<" + uri + ">");
  request.add("Call-ID", call.call_id);
  request.add("Contact", contact());
  request.add("Allow", "INVITE, ACK, CANCEL, BYE, UPDATE, INFO, PRACK, OPTIONS");
  request.add("Supported", wants_100rel ? "100rel, replaces" : "replaces");
  for (const std::string& line : extra) {
    const std::size_t colon = line.find(": ");
    request.add(line.substr(0, colon), line.substr(colon + 2));
  }
  if (!offers_late) {
    request.add("Content-Type", "application/sdp");
    request.body = sdp();
  }
  call.invite = request;
  latest_[call.call_id] = calls_.size();
  calls_.push_back(std::move(call));
  start(request);
  return calls_.size() - 1;
}

void Phone::cancel(std::size_t index, const std::vector<std::string>& extra) {
  PhoneCall& call = calls_[index];
  if (call.final_code >= 200 || call.state == PhoneCall::State::Over) return;
  call.canceled = true;
  if (!call.provisional) {
    call.cancel_when_provisional = true;
    return;
  }
  const Text request = request_text("CANCEL", call.invite.uri(), call.invite.cseq());
  for (auto& [branch, sent] : requests_) {
    if (sent.get("Call-ID") != call.call_id || sent.method() != "INVITE") continue;
    if (outgoing_[branch].done) continue;
    Text stamped = request;
    stamped.headers.insert(stamped.headers.begin(), {"Via", sent.get("Via")});
    copy(sent, stamped, "From");
    copy(sent, stamped, "To");
    copy(sent, stamped, "Call-ID");
    for (const std::string& line : extra) {
      const std::size_t colon = line.find(": ");
      stamped.add(line.substr(0, colon), line.substr(colon + 2));
    }
    const std::string bytes = stamped.bytes();
    send(bytes);
    // A lost CANCEL is repeated; its 200 is not awaited, 64*T1 bounds it.
    for (const int ms : {500, 1500, 3500, 7500})
      scheduler_.after(base::Duration{ms}, [this, index, bytes] {
        if (calls_[index].final_code < 200) send(bytes);
      });
  }
}

Text Phone::in_dialog(PhoneCall& call, const std::string& method) {
  Text request = request_text(method, call.target, ++call.local_cseq);
  request.add("From", "<" + call.local_uri + ">;tag=" + call.local_tag);
  request.add("To", "<" + call.remote_uri + ">;tag=" + call.remote_tag);
  request.add("Call-ID", call.call_id);
  for (const std::string& route : call.routes) request.add("Route", route);
  if (method != "BYE") request.add("Contact", contact());
  return request;
}

void Phone::hang_up(std::size_t index) {
  PhoneCall& call = calls_[index];
  if (call.state != PhoneCall::State::Talking) return;
  start(in_dialog(call, "BYE"));
  end(call, nullptr);
}

void Phone::request(std::size_t index, const std::string& method, const std::string& body,
                    const std::string& type, const std::vector<std::string>& extra) {
  Text text = in_dialog(calls_[index], method);
  for (const std::string& line : extra) {
    const std::size_t colon = line.find(": ");
    text.add(line.substr(0, colon), line.substr(colon + 2));
  }
  text.body = body.empty() && method == "INVITE" ? sdp() : body;
  if (!text.body.empty()) text.add("Content-Type", type);
  start(text);
}

void Phone::transfer(std::size_t index, const std::string& number) {
  if (calls_[index].state != PhoneCall::State::Talking) return;
  request(index, "REFER", {}, {}, {"Refer-To: <sip:" + number + "@" + account_.domain + ">"});
}

void Phone::transfer(std::size_t index, const PhoneCall& second) {
  if (calls_[index].state != PhoneCall::State::Talking) return;
  request(index, "REFER", {}, {},
          {"Refer-To: <" + second.remote_uri + "?Replaces=" + second.call_id + "%3Bto-tag%3D" +
           second.remote_tag + "%3Bfrom-tag%3D" + second.local_tag + ">"});
}

void Phone::watch(const std::string& number) {
  const std::string uri = "sip:" + number + "@" + account_.domain;
  Text request = request_text("SUBSCRIBE", uri, 1);
  request.add("From",
              "<sip:" + account_.username + "@" + account_.domain + ">;tag=" + new_token("w"));
  request.add("To", "<" + uri + ">");
  request.add("Call-ID", new_token("watch"));
  request.add("Contact", contact());
  request.add("Event", "dialog");
  request.add("Expires", "600");
  start(request);
}

std::string Phone::replaces() const {
  if (notified.empty()) return {};
  const std::string& body = notified.back().body;
  const auto value = [&](const std::string& name) {
    const std::size_t at = body.find(" " + name + "=\"");
    if (at == std::string::npos) return std::string();
    const std::size_t begin = at + name.size() + 3;
    return body.substr(begin, body.find('"', begin) - begin);
  };
  if (body.find("<state>early</state>") == std::string::npos || value("call-id").empty()) return {};
  return "Replaces: " + value("call-id") + ";to-tag=" + value("local-tag") +
         ";from-tag=" + value("remote-tag");
}

std::size_t Phone::missed_calls() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(calls_, [](const PhoneCall& call) { return call.missed(); }));
}

bool Phone::talking() const {
  return std::ranges::any_of(
      calls_, [](const PhoneCall& call) { return call.state == PhoneCall::State::Talking; });
}

PhoneCall* Phone::find(const std::string& call_id) {
  const auto found = latest_.find(call_id);  // old ones are silent
  return found == latest_.end() ? nullptr : &calls_[found->second];
}

void Phone::end(PhoneCall& call, const Text* by) {
  if (call.state == PhoneCall::State::Over) return;
  call.state = PhoneCall::State::Over;
  call.ended = scheduler_.now();
  if (by != nullptr) call.reasons = by->all("Reason");
}

// Credentials for the strongest challenge, worked out by sip/digest.h (tested against RFC 7616).
std::string Phone::authorization(const Text& challenge, const std::string& method,
                                 const std::string& uri) {
  const bool proxy = challenge.code() == 407;
  const std::vector<std::string> lines =
      challenge.all(proxy ? "Proxy-Authenticate" : "WWW-Authenticate");
  const std::vector<std::string_view> views{lines.begin(), lines.end()};
  sip::DigestClient client{account_.username, account_.password};
  if (!client.take_challenge(views, proxy)) return {};
  base::SplitMix rng{++tokens_};
  const std::string line = client.authorization(method, uri, rng);
  return line.substr(line.find(": ") + 2, line.size() - line.find(": ") - 4);
}

// ---- what arrives --------------------------------------------------------------------------

void Phone::on_packet(const std::string& bytes) {
  const Text text = Text::parse(bytes);
  received.push_back(text);
  received_at.push_back(scheduler_.now());
  if (text.is_request())
    on_request(text);
  else
    on_response(text);
}

void Phone::on_response(const Text& response) {
  const std::string branch = response.branch();
  const auto found = outgoing_.find(branch);
  const std::string method = response.method();
  const bool first_final = found != outgoing_.end() && !found->second.done;
  if (found != outgoing_.end()) {
    found->second.proceeding = true;
    if (response.code() >= 200 && method != "CANCEL") found->second.done = true;
  }
  // A copy of a refusal on the way says nothing new about the call, which may have been sent again
  // with credentials meanwhile.
  if (method == "INVITE" && response.code() >= 300 && found != outgoing_.end() && !first_final) {
    acknowledge_refusal(response, requests_[response.branch()].uri());
    return;
  }
  if ((response.code() == 401 || response.code() == 407) && method != "CANCEL" && first_final) {
    on_challenge(response);
    return;
  }
  if (method == "REGISTER") {
    if (response.code() >= 200) registered_ = response.code() < 300;
    return;
  }
  if (PhoneCall* call = find(response.get("Call-ID")); call != nullptr && method == "INVITE")
    on_invite_response(*call, response);
}

// RFC 3261 17.1.1.3.
void Phone::acknowledge_refusal(const Text& response, const std::string& uri) {
  Text ack = request_text("ACK", uri, response.cseq());
  ack.headers.insert(ack.headers.begin(), {"Via", response.get("Via")});
  copy(response, ack, "From");
  copy(response, ack, "To");
  copy(response, ack, "Call-ID");
  send(ack.bytes());
}

void Phone::on_challenge(const Text& response) {
  const Text sent = requests_[response.branch()];
  if (sent.method() == "INVITE") {
    Text ack = request_text("ACK", sent.uri(), sent.cseq());
    ack.headers.insert(ack.headers.begin(), {"Via", sent.get("Via")});
    copy(sent, ack, "From");
    copy(response, ack, "To");
    copy(sent, ack, "Call-ID");
    send(ack.bytes());
  }
  if (!sent.get("Authorization").empty()) {  // refused although we gave credentials
    if (PhoneCall* call = find(sent.get("Call-ID"))) {
      call->final_code = response.code();
      end(*call, nullptr);
    }
    return;
  }
  Text again = sent;
  again.headers.erase(again.headers.begin());  // the old Via
  std::erase_if(again.headers, [](const auto& header) { return header.first == "CSeq"; });
  const std::uint32_t cseq = sent.cseq() + 1;
  again.add("CSeq", std::to_string(cseq) + " " + sent.method());
  again.add("Authorization", authorization(response, sent.method(), sent.uri()));
  if (sent.method() == "REGISTER") register_cseq_ = cseq;
  if (PhoneCall* call = find(sent.get("Call-ID"))) {
    call->local_cseq = cseq;
    if (sent.method() == "INVITE") call->invite = again;
  }
  start(again);
}

void Phone::on_invite_response(PhoneCall& call, const Text& response) {
  if (!call.outgoing || call.answered.has_value()) {
    // A re-INVITE of ours, or a repeated 200: acknowledge, nothing else.
    if (response.code() >= 200 && response.code() < 300 && acknowledges) {
      if (response.cseq() == call.invite.cseq()) {
        send(call.ack);
      } else {
        Text ack = request_text("ACK", call.target, response.cseq());
        ack.headers.insert(ack.headers.begin(), {"Via", "SIP/2.0/UDP " + own_.to_string() +
                                                            ";branch=z9hG4bK" + new_token("a")});
        copy(response, ack, "From");
        copy(response, ack, "To");
        copy(response, ack, "Call-ID");
        send(ack.bytes());
      }
    } else if (response.code() >= 300) {
      acknowledge_refusal(response, call.target);
    }
    return;
  }
  if (response.code() < 200) {
    call.provisional = true;
    if (response.code() == 180 || response.code() == 183) {
      if (!call.rang.has_value()) call.rang = scheduler_.now();
      call.state = std::max(call.state, PhoneCall::State::Ringing);
      if (!response.body.empty()) call.remote_sdp = response.body;
      if (call.remote_tag.empty()) call.remote_tag = response.tag("To");
      if (!response.get("Contact").empty()) call.target = uri_in(response.get("Contact"));
    }
    if (!response.get("RSeq").empty()) {
      Text prack = in_dialog(call, "PRACK");
      prack.add("RAck", response.get("RSeq") + " " + response.get("CSeq"));
      start(prack);
    }
    if (call.cancel_when_provisional) {
      call.cancel_when_provisional = false;
      cancel(static_cast<std::size_t>(&call - calls_.data()));
    }
    return;
  }
  if (response.code() < 300) {
    on_invite_success(call, response);
    return;
  }
  acknowledge_refusal(response, call.invite.uri());
  call.final_code = response.code();
  end(call, &response);
}

void Phone::on_invite_success(PhoneCall& call, const Text& response) {
  call.final_code = response.code();
  call.answered = scheduler_.now();
  call.state = PhoneCall::State::Talking;
  call.remote_tag = response.tag("To");
  call.target = uri_in(response.get("Contact"));
  if (!response.body.empty()) call.remote_sdp = response.body;
  Text ack = request_text("ACK", call.target, response.cseq());
  ack.headers.insert(ack.headers.begin(), {"Via", "SIP/2.0/UDP " + own_.to_string() +
                                                      ";branch=z9hG4bK" + new_token("a")});
  copy(response, ack, "From");
  copy(response, ack, "To");
  copy(response, ack, "Call-ID");
  if (offers_late) {
    ack.add("Content-Type", "application/sdp");
    ack.body = sdp();
  }
  call.ack = ack.bytes();
  if (acknowledges) send(call.ack);
}

}  // namespace sim
