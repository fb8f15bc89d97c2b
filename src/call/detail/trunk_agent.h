#pragma once
// What the engine keeps of one trunk: where it is, our registration there, its digest.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "call/detail/ids.h"
#include "call/detail/transaction_layer.h"
#include "model/office.h"
#include "sip/digest.h"
#include "sip/locate.h"
#include "sip/message.h"

namespace call {

class Core;

class TrunkAgent final {
 public:
  explicit TrunkAgent(std::string id) : id_(std::move(id)) {}

  // The trunk as it is now; null when it was removed. A change of where or who begins anew.
  void configure(Core& core, const model::Trunk* trunk);
  // Where requests to it go, the first one first; null while that is not known. A host name is
  // looked up again when what is known of it is old. Valid until the next call.
  [[nodiscard]] const std::vector<base::Flow>* ways(Core& core);
  // True unless it must register and is refused.
  [[nodiscard]] bool usable() const { return configured_ && (!registers_ || !refused_); }
  // The header line that answers a 401 or 407, with CRLF; "" if we cannot.
  [[nodiscard]] std::string answer_challenge(Core& core, const sip::Message& response,
                                             std::string_view method, const std::string& uri,
                                             bool bare);
  // Calls that come by the way of our registration are the trunk's.
  [[nodiscard]] bool is_registered_at(const base::Flow& flow) const;

  // This connection is gone. The registrar may know no other way to us (RFC 5626 4.4.1).
  void on_connection_lost(Core& core, const base::Flow& flow);
  // Nothing came back from there: the others are tried before it, until DNS is asked again.
  void put_last(const base::Flow& way);
  // The answer to Core::look_up_for_trunk().
  void on_resolved(Core& core, std::uint64_t token, const sip::Locations& places);
  void on_time(Core& core);
  [[nodiscard]] std::optional<base::Instant> deadline() const;
  [[nodiscard]] bool owns(const Id& client) const { return waiting_ && client == client_; }
  void on_event(Core& core, const ClientEvent& event, const sip::Message* response);
  // Takes the registration back.
  void stop(Core& core);

 private:
  void send_register(Core& core, std::uint32_t expires, const std::string& authorization);
  void on_response(Core& core, const sip::Message& response);
  [[nodiscard]] bool takes_longer(const sip::Message& response);
  void try_later(Core& core, std::string why);
  void try_elsewhere(Core& core, std::string why);
  void report(Core& core, bool up, std::string why);

  std::string id_, uri_, username_, password_;
  std::optional<sip::DigestClient> digest_;
  std::vector<base::Flow> ways_;  // the one to be tried first; where we are registered
  std::size_t tried_ = 0;         // of them, since one answered
  base::Instant look_again_{};
  std::optional<std::uint64_t> look_up_;  // token of the answer that it waits for
  std::optional<base::Instant> next_;     // refresh or next try
  std::string call_id_, local_tag_;
  std::string contact_uri_;    // as we registered it
  std::uint32_t expires_ = 0;  // seconds, what we ask for
  base::Flow flow_;            // of the registration
  Id client_;
  std::uint32_t cseq_ = 0;
  std::uint32_t failures_ = 0;
  std::uint32_t challenges_ = 0;
  bool configured_ = false, registers_ = false, waiting_ = false, registered_ = false;
  bool bare_ = true;  // the last REGISTER went without credentials
  bool refused_ = false, reported_ = false, reported_up_ = false;
};

}  // namespace call
