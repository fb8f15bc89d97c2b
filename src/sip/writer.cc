#include "sip/writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/address.h"
#include "base/assert.h"
#include "base/limits.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"

namespace sip {
namespace {

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

// The end of the parameter that begins at `at` with its ';'.
std::size_t end_of_param(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != ';'; ++at)
    if (text[at] == '"') at = std::min(skip_quoted(text, at), text.size()) - 1;
  return at;
}

// The top Via of a request with what was seen of its source (18.2.1, RFC 3581).
void append_top_via(std::string& out, std::string_view value, const base::Address& source) {
  const auto via = Via::parse(value);
  const bool asks_rport = via.has_value() && via->param("rport").has_value();
  const auto claimed =
      via.has_value() ? base::IpAddress::parse(via->host) : std::optional<base::IpAddress>{};
  const bool tell_received = asks_rport || !claimed.has_value() || *claimed != source.ip;
  std::size_t semicolon = std::min(value.find(';'), value.size());
  out += value.substr(0, semicolon);
  while (semicolon < value.size()) {
    const std::size_t end = end_of_param(value, semicolon);
    const std::string_view item = value.substr(semicolon, end - semicolon);
    const std::string_view name = trimmed(item.substr(1, item.find('=') - 1));
    if (!same_word(name, "rport") && !same_word(name, "received")) out += item;
    semicolon = end;
  }
  if (asks_rport) {
    out += ";rport=";
    append_number(out, source.port);
  }
  if (tell_received) {
    out += ";received=";
    out += source.ip.to_string();
  }
}

void write_vias(std::string& out, const Message& request, const base::Address& source) {
  bool top = true;
  request.for_each_value(Header::Via, [&](std::string_view value) {
    out += "Via: ";
    if (top)
      append_top_via(out, value, source);
    else
      out += value;
    out += "\r\n";
    top = false;
  });
}

struct Phrase {
  std::uint16_t code;
  std::string_view text;
};
// clang-format off
constexpr auto kPhrases = std::to_array<Phrase>({
    {100, "Trying"}, {180, "Ringing"}, {181, "Call Is Being Forwarded"}, {182, "Queued"},
    {183, "Session Progress"}, {200, "OK"}, {202, "Accepted"}, {300, "Multiple Choices"},
    {301, "Moved Permanently"}, {302, "Moved Temporarily"}, {400, "Bad Request"},
    {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
    {406, "Not Acceptable"}, {407, "Proxy Authentication Required"}, {408, "Request Timeout"},
    {410, "Gone"}, {413, "Request Entity Too Large"}, {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"}, {416, "Unsupported URI Scheme"}, {420, "Bad Extension"},
    {421, "Extension Required"}, {422, "Session Interval Too Small"}, {423, "Interval Too Brief"},
    {480, "Temporarily Unavailable"}, {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"}, {483, "Too Many Hops"}, {484, "Address Incomplete"},
    {486, "Busy Here"}, {487, "Request Terminated"}, {488, "Not Acceptable Here"},
    {489, "Bad Event"}, {491, "Request Pending"}, {500, "Server Internal Error"},
    {501, "Not Implemented"}, {503, "Service Unavailable"}, {504, "Server Time-out"},
    {505, "Version Not Supported"}, {513, "Message Too Large"}, {600, "Busy Everywhere"},
    {603, "Decline"}, {604, "Does Not Exist Anywhere"}, {606, "Not Acceptable"},
});
// clang-format on

}  // namespace

Writer& Writer::request(std::string_view method, std::string_view uri) {
  ok_ = ok_ && is_token(method) && !breaks_a_line(uri) && uri.find(' ') == std::string_view::npos &&
        !uri.empty();
  out_ += method;
  out_ += ' ';
  out_ += uri;
  out_ += " SIP/2.0\r\n";
  return *this;
}

Writer& Writer::status(std::uint16_t code, std::string_view phrase) {
  ok_ = ok_ && !breaks_a_line(phrase);
  out_ += "SIP/2.0 ";
  append_number(out_, code);
  out_ += ' ';
  out_ += phrase;
  out_ += "\r\n";
  return *this;
}

Writer& Writer::header(Header id, std::string_view value) {
  return header(name_of(id), value);
}

Writer& Writer::header(std::string_view name, std::string_view value) {
  ok_ = ok_ && is_token(name) && !breaks_a_line(value);
  append(name, value);
  return *this;
}

Writer& Writer::header(Header id, std::uint64_t value) {
  out_ += name_of(id);
  out_ += ": ";
  append_number(out_, value);
  out_ += "\r\n";
  return *this;
}

Writer& Writer::lines(std::string_view text) {
  out_ += text;
  return *this;
}

Writer& Writer::copy(const Message& from, Header id) {
  for (const Field& field : from.fields()) {
    if (field.id != id) continue;
    if (id == Header::Other)
      header(field.name, field.value);
    else
      append(name_of(id), field.value);  // a parsed value never breaks a line
  }
  return *this;
}

void Writer::append(std::string_view name, std::string_view value) {
  out_ += name;
  out_ += ": ";
  out_ += value;
  out_ += "\r\n";
}

Writer& Writer::body(std::string_view type, std::string_view bytes) {
  if (!bytes.empty()) header(Header::ContentType, type);
  header(Header::ContentLength, bytes.size());
  out_ += "\r\n";
  out_ += bytes;
  return *this;
}

std::string Writer::take() {
  ASSERT(ok_);
  out_.shrink_to_fit();  // what is kept for repetitions is kept by the thousand
  return std::move(out_);
}

Writer rewritten(const Message& message) {
  Writer writer;
  if (message.is_request())
    writer.request(message.method_name(), message.request_uri());
  else
    writer.status(message.code(), message.phrase());
  for (const Field& field : message.fields()) writer.header(field.name, field.value);
  writer.out_ += "\r\n";
  writer.out_ += message.body();
  return writer;
}

std::string_view phrase_of(std::uint16_t code) {
  for (const Phrase& phrase : kPhrases)
    if (phrase.code == code) return phrase.text;
  return "Unknown";
}

Writer response_to(const Message& request, const base::Address& source, std::uint16_t code,
                   std::string_view to_tag) {
  Writer writer;
  writer.status(code, phrase_of(code));
  write_vias(writer.out_, request, source);
  writer.copy(request, Header::From);
  const std::string_view to = request.value(Header::To);
  const auto parsed = NameAddr::parse(to);
  if (!to_tag.empty() && parsed.has_value() && parsed->tag().empty()) {
    // A To without <> would take the tag for a URI parameter's neighbour: it is one of the header.
    std::string tagged{to};
    tagged += ";tag=";
    tagged += to_tag;
    writer.header(Header::To, tagged);
  } else {
    writer.header(Header::To, to);
  }
  writer.copy(request, Header::CallId);
  writer.copy(request, Header::Cseq);
  if (code == 100)  // 8.2.6.1
    if (const Field* sent = request.find("Timestamp"); sent != nullptr)
      writer.header(sent->name, sent->value);
  return writer;
}

base::Address response_target(const Message& request, const base::Address& source) {
  const auto via = top_via(request);
  if (!via.has_value() || via->param("rport").has_value()) return source;
  return {source.ip, via->port == 0 ? std::uint16_t{5060} : via->port};
}

}  // namespace sip
