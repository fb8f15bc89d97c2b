#pragma once
// Texts between users of the office: SIP MESSAGE (RFC 3428).
//
// A text is kept first and answered 202, then goes on to every phone of its user; the first that
// takes it ends it. Without a phone, or when none took it, it waits: for a registration, for a
// while, at most seven days. Texts to one user go one after another, in the order in which they
// came.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/detail/ids.h"
#include "call/detail/transaction_layer.h"
#include "facts/fact.h"
#include "facts/text.h"
#include "sip/message.h"

namespace call {

class Core;

class Texts final {
 public:
  explicit Texts(Core& core) : core_(core) {}

  // Why a text is not taken from this user for that one; nothing: it may be kept.
  enum class Full : std::uint8_t { TooFast, NoRoom };
  [[nodiscard]] std::optional<Full> refusal(const std::string& from_user, const std::string& to);
  // Tells that it is kept, durably, and sends it on at the end of the turn.
  void keep(facts::Text text);
  // It was kept by a former process.
  void restore(facts::Text text);
  // A phone of this user registered: what waits for him goes on.
  void on_device(const std::string& user_id);
  void on_event(const ClientEvent& event, const sip::Message* response);
  void reconfigured();
  void time_reached();
  // At the end of a turn: what can go on goes on.
  void settle();
  [[nodiscard]] std::optional<base::Instant> deadline() const { return deadline_; }

 private:
  // The texts of one user.
  struct Line {
    Id id;
    std::string user;
    std::deque<facts::Text> waiting;
    std::vector<Id> sent;     // transactions of the first one that have no final answer
    bool delivered = false;   // a phone took the first one
    bool unwelcome = false;   // one will never take it as it is
    bool looks = false;       // settle() looks at it
    base::Duration pause{0};  // after the last failure
    std::optional<base::Instant> again_at;
  };
  struct Sender {
    std::int64_t left = 0;
    base::Instant at{};
  };

  [[nodiscard]] Line& line_of(const std::string& user_id);
  void look_at(Line& line);
  void send(Line& line);
  [[nodiscard]] std::optional<Id> send_to(const Line& line, const facts::Binding& binding);
  void decide(Line& line);
  void drop_first(Line& line, const char* why);
  void expire(Line& line);
  void forget_empty();
  void set_deadline();

  Core& core_;
  std::map<std::string, std::unique_ptr<Line>, std::less<>> lines_;  // by user id
  SlotTable<Line> table_;
  std::map<std::string, Sender, std::less<>> senders_;  // by user id
  std::size_t count_ = 0;
  bool looks_ = false;
  std::optional<base::Instant> deadline_;
};

}  // namespace call
