#include "sip/message.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "sip/header_values.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace sip {
namespace {

// The end of the header fields and the start of the body; npos if there is no blank line.
struct Blocks {
  std::string_view head;  // start line and fields, each with its line end
  std::string_view rest;
  bool complete = false;
  bool folded = false;
};

Blocks split(std::string_view bytes) {
  std::size_t at = 0;
  Blocks blocks;
  while (at < bytes.size()) {
    const std::size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos) break;
    const std::size_t length = end - at;
    if (length == 0 || (length == 1 && bytes[at] == '\r')) {
      blocks.head = bytes.substr(0, at);
      blocks.rest = bytes.substr(end + 1);
      blocks.complete = true;
      return blocks;
    }
    if (at > 0 && is_blank(bytes[at])) blocks.folded = true;
    at = end + 1;
  }
  blocks.head = bytes;
  return blocks;
}

std::string_view without_leading_line_ends(std::string_view bytes) {  // 7.5
  while (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
  return bytes;
}

// Joins folded lines (7.3.1): the line end becomes a blank.
std::string unfold(std::string_view head) {
  std::string out;
  out.reserve(head.size());
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::size_t next = head[i] == '\r' && i + 1 < head.size() && head[i + 1] == '\n'
                                 ? i + 2
                                 : (head[i] == '\n' ? i + 1 : 0);
    if (next != 0 && next < head.size() && is_blank(head[next])) {
      out += ' ';
      i = next - 1;
    } else {
      out += head[i];
    }
  }
  return out;
}

// The next line without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool is_single(Header id) {
  return id == Header::From || id == Header::To || id == Header::CallId || id == Header::Cseq ||
         id == Header::MaxForwards;
}

// From and To.
std::optional<Reject> check_address(const Message& message, Header id, Reject missing, Reject bad) {
  const Field* field = message.find(id);
  if (field == nullptr) return missing;
  const auto address = NameAddr::parse(field->value);
  if (!address.has_value() || address->star) return bad;
  return {};
}

std::optional<Reject> check_vias(const Message& message) {
  if (!message.has(Header::Via)) return Reject::NoVia;
  std::size_t count = 0;
  bool good = true;
  message.for_each_value(Header::Via, [&](std::string_view value) {
    if (++count <= base::kViasMax) good = good && Via::parse(value).has_value();
  });
  if (!good || count == 0) return Reject::BadVia;
  if (count > base::kViasMax) return Reject::TooManyVias;
  return {};
}

// The place of the comma that ends the first value, or the size.
std::size_t item_end(std::string_view text) {
  if (text.find(',') == std::string_view::npos) return text.size();  // the usual case
  bool in_angle = false;
  std::size_t at = 0;
  while (at < text.size() && (in_angle || text[at] != ',')) {
    const char c = text[at];
    in_angle = c == '<' || (in_angle && c != '>');
    at = c == '"' && !in_angle ? skip_quoted(text, at) : at + 1;
  }
  return std::min(at, text.size());  // a quotation mark that never closes: all of it
}

bool contacts_are_good(const Message& message) {
  bool good = true;
  message.for_each_value(Header::Contact, [&](std::string_view value) {
    good = good && NameAddr::parse(value).has_value();
  });
  return good;
}

// "scheme SP something": which schemes are known is for others to say (22.1).
bool credentials_are_good(const Message& message) {
  for (const Header id : {Header::Authorization, Header::ProxyAuthorization}) {
    const Field* field = message.find(id);
    if (field == nullptr) continue;
    const std::size_t blank = field->value.find_first_of(" \t");
    if (blank == std::string_view::npos || !is_token(field->value.substr(0, blank))) return false;
  }
  return true;
}

}  // namespace

Message::Outcome Message::parse(std::string_view bytes) {
  Outcome outcome;
  Message& message = outcome.message;
  message.first_.fill(-1);
  bytes = without_leading_line_ends(bytes);
  message.bytes_ = bytes;
  if (bytes.empty() || bytes.size() > base::kMessageBytesMax) {
    outcome.reject = bytes.empty() ? Reject::Empty : Reject::TooLong;
    return outcome;
  }
  const Blocks blocks = split(bytes);
  std::string_view head = blocks.head;
  if (blocks.folded) {
    message.unfolded_ = std::make_shared<const std::string>(unfold(head));
    head = *message.unfolded_;
  }
  outcome.reject = message.read_start_line(take_line(head));
  if (outcome.reject.has_value() && message.method_name_.empty()) return outcome;
  message.fields_.reserve(24);
  // After a fault the fields are still read: a 400 copies some of them.
  const std::optional<Reject> fault = message.read_fields(head);
  if (!outcome.reject.has_value()) outcome.reject = fault;
  if (!outcome.reject.has_value() && !blocks.complete) outcome.reject = Reject::NoEndOfHeaders;
  if (!outcome.reject.has_value()) outcome.reject = message.check();
  if (!outcome.reject.has_value()) outcome.reject = message.check_body(blocks.rest);
  return outcome;
}

// Request-Line and Status-Line (7.1, 7.2). More blanks than one between the parts of a request line
// or behind it are forgiven; what stands in the reason phrase does not matter.
std::optional<Reject> Message::read_start_line(std::string_view line) {
  if (line.starts_with("SIP/") || line.starts_with("sip/")) {
    if (!same_word(line.substr(0, 8), "SIP/2.0 ")) return Reject::BadVersion;
    const std::string_view rest = line.substr(8);
    const auto code = read_number(rest.substr(0, 3), 999);
    if (!code.has_value() || rest.size() < 3 || *code < 100 || *code > 699 ||
        (rest.size() > 3 && rest[3] != ' '))
      return Reject::BadStatusCode;
    code_ = static_cast<std::uint16_t>(*code);
    phrase_ = rest.size() > 4 ? rest.substr(4) : std::string_view{};
    return breaks_a_line(phrase_) ? std::optional{Reject::BadStartLine} : std::nullopt;
  }
  while (line.ends_with(' ')) line.remove_suffix(1);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos) return Reject::NoStartLine;
  if (first == last || !is_token(line.substr(0, first))) return Reject::BadStartLine;
  method_name_ = line.substr(0, first);
  method_ = method_from(method_name_);
  const std::string_view version = line.substr(last + 1);
  request_uri_ = trimmed(line.substr(first + 1, last - first - 1));
  if (!same_word(version, "SIP/2.0"))
    return same_word(version.substr(0, 4), "SIP/") ? Reject::BadVersion : Reject::BadStartLine;
  return {};
}

std::optional<Reject> Message::read_fields(std::string_view text) {
  std::optional<Reject> first_fault;
  const bool has_nul = text.find('\0') != std::string_view::npos;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const bool nul_here = has_nul && line.find('\0') != std::string_view::npos;
    const std::optional<Reject> fault = nul_here ? Reject::BadHeader : read_field(line);
    if (!first_fault.has_value()) first_fault = fault;
    if (fault == Reject::TooManyHeaders) break;
  }
  return first_fault;
}

std::optional<Reject> Message::read_field(std::string_view line) {
  if (line.size() > base::kHeaderBytesMax) return Reject::HeaderTooLong;
  if (fields_.size() == base::kHeaderLinesMax) return Reject::TooManyHeaders;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || is_blank(line.front())) return Reject::BadHeader;
  const std::string_view name = trimmed(line.substr(0, colon));
  if (!is_token(name) || line.find('\r') != std::string_view::npos) return Reject::BadHeader;
  const Header id = header_from(name);
  std::int16_t& first = first_.at(static_cast<std::size_t>(id));
  if (first >= 0 && is_single(id)) return Reject::DuplicateSingle;
  if (first < 0) first = static_cast<std::int16_t>(fields_.size());
  fields_.push_back({id, name, trimmed(line.substr(colon + 1))});
  return {};
}

// What every message must have (8.1.1) and what is ours to read in it.
std::optional<Reject> Message::check() {
  if (const auto why = check_vias(*this)) return why;
  if (const auto why = check_address(*this, Header::From, Reject::NoFrom, Reject::BadFrom))
    return why;
  if (const auto why = check_address(*this, Header::To, Reject::NoTo, Reject::BadTo)) return why;
  const Field* call_id = find(Header::CallId);
  if (call_id == nullptr) return Reject::NoCallId;
  if (call_id->value.empty() || call_id->value.find_first_of(" \t") != std::string_view::npos)
    return Reject::BadCallId;
  if (const auto why = check_cseq()) return why;
  return is_request() ? check_request() : std::nullopt;
}

std::optional<Reject> Message::check_cseq() {
  const Field* field = find(Header::Cseq);
  if (field == nullptr) return Reject::NoCseq;
  const auto cseq = Cseq::parse(field->value);
  if (!cseq.has_value() || cseq->number > 0x7FFFFFFFU) return Reject::BadCseq;
  cseq_ = cseq->number;
  if (is_request()) {
    if (cseq->method != method_name_) return Reject::CseqMethodMismatch;
  } else {
    method_name_ = cseq->method;
    method_ = method_from(method_name_);
  }
  return {};
}

std::optional<Reject> Message::check_request() {
  if (!Uri::parse(request_uri_).has_value()) return Reject::BadRequestUri;
  if (const Field* hops = find(Header::MaxForwards); hops != nullptr)
    if (!read_number(hops->value, 255).has_value()) return Reject::BadMaxForwards;
  if (!contacts_are_good(*this)) return Reject::BadContact;
  if (!credentials_are_good(*this)) return Reject::BadAuthorization;
  return {};
}

// Content-Length (18.3): more than there is makes the message useless; what is beyond is cut off.
// Without one the body is all the rest.
std::optional<Reject> Message::check_body(std::string_view rest) {
  std::uint64_t bytes = rest.size();
  bool told = false;
  for (const Field& field : fields_) {
    if (field.id != Header::ContentLength) continue;
    const auto value = read_number(field.value, base::kMessageBytesMax);
    if (!value.has_value() || (told && bytes != *value)) return Reject::BadContentLength;
    bytes = *value;
    told = true;
  }
  if (bytes > rest.size()) return Reject::BodyTooShort;
  body_ = rest.substr(0, bytes);
  return {};
}

const Field* Message::find(Header id) const {
  const std::int16_t at = first_.at(static_cast<std::size_t>(id));
  return at < 0 ? nullptr : &fields_[static_cast<std::size_t>(at)];
}

const Field* Message::find(std::string_view name) const {
  const Header id = header_from(name);
  if (id != Header::Other) return find(id);
  for (const Field& field : fields_)
    if (field.id == Header::Other && same_word(field.name, name)) return &field;
  return nullptr;
}

std::string_view Message::value(Header id) const {
  const Field* field = find(id);
  return field == nullptr ? std::string_view{} : field->value;
}

bool Message::has_token(Header id, std::string_view token) const {
  bool found = false;
  for_each_value(id, [&](std::string_view value) { found = found || same_word(value, token); });
  return found;
}

bool Message::answerable() const {
  return is_request() && !method_name_.empty() && method_ != Method::Ack &&
         top_via(*this).has_value() && !value(Header::From).empty() && !value(Header::To).empty() &&
         !value(Header::CallId).empty() && !value(Header::Cseq).empty();
}

// The next value of a comma list, skipping quoted strings and what stands in <>.
bool Message::next_item(std::string_view& rest, std::string_view& item) {
  for (;;) {
    rest = trimmed(rest);
    if (rest.empty()) return false;
    const std::size_t end = item_end(rest);
    item = trimmed(rest.substr(0, end));
    rest = end < rest.size() ? rest.substr(end + 1) : std::string_view{};
    if (!item.empty()) return true;
  }
}

OwnedMessage::OwnedMessage(std::string_view bytes) {
  bytes = without_leading_line_ends(bytes);
  const Blocks blocks = split(bytes);
  if (!blocks.folded) {
    bytes_ = std::make_shared<const std::string>(bytes);
    return;
  }
  std::string joined = unfold(blocks.head);
  joined.append(bytes.substr(blocks.head.size()));
  bytes_ = std::make_shared<const std::string>(std::move(joined));
}

OwnedMessage::OwnedMessage(std::shared_ptr<const std::string> bytes) : bytes_(std::move(bytes)) {
  if (bytes_ != nullptr && split(without_leading_line_ends(*bytes_)).folded)
    *this = OwnedMessage{std::string_view{*bytes_}};
}

Message OwnedMessage::view() const {
  return Message::parse(*bytes_).message;
}

}  // namespace sip
