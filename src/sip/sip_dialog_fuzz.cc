// A dialog and requests in any order. The text before the first NUL byte is the message that makes
// it (an INVITE, or the response to ours); each later piece is one more message from the peer, or
// one byte that makes us send.
//
// Promises: the CSeq that we serve only rises, in both directions; tags and Call-ID never change;
// what we send inside the dialog can be read again, goes to the first hop and names our peer.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace {

using sip::Dialog;
using sip::Message;
using sip::Method;

constexpr std::string_view kOurs =
    "INVITE sip:b@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
    "From: <sip:a@office.example>;tag=ours\r\nTo: <sip:b@office.example>\r\nCall-ID: c1\r\n"
    "CSeq: 7 INVITE\r\nContact: <sip:a@192.0.2.1>\r\nContent-Length: 0\r\n\r\n";

class World {
 public:
  explicit World(Dialog dialog)
      : dialog_(std::move(dialog)),
        call_id_(dialog_.call_id),
        remote_tag_(dialog_.remote_tag),
        served_(dialog_.remote_cseq),
        sent_(dialog_.local_cseq) {}

  void send(std::uint8_t byte) {
    const auto method = static_cast<Method>(byte % static_cast<std::uint8_t>(Method::Other));
    const bool ack = method == Method::Ack;
    const std::uint32_t cseq = ack ? dialog_.local_cseq : dialog_.next_cseq();
    ASSERT(ack || cseq > sent_);
    sent_ = std::max(sent_, cseq);
    sip::Writer writer = dialog_.request(method, cseq, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2");
    writer.no_body();
    if (!writer.ok()) {
      ASSERT(dialog_.remote_target.empty());  // the peer gave no Contact
      return;
    }
    check(writer.take(), method, cseq);
  }

  void receive(std::string_view bytes) {
    const Message::Outcome outcome = Message::parse(bytes);
    if (outcome.reject.has_value()) return;
    const Message& message = outcome.message;
    if (message.is_request()) {
      if (dialog_.owns_request(message)) serve(message);
    } else if (message.code() >= 200 && message.code() < 300) {
      dialog_.confirm(message);
      ASSERT(dialog_.confirmed);
    }
    ASSERT(dialog_.call_id == call_id_ && dialog_.remote_tag == remote_tag_);
  }

 private:
  void serve(const Message& message) {
    ASSERT(message.value(sip::Header::CallId) == call_id_);
    const sip::Order order = dialog_.take_cseq(message);
    const bool counts = message.method() != Method::Ack && message.method() != Method::Cancel;
    if (order == sip::Order::Next && counts) {
      ASSERT(served_ == 0 || message.cseq() > served_);
      served_ = message.cseq();
    }
    ASSERT(dialog_.remote_cseq >= served_);
    if (order == sip::Order::Next) dialog_.refresh_target(message);
  }

  // A request of ours, read as the peer would.
  void check(const std::string& bytes, Method method, std::uint32_t cseq) const {
    const Message::Outcome outcome = Message::parse(bytes);
    const auto target = sip::Uri::parse(dialog_.next_hop().request_uri);
    if (!target.has_value()) return;  // what stood in place of a Contact was no address
    ASSERT(!outcome.message.fields().empty());
    ASSERT(outcome.message.request_uri() == dialog_.next_hop().request_uri);
    ASSERT(outcome.message.method() == method && outcome.message.cseq() == cseq);
    ASSERT(outcome.message.value(sip::Header::CallId) == call_id_);
    const auto to = sip::to_of(outcome.message);
    ASSERT(to.has_value() && to->tag() == remote_tag_);
    const auto from = sip::from_of(outcome.message);
    ASSERT(from.has_value() && from->tag() == dialog_.local_tag);
  }

  Dialog dialog_;
  std::string call_id_, remote_tag_;
  std::uint32_t served_, sent_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  std::string_view rest = text;
  const auto next_piece = [&rest] {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return piece;
  };
  const Message::Outcome first = Message::parse(next_piece());
  if (first.reject.has_value()) return 0;
  const Message ours = Message::parse(kOurs).message;
  World world(first.message.is_request() ? Dialog::from_request(first.message, "ours")
                                         : Dialog::from_response(ours, first.message));
  for (int i = 0; i < 64 && !rest.empty(); ++i) {
    const std::string_view piece = next_piece();
    if (piece.size() == 1)
      world.send(static_cast<std::uint8_t>(piece.front()));
    else
      world.receive(piece);
  }
  return 0;
}
