#pragma once
// For the tests of call/: the engine in virtual time with phones that a test plays by hand. What
// the engine sends is parsed from its bytes and laid into a queue for each peer; nothing is sent or
// answered by itself but what a test asks for.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "sip/locate.h"

namespace call::testing {

// One SIP message read in the simplest way, so that it shares no code with what it tests.
struct Wire {
  bool is_request = false;
  std::string method, uri;  // of a request
  int code = 0;             // of a response
  std::string phrase;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  base::Flow flow;
  base::Instant at{};

  // The first value of a header, empty if there is none. Names in any case.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return !all(name).empty(); }
  // A parameter of a header value: tag of From and To, branch of Via.
  [[nodiscard]] std::string parameter(std::string_view header_name, std::string_view name) const;
  [[nodiscard]] std::uint32_t cseq() const;
  [[nodiscard]] std::string cseq_method() const;
};
[[nodiscard]] Wire parse_wire(std::string_view bytes);
// "INVITE" or "180 INVITE".
[[nodiscard]] std::string brief(const Wire& wire);

inline const std::string kSdpOffer =
    "v=0\r\no=- 1111 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";
inline const std::string kSdpAnswer =
    "v=0\r\no=- 2222 1 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\n"
    "m=audio 50000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";

[[nodiscard]] base::Flow udp_flow(std::string_view peer);

class House final {
 public:
  explicit House(model::Office office, Settings settings = {}, std::uint64_t seed = 7);

  // ---- time and packets ----
  void receive(const base::Flow& from, std::string_view bytes);
  void transport_failed(const base::Flow& flow) {
    Actions out;
    engine_->transport_failed(flow, now_, out);
    carry_out(out);
  }
  // Where host names lead; who is not in it is not found.
  std::map<std::string, sip::Locations> zone{};
  // What is asked waits for answer_look_ups(); by default it is answered at once.
  bool holds_look_ups = false;
  void answer_look_ups() {
    for (const Resolve& asked : std::exchange(look_ups_, {})) {
      Actions out;
      const auto found = zone.find(asked.wanted.host);
      engine_->resolved(asked.token, found == zone.end() ? sip::Locations() : found->second, now_,
                        out);
      carry_out(out);
    }
  }
  // Sockets of all these transports, where requests of our own go out.
  void listen_by(const std::vector<base::Transport>& transports) {
    std::vector<base::Flow> listeners;
    for (const base::Transport transport : transports) {
      base::Flow listener = udp_flow("0.0.0.0:0");
      listener.transport = transport;
      listener.listener = static_cast<std::uint8_t>(listeners.size());
      listeners.push_back(listener);
    }
    engine_->listening(std::move(listeners));
  }
  // The only listener, where requests of our own go out; by default an address of this machine.
  void listen_at(const base::Address& local) {
    base::Flow listener = udp_flow("0.0.0.0:0");
    listener.local = local;
    engine_->listening({listener});
  }
  // Lets time pass, stopping at each of the engine's deadlines.
  void advance(base::Duration by);
  void reconfigure(model::Office office);

  // Of the only call.
  [[nodiscard]] bool ask_to_answer(const std::string& user_id);

  // So many messages wait in mailboxes.
  void messages_wait(const std::map<std::string, facts::MailboxCounts>& counts);

  // The next packet that went to this peer; fails the test if there is none.
  Wire take(std::string_view peer);
  // The next one to this peer that is `what` ("INVITE", "180 INVITE", "487"); the ones before it
  // are thrown away. Fails the test if there is none.
  Wire take(std::string_view peer, std::string_view what);
  [[nodiscard]] bool has(std::string_view peer, std::string_view what) const;
  [[nodiscard]] std::size_t count(std::string_view peer, std::string_view what) const;
  // All that waits for this peer, as "INVITE, CANCEL".
  [[nodiscard]] std::string waiting(std::string_view peer) const;
  void forget(std::string_view peer) { sent_[std::string(peer)].clear(); }
  void forget_all() { sent_.clear(); }

  // ---- facts ----
  template <class F>
  [[nodiscard]] std::vector<F> facts() const {
    std::vector<F> out;
    for (const auto& fact : facts_) {
      if (const auto* found = std::get_if<F>(&fact)) out.push_back(*found);
    }
    return out;
  }
  // The only finished call's record; fails the test unless there is exactly one.
  [[nodiscard]] facts::CallRecord record() const;
  // Order in which durable facts and packets left: "fact:CallArrived", "INVITE", …
  [[nodiscard]] const std::vector<std::string>& journal() const { return journal_; }

  // Lets everything end and expects that nothing is left: no call, no transaction.
  void expect_clean_end();

  [[nodiscard]] base::Now now() const { return now_; }
  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] const model::Office& office() const { return office_; }

 private:
  void carry_out(Actions& out);

  model::Office office_;
  base::SplitMix rng_;
  base::Now now_;
  std::unique_ptr<Engine> engine_;
  std::map<std::string, std::deque<Wire>> sent_;
  std::vector<facts::Fact> facts_;
  std::vector<std::string> journal_;
  std::vector<Resolve> look_ups_;
};

// What a test may change of a message that a phone sends.
struct Options {
  std::string body;
  std::string content_type = "application/sdp";
  std::vector<std::string> extra;  // whole header lines without CRLF
  std::string to_tag;              // of a response; empty = the phone's own
  std::string contact;             // empty = the phone's own; "-" = none
};

// A phone at one address with one account.
class Phone final {
 public:
  Phone(House& house, std::string peer, std::string user, std::string password = {});

  // REGISTER with digest, expects the 200.
  void register_contact(std::string_view contact_parameters = "", int expires = 3600);

  // REGISTER, and once more with the credentials for the challenge: the answer to that.
  Wire try_to_register(std::string_view contact_parameters = "", int expires = 3600);

  // SUBSCRIBE of what `lines` name, with digest: the last answer. In the dialog of `before`, a 200
  // to an earlier one, if that is given.
  Wire subscribe(const std::string& to, const std::vector<std::string>& lines,
                 const Wire* before = nullptr);

  // MESSAGE with digest: the last answer.
  Wire message(const std::string& to, const std::string& type, const std::string& text);

  // A new INVITE outside a dialog, with digest if the phone has a password: the 401 and the retry
  // are dealt with. Returns the INVITE as it was accepted.
  Wire invite(const std::string& number, const Options& options = {});
  // The same without expecting anything: one INVITE as it stands.
  Wire send_invite(const std::string& number, const Options& options = {});
  void cancel(const Wire& invite, const Options& options = {});
  void ack(const Wire& invite, const Wire& response, const Options& options = {});

  // Answers a request that came.
  void respond(const Wire& request, int code, const Options& options = {});
  // A request inside the dialog that `request`/`response` made; `we_called`: whether this phone
  // sent the INVITE. Returns what was sent.
  Wire in_dialog(const std::string& method, const Wire& invite, const Wire& response,
                 const Options& options = {});

  // ---- the house's queue of this phone ----
  Wire take(std::string_view what) { return house_.take(peer_, what); }
  [[nodiscard]] bool has(std::string_view what) const { return house_.has(peer_, what); }
  [[nodiscard]] std::size_t count(std::string_view what) const { return house_.count(peer_, what); }
  [[nodiscard]] std::string waiting() const { return house_.waiting(peer_); }
  void forget() { house_.forget(peer_); }
  // CANCEL and its 200 and 487 and the ACK, in one: expects the CANCEL and returns it.
  Wire be_cancelled(const Wire& invite);

  void send(const std::string& bytes) { house_.receive(flow_, bytes); }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  [[nodiscard]] const base::Flow& flow() const { return flow_; }
  // From now on it comes by this TCP connection.
  void connect_by(base::ConnectionId connection) {
    flow_.transport = base::Transport::Tcp;
    flow_.connection = connection;
  }
  // It takes this for its address; a NAT sends its packets on from the other one.
  void stand_behind_nat(std::string own) { own_ = std::move(own); }
  [[nodiscard]] std::string contact() const {
    return "<sip:" + user_ + "@" + (own_.empty() ? peer_ : own_) + ">";
  }
  std::string domain = "office.example";
  // REGISTER and INVITE as they go out; used by tests that change one thing.
  [[nodiscard]] std::string request_text(const std::string& method, const std::string& uri,
                                         const std::vector<std::string>& headers,
                                         const std::string& body) const;
  [[nodiscard]] std::string next_branch();

 private:
  [[nodiscard]] std::string authorization(const Wire& challenge, const std::string& method,
                                          const std::string& uri) const;

  House& house_;
  std::string peer_, user_, password_, own_;
  base::Flow flow_;
  std::uint32_t cseq_ = 0;
  std::uint32_t serial_ = 0;
};

[[nodiscard]] inline Options with_offer() {
  Options options;
  options.body = kSdpOffer;
  return options;
}
[[nodiscard]] inline Options with_answer() {
  Options options;
  options.body = kSdpAnswer;
  return options;
}
[[nodiscard]] inline Options with_line(const std::string& line) {
  Options options;
  options.extra = {line};
  return options;
}

// An answered call and the messages that made it.
struct Talk {
  Wire invite, ok;    // the caller's INVITE and the 200 that he got
  Wire leg, leg_ack;  // the callee's INVITE and ACK
};

// A house with 105 as the caller and 101, 102 and 103 registered.
struct Desk {
  explicit Desk(model::Office office, Settings settings = {});
  // 105 calls, 101 answers, both ACKs are there.
  Talk talk(const std::string& number = "101", const Options& offer = with_offer(),
            const Options& answer = with_answer());

  House house;
  Phone caller, alice, bob, carol;
};

// ---- an office to test with ----
[[nodiscard]] model::User user(const std::string& extension, const std::string& name = {});
[[nodiscard]] model::Member member(const std::string& target);
// Users 101 to 105, no group.
[[nodiscard]] model::Office small_office();
// The same with a group 8001 of these members.
[[nodiscard]] model::Office office_with(model::Strategy strategy,
                                        const std::vector<std::string>& members);
[[nodiscard]] model::Group group(const std::string& extension, model::Strategy strategy,
                                 const std::vector<std::string>& members);

}  // namespace call::testing
