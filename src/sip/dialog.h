#pragma once
// A dialog, on either side (RFC 3261 section 12): who with whom, in which order, by which way.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.h"
#include "sip/writer.h"

namespace sip {

enum class Order : std::uint8_t {
  Next,    // rises: serve it
  Repeat,  // the same number again
  Old      // lower: 500 (12.2.2)
};

// A Contact's URI as a Request-URI: without header fields and method parameter, which must not
// stand there (19.1.1, table 1) and are never honoured.
[[nodiscard]] std::string as_request_uri(std::string_view contact_uri);

struct Dialog {
  std::string call_id, local_tag, remote_tag;
  std::string local_uri, remote_uri;  // the name-addr of From and To without their tags
  std::string remote_target;          // the peer's Contact URI
  std::vector<std::string> routes;    // first hop first
  std::uint32_t local_cseq = 0;
  std::uint32_t remote_cseq = 0;  // 0 = nothing yet
  bool confirmed = false;

  // As UAS, from a request that makes a dialog (12.1.1).
  [[nodiscard]] static Dialog from_request(const Message& request, std::string_view local_tag);
  // As UAC, from a response with a To tag to a request of ours (12.1.2).
  [[nodiscard]] static Dialog from_response(const Message& request, const Message& response);

  // True if the message (a request from the peer) belongs to it: Call-ID and both tags.
  [[nodiscard]] bool owns_request(const Message& request) const;
  // Judges the CSeq of a request from the peer and remembers it (12.2.2). ACK and CANCEL do not
  // count.
  [[nodiscard]] Order take_cseq(const Message& request);
  // Target refresh by Contact of an INVITE or UPDATE, or of its 2xx (12.2.1.2, 12.2.2). A Contact
  // that is no SIP or SIPS URI changes nothing (12.1.1).
  void refresh_target(const Message& message);
  // Route set from a 2xx that confirms an early dialog (13.2.2.4).
  void confirm(const Message& response);

  // Request-URI and Route lines (12.2.1.1): with a strict router in front the first route is the
  // Request-URI and the remote target goes last.
  struct NextHop {
    std::string_view request_uri;
    std::string_view first;  // the URI to which the request is sent
  };
  [[nodiscard]] NextHop next_hop() const;

  // Begins a request inside the dialog: start line, Via, Max-Forwards, Routes, From, To, Call-ID
  // and CSeq with `cseq` (ACK: that of its INVITE; others: the next, taken by next_cseq()). Not
  // ok() when the peer gave no Contact to send it to.
  [[nodiscard]] Writer request(Method method, std::uint32_t cseq, std::string_view via) const;
  [[nodiscard]] std::uint32_t next_cseq() { return ++local_cseq; }
};

}  // namespace sip
