#include "sim/hostile.h"

#include <array>
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
#include "sim/text.h"
#include "sip/digest.h"

namespace sim {
namespace {

constexpr base::Duration kGiveUp{32'000};  // 64 * T1
constexpr std::size_t kCallers = 3;        // with the trunk
constexpr std::string_view kSdp =
    "v=0\r\no=- 7 1 IN IP4 10.0.1.9\r\ns=-\r\nc=IN IP4 10.0.1.9\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";

void describe(Text& text) {
  text.add("Content-Type", "application/sdp");
  text.body = kSdp;
}

}  // namespace

Hostile::Hostile(Bytes& bytes) : bytes_(bytes) {
  for (const char* at : {"10.0.1.1:5060", "10.0.1.2:5060", "10.0.1.3:5060", "10.0.1.4:5060",
                         "10.0.1.5:5060", "10.9.0.1:5060"}) {
    Party& party = parties_.emplace_back();
    party.flow.local = *base::Address::parse(kServer);
    party.flow.peer = *base::Address::parse(at);
    party.user = std::to_string(100 + parties_.size());
  }
  parties_[2].flow.transport = base::Transport::Tcp;
  parties_[2].flow.connection = base::ConnectionId{3};
}

std::string Hostile::contact(const Party& party) {
  return "sip:" + party.user + "@" + party.flow.peer.to_string();
}

Hostile::Answer Hostile::say(base::Instant now) {
  switch (bytes_.below(10)) {
    case 0:
      return invite();
    case 1:
    case 2:
    case 3:
      return answer_invite(now);
    case 4:
      return answer_other(now);
    case 5:
      return acknowledge();
    case 6:
      return cancel();
    case 7:
      return inside();
    case 8:
      return register_phone();
    default:
      return repeat_or_damage();
  }
}

void Hostile::hear(const base::Address& at, Text text, base::Instant now) {
  for (Party& party : parties_) {
    if (party.flow.peer != at) continue;
    if (!text.is_request()) {
      if (text.code() == 401) party.challenge = text.get("WWW-Authenticate");
      party.responses.push_back(std::move(text));
      return;
    }
    asked_.try_emplace(text.method() + text.branch(), Asked{.arrived = now, .canceled = {}});
    if (text.method() == "CANCEL") {
      Asked& canceled = asked_["INVITE" + text.branch()];
      if (!canceled.canceled.has_value()) canceled.canceled = now;
    }
    party.requests.push_back(std::move(text));
    return;
  }
}

// The latest are chosen by the smallest bytes.
const Text* Hostile::chosen(const std::vector<const Text*>& from) {
  if (from.empty()) return nullptr;
  return from[from.size() - 1 - bytes_.below(from.size())];
}

void Hostile::top(Text& text, const Party& party) {
  const char* way = party.flow.transport == base::Transport::Tcp ? "TCP " : "UDP ";
  text.add("Via", std::string{"SIP/2.0/"} + way + party.flow.peer.to_string() + ";branch=z9hG4bK" +
                      token());
  text.add("Max-Forwards", "70");
}

Hostile::Answer Hostile::said(std::size_t who, const Text& text) {
  Said out{.from = who, .bytes = text.bytes()};
  log_.push_back(out);
  return out;
}

Hostile::Answer Hostile::invite() {
  static constexpr std::array kNumbers{"600", "601",          "602", "603",  "101",
                                       "103", "+48600100200", "777", "101T", "104"};
  const std::size_t who = kPhones + bytes_.below(kCallers);
  Party& party = parties_.at(who);
  const std::uint8_t how = bytes_.next();
  const std::string uri = "sip:" + std::string{bytes_.one_of(kNumbers)} + "@office.example";
  Text text;
  text.start = "INVITE " + uri + " SIP/2.0";
  top(text, party);
  text.add("From", "<sip:" + party.user + "@office.example>;tag=c" + token());
  text.add("To", "<" + uri + ">");
  text.add("Call-ID", "call" + token());
  text.add("CSeq", "1 INVITE");
  text.add("Contact", "<" + contact(party) + ">");
  if ((how & 2U) != 0) text.add("Supported", "100rel, timer");
  if ((how & 4U) != 0) text.add("Require", "100rel");
  if ((how & 8U) != 0) text.add("Session-Expires", "90;refresher=uac");
  if ((how & 16U) != 0) text.add("Expires", "20");
  if ((how & 32U) != 0) text.add("Allow", "INVITE, ACK, CANCEL, BYE, UPDATE, PRACK");
  if ((how & 64U) != 0) text.add("Request-Disposition", "no-fork");
  if ((how & 1U) == 0) describe(text);
  party.invites.push_back(text);
  return said(who, text);
}

Hostile::Answer Hostile::answer_invite(base::Instant now) {
  const std::size_t any = bytes_.below(8);
  const std::size_t who = any == 7 ? parties_.size() - 1 : any % kPhones;
  std::vector<const Text*> open;
  for (const Text& request : parties_[who].requests)
    if (request.method() == "INVITE") open.push_back(&request);
  const Text* request = chosen(open);
  if (request == nullptr) return std::nullopt;
  return respond(who, *request, now);
}

Hostile::Answer Hostile::answer_other(base::Instant now) {
  const std::size_t who = bytes_.below(parties_.size());
  std::vector<const Text*> open;
  for (const Text& request : parties_[who].requests)
    if (request.method() != "ACK") open.push_back(&request);
  const Text* request = chosen(open);
  if (request == nullptr) return std::nullopt;
  return respond(who, *request, now);
}

Hostile::Answer Hostile::respond(std::size_t who, const Text& request, base::Instant now) {
  static constexpr std::array<std::uint16_t, 24> kCodes{180, 200, 183, 100, 486, 200, 603, 302,
                                                        480, 500, 503, 401, 487, 491, 422, 408,
                                                        180, 200, 600, 404, 481, 420, 199, 202};
  const std::uint16_t code = bytes_.one_of(kCodes);
  const std::uint8_t how = bytes_.next();
  if (!fits(request, code, now)) unclear_ = true;
  Text out;
  out.start = "SIP/2.0 " + std::to_string(code) + " So";
  for (const std::string& via : request.all("Via")) out.add("Via", via);
  out.add("From", request.get("From"));
  std::string to = request.get("To");
  if (request.tag("To").empty() && code > 100) to += (how & 1U) != 0 ? ";tag=fork" : ";tag=own";
  out.add("To", to);
  out.add("Call-ID", request.get("Call-ID"));
  out.add("CSeq", request.get("CSeq"));
  if (code / 100 == 3) out.add("Contact", "<sip:102@office.example>, <sip:777@office.example>");
  if (code / 100 == 2 || (code < 200 && (how & 2U) == 0))
    out.add("Contact", "<" + contact(parties_[who]) + ">");
  if (code > 100 && code < 200 && (how & 4U) != 0) {
    out.add("Require", "100rel");
    out.add("RSeq", std::to_string(1 + (how >> 6U)));
  }
  if ((how & 8U) != 0) out.add("Allow", "INVITE, ACK, CANCEL, BYE, UPDATE");
  if ((how & 16U) != 0) out.add("Session-Expires", "90;refresher=uas");
  if (code >= 300 && (how & 16U) != 0) out.add("Retry-After", "1");
  if (code == 422) out.add("Min-SE", "200");
  if (request.method() == "INVITE" && code != 100 && code < 300 && (how & 32U) == 0) describe(out);
  return said(who, out);
}

// Whether a phone in its right mind answers so now, after what it answered before.
bool Hostile::fits(const Text& request, std::uint16_t code, base::Instant now) {
  Asked& asked = asked_[request.method() + request.branch()];
  const std::uint16_t before = asked.final_code;
  if (code < 200 && now < asked.arrived + kGiveUp) asked.provisional = true;
  if (code >= 200 && before == 0) asked.final_code = code;
  if (request.method() != "INVITE") return true;
  if (before != 0) return before == code || (before < 300 && code / 100 == 2);
  const base::Instant waits_from = asked.canceled.value_or(asked.arrived);
  const bool waits = asked.provisional && !asked.canceled.has_value();
  return code / 100 == 2 || waits || now < waits_from + kGiveUp;
}

// Of whatever final response this party got to an INVITE.
Hostile::Answer Hostile::acknowledge() {
  const std::size_t who = bytes_.below(parties_.size());
  std::vector<const Text*> finals;
  for (const Text& response : parties_[who].responses)
    if (response.method() == "INVITE" && response.code() >= 200) finals.push_back(&response);
  const Text* response = chosen(finals);
  if (response == nullptr) return std::nullopt;
  Text ack = of_dialog("ACK", who, *response, response->cseq());
  if (response->code() >= 300) ack.headers.front() = {"Via", response->get("Via")};
  if ((bytes_.next() & 1U) != 0) describe(ack);
  return said(who, ack);
}

Hostile::Answer Hostile::cancel() {
  const std::size_t who = kPhones + bytes_.below(kCallers);
  std::vector<const Text*> invites;
  for (const Text& invite : parties_.at(who).invites) invites.push_back(&invite);
  const Text* invite = chosen(invites);
  if (invite == nullptr) return std::nullopt;
  Text out;
  out.start = "CANCEL " + invite->uri() + " SIP/2.0";
  for (const char* name : {"Via", "From", "To", "Call-ID"}) out.add(name, invite->get(name));
  out.add("Max-Forwards", "70");
  out.add("CSeq", std::to_string(invite->cseq()) + " CANCEL");
  if (bytes_.below(2) == 1) out.add("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"");
  return said(who, out);
}

// A request in a dialog that the engine made with this party, from either end.
Hostile::Answer Hostile::inside() {
  static constexpr std::array kMethods{"BYE",     "INVITE", "UPDATE", "INFO",   "PRACK",
                                       "OPTIONS", "REFER",  "NOTIFY", "MESSAGE"};
  const std::size_t who = bytes_.below(parties_.size());
  Party& party = parties_[who];
  const std::string method = bytes_.one_of(kMethods);
  const std::uint8_t how = bytes_.next();
  std::vector<const Text*> ends;
  for (const Text& response : party.responses)
    if (response.method() == "INVITE" && !response.tag("To").empty()) ends.push_back(&response);
  for (const Text& request : party.requests)
    if (request.method() == "INVITE") ends.push_back(&request);
  const Text* end = chosen(ends);
  if (end == nullptr) return std::nullopt;
  const std::uint32_t cseq = (how & 1U) != 0 ? 1 : 1 + ++cseq_;
  Text out = of_dialog(method, who, *end, cseq);
  out.add("Contact", "<" + contact(party) + ">");
  if (method == "PRACK") out.add("RAck", end->get("RSeq") + " " + end->get("CSeq"));
  if ((how & 2U) != 0) out.add("Supported", "timer");
  if ((how & 4U) != 0) out.add("Session-Expires", "90");
  if ((how & 8U) == 0 && (method == "INVITE" || method == "UPDATE")) describe(out);
  if (method == "INVITE") party.invites.push_back(out);
  return said(who, out);
}

// As UAC after a response, as UAS after a request of the engine.
Text Hostile::of_dialog(const std::string& method, std::size_t who, const Text& end,
                        std::uint32_t cseq) {
  const std::string target =
      end.get("Contact").empty() ? "sip:" + std::string{kServer} : uri_in(end.get("Contact"));
  Text out;
  out.start = method + " " + target + " SIP/2.0";
  top(out, parties_[who]);
  const bool called = end.is_request();
  std::string own = end.get(called ? "To" : "From");
  if (called && end.tag("To").empty()) own += ";tag=own";
  out.add("From", own);
  out.add("To", end.get(called ? "From" : "To"));
  out.add("Call-ID", end.get("Call-ID"));
  out.add("CSeq", std::to_string(cseq) + " " + method);
  return out;
}

Hostile::Answer Hostile::register_phone() {
  const std::size_t who = bytes_.below(kPhones);
  const Party& party = parties_[who];
  const std::uint8_t how = bytes_.next();
  Text out;
  out.start = "REGISTER sip:office.example SIP/2.0";
  top(out, party);
  out.add("From", "<sip:" + party.user + "@office.example>;tag=r" + token());
  out.add("To", "<sip:" + party.user + "@office.example>");
  out.add("Call-ID", "r" + party.user);
  out.add("CSeq", std::to_string(10 + ++cseq_) + " REGISTER");
  out.add("Contact", (how & 1U) != 0 ? "*" : "<" + contact(party) + ">");
  out.add("Expires", (how & 2U) != 0 ? "0" : "60");
  authorize(out, party);
  return said(who, out);
}

void Hostile::authorize(Text& text, const Party& party) const {
  if (party.challenge.empty()) return;
  sip::DigestClient client{party.user, "pw" + party.user};
  const std::vector<std::string_view> views{party.challenge};
  if (!client.take_challenge(views, false)) return;
  base::SplitMix rng{cseq_};
  const std::string line = client.authorization("REGISTER", "sip:office.example", rng);
  text.add("Authorization", line.substr(line.find(": ") + 2, line.size() - line.find(": ") - 4));
}

Hostile::Answer Hostile::repeat_or_damage() {
  if (log_.empty()) return std::nullopt;
  Said out = log_[log_.size() - 1 - bytes_.below(log_.size())];
  const std::uint8_t how = bytes_.next() % 3;
  if (how == 0) {
    // After its final response an INVITE may be a new one; the wire does not tell.
    const Text text = Text::parse(out.bytes);
    for (const Text& response : parties_[out.from].responses)
      if (text.is_request() && text.method() == "INVITE" && response.code() >= 200 &&
          response.branch() == text.branch())
        return std::nullopt;
    return out;
  }
  out.whole = false;
  const std::size_t at = (std::size_t{bytes_.next()} * 7 + bytes_.next()) % out.bytes.size();
  if (how == 1)
    out.bytes[at] = static_cast<char>(bytes_.next());
  else
    out.bytes.erase(at, 1 + bytes_.below(40));
  return out;
}

}  // namespace sim
