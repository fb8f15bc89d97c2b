#pragma once
// For tests and fuzz targets: asks a message for everything that this room can read in it, and
// compares two messages.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/assert.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace sip::testing {

// A sum over what was read, so that nothing is optimised away.
inline std::size_t read_uri(std::string_view text) {
  const auto uri = Uri::parse(text);
  if (!uri.has_value()) return 0;
  return unescaped(uri->user).size() + escaped_user(uri->user).size() + uri->host.size() +
         uri->param("transport").value_or("").size() + uri->headers.size() +
         static_cast<std::size_t>(same_uri(text, text));
}

inline std::size_t read_address(std::string_view value) {
  const auto address = NameAddr::parse(value);
  if (!address.has_value()) return 0;
  return read_uri(address->uri) + unquoted(address->display).size() + address->tag().size() +
         address->param("q").value_or("").size();
}

inline std::size_t read_value(std::string_view value) {
  std::size_t sum = read_address(value);
  if (const auto via = Via::parse(value)) sum += via->branch().size() + via->sent_by.size();
  if (const auto cseq = Cseq::parse(value)) sum += cseq->method.size();
  if (const auto rack = Rack::parse(value)) sum += rack->method.size();
  if (const auto reason = ReasonValue::parse(value)) sum += unquoted(reason->text).size();
  if (const auto expires = SessionExpires::parse(value)) sum += expires->refresher.size();
  if (const auto replaces = Replaces::parse(value)) sum += replaces->call_id.size();
  sum += seconds_of(value).value_or(0);
  sum += quoted(value).size() + find_param(value, "lr").value_or("").size();
  return sum;
}

// Reads every field in every way, and writes what is written from a message. Aborts where a
// promise is broken.
inline std::size_t read_all(const Message::Outcome& outcome) {
  const Message& message = outcome.message;
  std::size_t sum = 0;
  for (const Field& field : message.fields()) {
    ASSERT(!breaks_a_line(field.value) && is_token(field.name));
    sum += read_value(field.value);
    Message::split_list(field.value, [&](std::string_view item) { sum += read_value(item); });
  }
  sum += body_of_type(message, "application/sdp").size();
  const base::Address source{base::IpAddress{{192, 0, 2, 77}, false}, 40'000};
  if (message.answerable()) {
    const Writer answer = response_to(message, source, 400, "tag");
    ASSERT(answer.ok());
    sum += answer.text().size() + response_target(message, source).port;
  }
  return sum;
}

[[nodiscard]] inline bool same_message(const Message& a, const Message& b) {
  return a.is_request() == b.is_request() && a.method() == b.method() &&
         a.method_name() == b.method_name() && a.request_uri() == b.request_uri() &&
         a.code() == b.code() && a.phrase() == b.phrase() && a.cseq() == b.cseq() &&
         a.body() == b.body() &&
         std::ranges::equal(a.fields(), b.fields(), [](const Field& x, const Field& y) {
           return x.id == y.id && x.name == y.name && x.value == y.value;
         });
}

// What was accepted prints and parses again to the same.
[[nodiscard]] inline bool survives_printing(const Message::Outcome& outcome) {
  const Writer printed = rewritten(outcome.message);
  const Message::Outcome again = Message::parse(printed.text());
  return printed.ok() && !again.reject.has_value() && same_message(outcome.message, again.message);
}

}  // namespace sip::testing
