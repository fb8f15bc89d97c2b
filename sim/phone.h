#pragma once
// A scripted SIP phone on the simulated network: registers, calls, is called; and misbehaves as
// told.
//
// It is a small but honest user agent: it repeats requests and 2xx on its own timers, acknowledges,
// answers CANCEL and BYE. What it saw and did stands in `seen`.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "sim/network.h"
#include "sim/text.h"

namespace sim {

// What a phone does when it is called. Times are from the arrival of the INVITE.
struct Habit {
  std::optional<base::Duration> trying{base::Duration{0}};  // 100; absent: none
  std::optional<base::Duration> rings{base::Duration{20}};  // 180; absent: none
  std::optional<base::Duration> early_media;                // 183 with SDP
  std::optional<base::Duration> answers;                    // 200
  std::optional<base::Duration> fails;                      // with `code`
  int code = 486;
  std::vector<std::string> extra;  // header lines of its final failure, e.g. "Contact: <…>"
  bool dead = false;               // takes everything, says nothing
  bool answers_twice = false;      // a second 200 with another To-tag 50 ms later (forking proxy)
  bool answers_cancel_with_200 = false;  // its 200 crosses our CANCEL: never a 487
  bool never_487 = false;                // answers the CANCEL only
  bool reliable = false;                 // sends its 18x reliably (RFC 3262)
  bool sdp_in_200 = true;
  std::optional<base::Duration> hangs_up;  // BYE, so long after its 200
};

// A call as its phone sees it.
struct PhoneCall {
  enum class State : std::uint8_t { Calling, Ringing, Talking, Over };
  bool outgoing = false;
  State state = State::Calling;
  std::string call_id, local_tag, remote_tag, remote_uri, local_uri, target;
  std::vector<std::string> routes;
  std::uint32_t local_cseq = 0, remote_cseq = 0;
  Text invite;                // ours or theirs
  std::string last_response;  // UAS: what a repeated INVITE is answered with
  std::string ack;            // UAC: repeated for a repeated 200
  int final_code = 0;
  bool acked = false;
  bool canceled = false;  // we were cancelled, or have cancelled
  bool cancel_when_provisional = false;
  bool provisional = false;
  std::vector<std::string> reasons;  // Reason lines of the CANCEL or BYE that ended it
  std::optional<base::Instant> arrived, rang, answered, ended;
  std::string remote_sdp;
  // The port of ours that it was told to send its sound to; 0: none.
  [[nodiscard]] std::uint16_t sound_port() const;
  bool missed() const;  // it rang here, nobody here took it, and nobody said "completed elsewhere"
};

class Phone {
 public:
  struct Account {
    std::string username, password, domain;
    bool operator==(const Account&) const = default;
  };
  Phone(Scheduler& scheduler, Network& network, base::Address own, base::Address server,
        Account account);
  Phone(const Phone&) = delete;
  Phone& operator=(const Phone&) = delete;

  Habit habit;
  // Sends REGISTER, answers the challenge. `expires` in seconds; 0 removes.
  void register_now(int expires = 3600);
  // Calls `number`; the index of the call in `calls`.
  std::size_t call(const std::string& number, const std::vector<std::string>& extra = {});
  void cancel(std::size_t index, const std::vector<std::string>& extra = {});
  void hang_up(std::size_t index);
  // A request inside the dialog: INFO, UPDATE, REFER, or INVITE with this SDP.
  void request(std::size_t index, const std::string& method, const std::string& body = {},
               const std::string& type = "application/sdp",
               const std::vector<std::string>& extra = {});
  // Sends the other side of this call on to a number (blind transfer), or into the call `second` of
  // this phone (attended).
  void transfer(std::size_t index, const std::string& number);
  void transfer(std::size_t index, const PhoneCall& second);
  // SUBSCRIBE of the dialogs of a number; what it is told stands in `notified`.
  void watch(const std::string& number);
  // The Replaces line for the dialog that the last NOTIFY showed as early; empty: it showed none.
  [[nodiscard]] std::string replaces() const;
  // Answers a call that rings (its own habit may be silent about it).
  void answer(std::size_t index);
  void refuse(std::size_t index, int code);
  // Off: packets to it vanish and it sends nothing.
  void power(bool on);

  [[nodiscard]] const std::vector<PhoneCall>& calls() const { return calls_; }
  [[nodiscard]] bool registered() const { return registered_; }
  [[nodiscard]] const base::Address& address() const { return own_; }
  [[nodiscard]] const Account& account() const { return account_; }
  [[nodiscard]] std::size_t missed_calls() const;
  [[nodiscard]] bool talking() const;
  std::string instance;        // +sip.instance of its Contact, or empty
  std::string codecs = "0 8";  // payload types that it offers
  bool offers_late = false;    // INVITE without SDP, answer in the ACK
  bool wants_100rel = false;   // Supported: 100rel, and PRACKs
  bool acknowledges = true;    // false: never sends an ACK for a 200
  std::vector<Text> notified;  // NOTIFYs to what it watches
  std::vector<Text> received;  // every message, in order
  std::vector<base::Instant> received_at;

 private:
  struct Outgoing {  // a client transaction of ours
    std::string bytes;
    base::Duration next{500};
    base::Instant give_up{};
    bool invite = false;
    bool done = false;
    bool proceeding = false;
  };

  void on_packet(const std::string& bytes);
  void on_request(const Text& request);
  void on_response(const Text& response);
  void on_invite(const Text& request);
  void on_reinvite(PhoneCall& call, const Text& request);
  void on_cancel(const Text& request);
  void on_bye(const Text& request);
  void on_ack(const Text& request);
  void on_invite_response(PhoneCall& call, const Text& response);
  void on_invite_success(PhoneCall& call, const Text& response);
  void acknowledge_refusal(const Text& response, const std::string& uri);
  void on_challenge(const Text& response);
  void run_habit(std::size_t index);
  void send_provisional(std::size_t index, int code, bool with_sdp);
  void send_final(std::size_t index, int code, const std::string& tag_suffix = {});
  void repeat_final(std::size_t index, std::string bytes, base::Duration gap, base::Instant until);
  void start(const Text& request);
  void repeat(const std::string& branch);
  void send(std::string bytes);
  void end(PhoneCall& call, const Text* by);
  [[nodiscard]] Text request_text(const std::string& method, const std::string& uri,
                                  std::uint32_t cseq) const;
  [[nodiscard]] Text in_dialog(PhoneCall& call, const std::string& method);
  [[nodiscard]] Text response_text(const Text& request, int code, const std::string& tag) const;
  [[nodiscard]] PhoneCall* find(const std::string& call_id);
  [[nodiscard]] std::string new_token(const char* what);
  [[nodiscard]] std::string contact() const;
  [[nodiscard]] std::string sdp();
  [[nodiscard]] std::string authorization(const Text& challenge, const std::string& method,
                                          const std::string& uri);

  // Given to us.
  Scheduler& scheduler_;
  Network& network_;
  base::Address own_, server_;
  Account account_;
  // Owned.
  std::vector<PhoneCall> calls_;
  std::map<std::string, std::size_t> latest_;  // of a Call-ID: its place in calls_
  std::map<std::string, Outgoing> outgoing_;   // by branch
  std::map<std::string, Text> requests_;       // by branch, to be sent again with credentials
  // Plain state.
  std::uint64_t tokens_ = 0;
  std::uint32_t register_cseq_ = 0;
  std::uint32_t sdp_version_ = 1;
  bool registered_ = false;
  bool on_ = true;
};

}  // namespace sim
