// The harness of the call tests; see harness.h.

#include "call/testing/harness.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "sip/digest.h"

namespace call::testing {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}
std::string trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

bool is_what(const Wire& wire, std::string_view what) {
  const std::string name = brief(wire);
  return name == what || (!wire.is_request && name.substr(0, name.find(' ')) == what);
}

std::shared_ptr<const model::Snapshot> snapshot_of(const model::Office& office) {
  return model::Snapshot::build(office, {});
}

}  // namespace

std::string Wire::header(std::string_view name) const {
  const auto values = all(name);
  return values.empty() ? std::string() : values.front();
}

std::vector<std::string> Wire::all(std::string_view name) const {
  std::vector<std::string> out;
  const std::string wanted = lower(name);
  for (const auto& [key, value] : headers) {
    if (lower(key) == wanted) out.push_back(value);
  }
  return out;
}

std::string Wire::parameter(std::string_view header_name, std::string_view name) const {
  const std::string value = header(header_name);
  const std::string key = ";" + std::string(name) + "=";
  const std::size_t close = value.rfind('>');
  const std::size_t found = value.find(key, close == std::string::npos ? 0 : close);
  if (found == std::string::npos) return {};
  const std::size_t start = found + key.size();
  return value.substr(start, value.find_first_of(";, ", start) - start);
}

std::uint32_t Wire::cseq() const {
  return static_cast<std::uint32_t>(std::strtoul(header("CSeq").c_str(), nullptr, 10));
}

std::string Wire::cseq_method() const {
  const std::string value = header("CSeq");
  return value.substr(value.find(' ') + 1);
}

Wire parse_wire(std::string_view bytes) {
  Wire wire;
  const std::size_t head_end = bytes.find("\r\n\r\n");
  EXPECT_NE(head_end, std::string_view::npos) << bytes;
  wire.body = std::string(bytes.substr(head_end + 4));
  std::string_view head = bytes.substr(0, head_end + 2);
  const std::string start(head.substr(0, head.find("\r\n")));
  head.remove_prefix(start.size() + 2);
  const std::size_t first = start.find(' ');
  const std::size_t second = start.find(' ', first + 1);
  wire.is_request = start.rfind("SIP/2.0 ", 0) != 0;
  if (wire.is_request) {
    wire.method = start.substr(0, first);
    wire.uri = start.substr(first + 1, second - first - 1);
  } else {
    wire.code = std::atoi(start.substr(first + 1, 3).c_str());
    wire.phrase = start.substr(second + 1);
  }
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(':');
    wire.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  return wire;
}

std::string brief(const Wire& wire) {
  if (wire.is_request) return wire.method;
  return std::to_string(wire.code) + " " + wire.cseq_method();
}

base::Flow udp_flow(std::string_view peer) {
  return {.transport = base::Transport::Udp,
          .listener = 0,
          .local = *base::Address::parse("192.0.2.1:5060"),
          .peer = *base::Address::parse(peer),
          .connection = base::ConnectionId::None};
}

// ---- House ----

House::House(model::Office office, Settings settings, std::uint64_t seed)
    : office_(std::move(office)), rng_(seed) {
  now_.at = base::Instant(base::Duration(1'000'000));
  now_.wall = base::WallTime{1'790'000'000'000};
  engine_ = std::make_unique<Engine>(std::move(settings), rng_, snapshot_of(office_));
  engine_->listening({udp_flow("0.0.0.0:0")});
}

void House::carry_out(Actions& out) {
  for (auto& action : out) {
    if (auto* send = std::get_if<Send>(&action)) {
      Wire wire = parse_wire(*send->bytes);
      wire.flow = send->flow;
      wire.at = now_.at;
      journal_.push_back(brief(wire));
      sent_[send->flow.peer.to_string()].push_back(std::move(wire));
    } else if (auto* tell = std::get_if<Tell>(&action)) {
      if (facts::is_durable(tell->fact)) {
        journal_.push_back("durable:" + std::to_string(tell->fact.index()));
      }
      facts_.push_back(std::move(tell->fact));
    } else if (auto* resolve = std::get_if<Resolve>(&action)) {
      look_ups_.push_back(*resolve);
    }
  }
  out.clear();
  if (!holds_look_ups) answer_look_ups();
}

void House::receive(const base::Flow& from, std::string_view bytes) {
  Actions out;
  engine_->receive(from, bytes, now_, out);
  carry_out(out);
}

void House::advance(base::Duration by) {
  const base::Instant end = now_.at + by;
  int turns = 0;
  for (;;) {
    const auto next = engine_->deadline();
    if (!next.has_value() || *next > end) break;
    if (*next > now_.at) {
      now_.wall.unix_ms += (*next - now_.at).count();
      now_.at = *next;
      turns = 0;
    }
    ASSERT_LT(++turns, 10'000) << "the engine's deadline stands still";
    Actions out;
    engine_->time_reached(now_, out);
    carry_out(out);
  }
  now_.wall.unix_ms += (end - now_.at).count();
  now_.at = end;
}

void House::reconfigure(model::Office office) {
  office_ = std::move(office);
  Actions out;
  engine_->reconfigure(snapshot_of(office_), now_, out);
  carry_out(out);
}

Wire House::take(std::string_view peer) {
  auto& queue = sent_[std::string(peer)];
  if (queue.empty()) {
    ADD_FAILURE() << "nothing was sent to " << peer;
    return {};
  }
  Wire wire = std::move(queue.front());
  queue.pop_front();
  return wire;
}

Wire House::take(std::string_view peer, std::string_view what) {
  auto& queue = sent_[std::string(peer)];
  const std::string before = waiting(peer);
  while (!queue.empty()) {
    Wire wire = std::move(queue.front());
    queue.pop_front();
    if (is_what(wire, what)) return wire;
  }
  ADD_FAILURE() << "no " << what << " to " << peer << " but: " << before;
  return {};
}

bool House::has(std::string_view peer, std::string_view what) const {
  return count(peer, what) > 0;
}

std::size_t House::count(std::string_view peer, std::string_view what) const {
  const auto found = sent_.find(std::string(peer));
  if (found == sent_.end()) return 0;
  return static_cast<std::size_t>(
      std::count_if(found->second.begin(), found->second.end(),
                    [&](const Wire& wire) { return is_what(wire, what); }));
}

std::string House::waiting(std::string_view peer) const {
  std::string out;
  const auto found = sent_.find(std::string(peer));
  if (found == sent_.end()) return out;
  for (const auto& wire : found->second) {
    if (!out.empty()) out += ", ";
    out += brief(wire);
  }
  return out;
}

facts::CallRecord House::record() const {
  const auto ended = facts<facts::CallEnded>();
  EXPECT_EQ(ended.size(), 1U);
  return ended.empty() ? facts::CallRecord{} : ended.back().record;
}

void House::expect_clean_end() {
  advance(base::Duration(120'000));
  const Counters counters = engine_->counters();
  EXPECT_EQ(counters.calls_kept, 0U) << engine_->describe(now_);
  EXPECT_EQ(counters.transactions, 0U) << engine_->describe(now_);
  EXPECT_EQ(counters.bugs, 0U);
  EXPECT_TRUE(engine_->calls(now_).empty());
}

// ---- Phone ----

Phone::Phone(House& house, std::string peer, std::string user, std::string password)
    : house_(house),
      peer_(std::move(peer)),
      user_(std::move(user)),
      password_(std::move(password)),
      flow_(udp_flow(peer_)) {}

std::string Phone::next_branch() {
  return "z9hG4bK-" + user_ + "-" + peer_.substr(peer_.find(':') + 1) + "-" +
         std::to_string(++serial_);
}

std::string Phone::request_text(const std::string& method, const std::string& uri,
                                const std::vector<std::string>& headers,
                                const std::string& body) const {
  std::string out = method + " " + uri + " SIP/2.0\r\n";
  for (const auto& line : headers) out += line + "\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string Phone::authorization(const Wire& challenge, const std::string& method,
                                 const std::string& uri) const {
  const std::string password = password_.empty() ? "secret-" + user_ : password_;
  sip::DigestClient client(user_, password);
  const std::vector<std::string> lines = challenge.all("WWW-Authenticate");
  const std::vector<std::string_view> challenges(lines.begin(), lines.end());
  EXPECT_TRUE(client.take_challenge(challenges, false));
  base::SplitMix rng(cseq_);
  std::string line = client.authorization(method, uri, rng);
  line = line.substr(line.find(':') + 2);
  return line.substr(0, line.find("\r\n"));
}

void Phone::register_contact(std::string_view contact_parameters, int expires) {
  EXPECT_EQ(try_to_register(contact_parameters, expires).code, 200);
}

Wire Phone::try_to_register(std::string_view contact_parameters, int expires) {
  const std::string call_id = "Call-ID: register-" + user_ + "-" + peer_;
  const std::string uri = "sip:" + domain;
  const auto text = [&](const std::string& credentials) {
    std::vector<std::string> headers{"Via: SIP/2.0/UDP " + peer_ + ";rport;branch=" + next_branch(),
                                     "Max-Forwards: 70",
                                     "From: <sip:" + user_ + "@" + domain + ">;tag=r" + user_,
                                     "To: <sip:" + user_ + "@" + domain + ">",
                                     call_id,
                                     "CSeq: " + std::to_string(++cseq_) + " REGISTER",
                                     "Contact: " + contact() + std::string(contact_parameters),
                                     "Expires: " + std::to_string(expires)};
    if (!credentials.empty()) headers.push_back("Authorization: " + credentials);
    return request_text("REGISTER", uri, headers, "");
  };
  send(text(""));
  const Wire challenge = take("401 REGISTER");
  send(text(authorization(challenge, "REGISTER", uri)));
  return house_.take(peer_);
}

Wire Phone::send_invite(const std::string& number, const Options& options) {
  ++cseq_;
  std::vector<std::string> headers{
      "Via: SIP/2.0/UDP " + peer_ + ";rport;branch=" + next_branch(),
      "Max-Forwards: 70",
      "From: \"Caller " + user_ + "\" <sip:" + user_ + "@" + domain + ">;tag=c" +
          std::to_string(serial_),
      "To: <sip:" + number + "@" + domain + ">",
      "Call-ID: call-" + user_ + "-" + std::to_string(serial_) + "@" + peer_,
      "CSeq: " + std::to_string(cseq_) + " INVITE"};
  if (options.contact != "-")
    headers.push_back("Contact: " + (options.contact.empty() ? contact() : options.contact));
  for (const auto& line : options.extra) headers.push_back(line);
  if (!options.body.empty()) headers.push_back("Content-Type: " + options.content_type);
  const std::string text =
      request_text("INVITE", "sip:" + number + "@" + domain, headers, options.body);
  send(text);
  return parse_wire(text);
}

Wire Phone::invite(const std::string& number, const Options& options) {
  Wire first = send_invite(number, options);
  if (password_.empty()) return first;
  const Wire challenge = take("401 INVITE");
  ack(first, challenge);
  ++cseq_;
  std::vector<std::string> headers;
  for (auto& [name, value] : first.headers) {
    if (name == "Via") value = "SIP/2.0/UDP " + peer_ + ";rport;branch=" + next_branch();
    if (name == "CSeq") value = std::to_string(cseq_) + " INVITE";
    if (name != "Content-Length") headers.push_back(name + ": " + value);
  }
  headers.push_back("Authorization: " + authorization(challenge, "INVITE", first.uri));
  const std::string text = request_text("INVITE", first.uri, headers, first.body);
  send(text);
  return parse_wire(text);
}

void Phone::cancel(const Wire& invite, const Options& options) {
  std::vector<std::string> headers{
      "Via: " + invite.header("Via"),         "Max-Forwards: 70",
      "From: " + invite.header("From"),       "To: " + invite.header("To"),
      "Call-ID: " + invite.header("Call-ID"), "CSeq: " + std::to_string(invite.cseq()) + " CANCEL"};
  for (const auto& line : options.extra) headers.push_back(line);
  send(request_text("CANCEL", invite.uri, headers, ""));
}

void Phone::ack(const Wire& invite, const Wire& response, const Options& options) {
  const bool success = response.code / 100 == 2;
  std::string uri = invite.uri;
  if (success) {
    const std::string target = response.header("Contact");
    uri = target.substr(target.find('<') + 1, target.find('>') - target.find('<') - 1);
  }
  std::vector<std::string> headers{
      success ? "Via: SIP/2.0/UDP " + peer_ + ";rport;branch=" + next_branch()
              : "Via: " + invite.header("Via"),
      "Max-Forwards: 70",
      "From: " + invite.header("From"),
      "To: " + response.header("To"),
      "Call-ID: " + invite.header("Call-ID"),
      "CSeq: " + std::to_string(invite.cseq()) + " ACK"};
  for (const auto& line : options.extra) headers.push_back(line);
  if (!options.body.empty()) headers.push_back("Content-Type: " + options.content_type);
  send(request_text("ACK", uri, headers, options.body));
}

void Phone::respond(const Wire& request, int code, const Options& options) {
  std::string out = "SIP/2.0 " + std::to_string(code) + " Whatever\r\n";
  for (const auto& via : request.all("Via")) out += "Via: " + via + "\r\n";
  for (const auto& route : request.all("Record-Route")) out += "Record-Route: " + route + "\r\n";
  out += "From: " + request.header("From") + "\r\n";
  std::string to = request.header("To");
  const std::string tag = options.to_tag.empty() ? "t" + user_ : options.to_tag;
  if (code > 100 && to.find(";tag=") == std::string::npos && tag != "-") to += ";tag=" + tag;
  out += "To: " + to + "\r\n";
  out += "Call-ID: " + request.header("Call-ID") + "\r\n";
  out += "CSeq: " + request.header("CSeq") + "\r\n";
  const std::string own = options.contact.empty() ? contact() : options.contact;
  if (own != "-") out += "Contact: " + own + "\r\n";
  for (const auto& line : options.extra) out += line + "\r\n";
  if (!options.body.empty()) out += "Content-Type: " + options.content_type + "\r\n";
  out += "Content-Length: " + std::to_string(options.body.size()) + "\r\n\r\n" + options.body;
  send(out);
}

Wire Phone::in_dialog(const std::string& method, const Wire& invite, const Wire& response,
                      const Options& options) {
  const bool we_called = response.flow.peer.to_string() == peer_;
  const std::string target = we_called ? response.header("Contact") : invite.header("Contact");
  const std::string uri =
      target.substr(target.find('<') + 1, target.find('>') - target.find('<') - 1);
  const std::string own_tag = options.to_tag.empty() ? "t" + user_ : options.to_tag;
  const std::uint32_t number =
      method == "ACK" || method == "CANCEL" ? invite.cseq() : 1000 + ++cseq_;
  std::vector<std::string> headers{
      "Via: SIP/2.0/UDP " + peer_ + ";rport;branch=" + next_branch(),
      "Max-Forwards: 70",
      "From: " + (we_called ? invite.header("From") : invite.header("To") + ";tag=" + own_tag),
      "To: " + (we_called ? response.header("To") : invite.header("From")),
      "Call-ID: " + invite.header("Call-ID"),
      "CSeq: " + std::to_string(number) + " " + method};
  if (method == "INVITE" || method == "UPDATE") headers.push_back("Contact: " + contact());
  for (const auto& line : options.extra) headers.push_back(line);
  if (!options.body.empty()) headers.push_back("Content-Type: " + options.content_type);
  const std::string text = request_text(method, uri, headers, options.body);
  send(text);
  return parse_wire(text);
}

Wire Phone::be_cancelled(const Wire& invite) {
  Wire cancel = take("CANCEL");
  respond(cancel, 200);
  respond(invite, 487);
  (void)take("ACK");
  return cancel;
}

// ---- Desk ----

Desk::Desk(model::Office office, Settings settings)
    : house(std::move(office), std::move(settings)),
      caller(house, "192.0.2.105:5060", "105", "secret-105"),
      alice(house, "192.0.2.101:5060", "101"),
      bob(house, "192.0.2.102:5060", "102"),
      carol(house, "192.0.2.103:5060", "103") {
  for (Phone* phone : {&caller, &alice, &bob, &carol}) phone->register_contact();
  house.forget_all();
}

Talk Desk::talk(const std::string& number, const Options& offer, const Options& answer) {
  Talk talk;
  talk.invite = caller.invite(number, offer);
  talk.leg = alice.take("INVITE");
  alice.respond(talk.leg, 180);
  alice.respond(talk.leg, 200, answer);
  talk.leg_ack = alice.take("ACK");
  talk.ok = caller.take("200 INVITE");
  caller.ack(talk.invite, talk.ok);
  house.forget_all();
  return talk;
}

// ---- offices ----

model::User user(const std::string& extension, const std::string& name) {
  model::User made;
  made.extension = extension;
  made.name = name.empty() ? "User " + extension : name;
  made.sip_username = extension;
  made.sip_password = "secret-" + extension;
  return made;
}

model::Member member(const std::string& target) {
  model::Member made;
  made.target = target;
  return made;
}

model::Office small_office() {
  model::Office office;
  office.tenant = "office.example";
  for (const char* extension : {"101", "102", "103", "104", "105"}) {
    office.users.push_back(user(extension));
  }
  return office;
}

model::Office office_with(model::Strategy strategy, const std::vector<std::string>& members) {
  model::Office office = small_office();
  office.groups.push_back(group("8001", strategy, members));
  return office;
}

model::Group group(const std::string& extension, model::Strategy strategy,
                   const std::vector<std::string>& members) {
  model::Group made;
  made.name = "Group " + extension;
  made.extensions = {extension};
  made.strategy = strategy;
  for (const auto& target : members) made.members.push_back(member(target));
  return made;
}

}  // namespace call::testing
