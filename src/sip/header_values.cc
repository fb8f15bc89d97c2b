#include "sip/header_values.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace sip {
namespace {

// The end of one parameter that begins at `at`: the next ';' outside of quotes.
std::size_t param_end(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != ';') {
    if (text[at] == '"') {
      at = skip_quoted(text, at);
      if (at == std::string_view::npos) return text.size();
    } else {
      ++at;
    }
  }
  return at;
}

// "name = value" split at the first '='.
struct Pair {
  std::string_view name, value;
};
Pair pair_of(std::string_view item) {
  const std::size_t equals = item.find('=');
  if (equals == std::string_view::npos) return {trimmed(item), {}};
  return {trimmed(item.substr(0, equals)), trimmed(item.substr(equals + 1))};
}

bool quotes_are_balanced(std::string_view text) {
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    at = skip_quoted(text, at);
    if (at == std::string_view::npos) return false;
  }
  return true;
}

// Up to the first blank; takes it and the blanks after it off `rest`.
std::string_view take_word(std::string_view& rest) {
  rest = trimmed(rest);
  std::size_t end = 0;
  while (end < rest.size() && !is_blank(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  rest = trimmed(rest.substr(end));
  return word;
}

bool is_display(std::string_view display) {
  if (display.empty()) return true;
  if (display.front() == '"') return skip_quoted(display, 0) == display.size();
  return std::ranges::all_of(display, [](char c) {
    return is_token_char(c) || is_blank(c) || static_cast<unsigned char>(c) >= 0x80;
  });
}

constexpr std::uint64_t kMaxUint32 = 0xFFFFFFFFU;

std::string_view multipart_boundary(std::string_view content_type) {
  const std::size_t semicolon = content_type.find(';');
  if (semicolon == std::string_view::npos) return {};
  std::string_view value = find_param(content_type.substr(semicolon), "boundary").value_or("");
  if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

std::string_view bare_type(std::string_view content_type) {
  return trimmed(content_type.substr(0, content_type.find(';')));
}

// The body of one part if its Content-Type is `type`.
std::optional<std::string_view> part_of_type(std::string_view part, std::string_view type) {
  std::size_t blank = part.find("\r\n\r\n");
  std::size_t skip = 4;
  if (part.starts_with("\r\n")) return {};  // no Content-Type: text/plain
  if (blank == std::string_view::npos) {
    blank = part.find("\n\n");
    skip = 2;
  }
  if (blank == std::string_view::npos) return {};
  std::string_view head = part.substr(0, blank);
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (header_from(trimmed(line.substr(0, colon))) != Header::ContentType) continue;
    std::string_view value = line.substr(colon + 1);
    if (!value.empty() && value.back() == '\r') value.remove_suffix(1);
    if (same_word(bare_type(value), type)) return part.substr(blank + skip);
  }
  return {};
}

// The place of the next delimiter line "--boundary" at or after `at`; npos if there is none.
std::size_t find_delimiter(std::string_view body, std::string_view boundary, std::size_t at) {
  for (std::size_t mark = body.find("--", at); mark != std::string_view::npos;
       mark = body.find("--", mark + 1)) {
    if (mark > 0 && body[mark - 1] != '\n') continue;
    if (!body.substr(mark + 2).starts_with(boundary)) continue;
    std::string_view tail = body.substr(mark + 2 + boundary.size());
    tail = trimmed(tail.substr(0, tail.find_first_of("\r\n")));
    if (tail.empty() || tail.starts_with("--")) return mark;  // not a longer boundary
  }
  return std::string_view::npos;
}

// A last part without a closing delimiter is no part: the body was cut.
std::optional<std::string_view> find_part(std::string_view body, std::string_view boundary,
                                          std::string_view type) {
  std::size_t mark = find_delimiter(body, boundary, 0);
  for (std::size_t parts = 0; parts < base::kBodyPartsMax; ++parts) {
    if (mark == std::string_view::npos) return {};
    const std::size_t line_end = body.find('\n', mark);
    if (line_end == std::string_view::npos) return {};
    mark = find_delimiter(body, boundary, line_end + 1);
    if (mark == std::string_view::npos) return {};
    std::string_view part = body.substr(line_end + 1, mark - line_end - 1);
    if (part.ends_with('\n')) part.remove_suffix(1);
    if (part.ends_with('\r')) part.remove_suffix(1);
    if (const auto found = part_of_type(part, type)) return found;
  }
  return {};
}

// The place of the '<' that begins the address, npos if it has none; nothing if what stands before
// cannot be.
std::optional<std::size_t> find_angle(std::string_view value) {
  if (!value.starts_with('"')) return value.find('<');
  std::size_t at = skip_quoted(value, 0);
  while (at < value.size() && is_blank(value[at])) ++at;
  if (at >= value.size() || value[at] != '<') return {};
  return at;
}

std::optional<NameAddr> read_angled(std::string_view value, std::size_t open) {
  const std::size_t close = value.find('>', open);
  if (close == std::string_view::npos) return {};
  NameAddr out;
  out.display = trimmed(value.substr(0, open));
  out.uri = trimmed(value.substr(open + 1, close - open - 1));
  out.params = trimmed(value.substr(close + 1));
  if (!is_display(out.display)) return {};
  return out;
}

// addr-spec: what follows ';' belongs to the header (20.10), ',' and '?' must not be there.
std::optional<NameAddr> read_bare(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  NameAddr out;
  out.uri = trimmed(value.substr(0, semicolon));
  if (semicolon != std::string_view::npos) out.params = value.substr(semicolon);
  if (out.uri.find_first_of(",?") != std::string_view::npos) return {};
  return out;
}

// What follows "SIP / 2.0 /" of a Via; blanks around the slashes are allowed.
std::optional<std::string_view> after_version(std::string_view head) {
  const std::size_t first = head.find('/');
  if (first == std::string_view::npos) return {};
  const std::size_t second = head.find('/', first + 1);
  if (second == std::string_view::npos) return {};
  if (!same_word(trimmed(head.substr(0, first)), "SIP")) return {};
  if (trimmed(head.substr(first + 1, second - first - 1)) != "2.0") return {};
  return head.substr(second + 1);
}

// Host and port of via.sent_by; false when malformed.
bool read_sent_by(Via& via) {
  const std::string_view text = via.sent_by;
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (text.empty() || bracket == std::string_view::npos) return false;
  const std::size_t host_end = std::min(text.find(':', bracket), text.size());
  via.host = trimmed(text.substr(0, host_end));
  if (via.host.empty() || via.host.find_first_of(" \t,") != std::string_view::npos) return false;
  if (text.starts_with('[') && via.host.back() != ']') return false;
  const std::string_view tail = trimmed(text.substr(host_end));
  if (tail.empty()) return true;
  const auto port = read_number(trimmed(tail.substr(1)), 65535);
  if (!port.has_value()) return false;
  via.port = static_cast<std::uint16_t>(*port);
  return true;
}

}  // namespace

std::optional<std::string_view> find_param(std::string_view params, std::string_view name) {
  std::size_t at = params.find(';');
  while (at < params.size()) {
    const std::size_t end = param_end(params, at + 1);
    const Pair pair = pair_of(params.substr(at + 1, end - at - 1));
    if (same_word(pair.name, name)) return pair.value;
    at = end;
  }
  return {};
}

std::optional<NameAddr> NameAddr::parse(std::string_view value) {
  value = trimmed(value);
  if (value == "*") return NameAddr{{}, {}, {}, true};
  const auto open = find_angle(value);
  if (!open.has_value()) return {};
  const std::optional<NameAddr> out =
      *open == std::string_view::npos ? read_bare(value) : read_angled(value, *open);
  if (!out.has_value()) return {};
  if (!out->params.empty() && out->params.front() != ';') return {};
  if (!quotes_are_balanced(out->params) || !Uri::parse(out->uri).has_value()) return {};
  return out;
}

std::optional<Via> Via::parse(std::string_view value) {
  value = trimmed(value);
  const std::size_t semicolon = value.find(';');
  Via via;
  if (semicolon != std::string_view::npos) via.params = value.substr(semicolon);
  auto rest = after_version(trimmed(value.substr(0, semicolon)));
  if (!rest.has_value()) return {};
  via.transport = take_word(*rest);
  via.sent_by = *rest;
  if (!is_token(via.transport) || !read_sent_by(via)) return {};
  return via;
}

std::optional<Cseq> Cseq::parse(std::string_view value) {
  const std::string_view digits = take_word(value);
  const auto number = read_number(digits, kMaxUint32);
  if (!number.has_value() || !is_token(value)) return {};
  return Cseq{static_cast<std::uint32_t>(*number), value};
}

std::optional<Rack> Rack::parse(std::string_view value) {
  const auto rseq = read_number(take_word(value), kMaxUint32);
  const auto cseq = read_number(take_word(value), kMaxUint32);
  if (!rseq.has_value() || !cseq.has_value() || !is_token(value)) return {};
  return Rack{static_cast<std::uint32_t>(*rseq), static_cast<std::uint32_t>(*cseq), value};
}

std::optional<ReasonValue> ReasonValue::parse(std::string_view value) {
  value = trimmed(value);
  const std::size_t semicolon = value.find(';');
  ReasonValue reason;
  reason.protocol = trimmed(value.substr(0, semicolon));
  if (!is_token(reason.protocol)) return {};
  if (semicolon == std::string_view::npos) return reason;
  const std::string_view params = value.substr(semicolon);
  if (const auto cause = find_param(params, "cause")) {
    const auto number = read_number(*cause, 999);
    if (!number.has_value()) return {};
    reason.cause = static_cast<std::uint16_t>(*number);
  }
  reason.text = find_param(params, "text").value_or("");
  return reason;
}

std::optional<SessionExpires> SessionExpires::parse(std::string_view value) {
  value = trimmed(value);
  const std::size_t semicolon = value.find(';');
  const auto seconds = read_number(trimmed(value.substr(0, semicolon)), kMaxUint32);
  if (!seconds.has_value()) return {};
  SessionExpires out{static_cast<std::uint32_t>(*seconds), {}};
  if (semicolon != std::string_view::npos)
    out.refresher = find_param(value.substr(semicolon), "refresher").value_or("");
  return out;
}

std::optional<Replaces> Replaces::parse(std::string_view value) {
  value = trimmed(value);
  const std::size_t semicolon = value.find(';');
  if (semicolon == std::string_view::npos) return {};
  const std::string_view params = value.substr(semicolon);
  Replaces out;
  out.call_id = trimmed(value.substr(0, semicolon));
  out.to_tag = find_param(params, "to-tag").value_or("");
  out.from_tag = find_param(params, "from-tag").value_or("");
  out.early_only = find_param(params, "early-only").has_value();
  if (out.call_id.empty() || out.to_tag.empty() || out.from_tag.empty()) return {};
  return out;
}

std::optional<std::uint32_t> seconds_of(std::string_view value) {
  value = trimmed(value);
  const std::size_t end = value.find_first_not_of("0123456789");
  const auto number = read_number(value.substr(0, end), kMaxUint32);
  if (!number.has_value()) return {};
  const std::string_view rest =
      end == std::string_view::npos ? std::string_view{} : trimmed(value.substr(end));
  if (!rest.empty() && rest.front() != ';' && rest.front() != '(') return {};
  return static_cast<std::uint32_t>(*number);
}

std::optional<Via> top_via(const Message& message) {
  return Via::parse(message.first_value(Header::Via));
}

std::optional<NameAddr> from_of(const Message& message) {
  return NameAddr::parse(message.value(Header::From));
}

std::optional<NameAddr> to_of(const Message& message) {
  return NameAddr::parse(message.value(Header::To));
}

std::optional<NameAddr> first_contact(const Message& message) {
  return NameAddr::parse(message.first_value(Header::Contact));
}

bool has_one_contact(const Message& message) {
  std::size_t count = 0;
  bool good = true;
  message.for_each_value(Header::Contact, [&](std::string_view value) {
    ++count;
    good = good && value != "*";
  });
  return good && count == 1;
}

namespace {

bool is_coded(const Message& message) {
  const std::string_view coding = message.value(Header::ContentEncoding);
  return !coding.empty() && !same_word(coding, "identity");
}

}  // namespace

std::string body_refusal(const Message& message, std::string_view type) {
  if (message.body().empty() || !body_of_type(message, type).empty()) return {};
  const auto* field = message.find("Content-Disposition");
  const std::string_view disposition = field == nullptr ? std::string_view() : field->value;
  const std::size_t params = std::min(disposition.find(';'), disposition.size());
  if (same_word(find_param(disposition.substr(params), "handling").value_or(""), "optional"))
    return {};
  if (is_coded(message)) return "Accept-Encoding: identity\r\n";
  return "Accept: " + std::string(type) + "\r\n";
}

std::string_view body_of_type(const Message& message, std::string_view type) {
  const std::string_view content_type = message.value(Header::ContentType);
  if (message.body().empty() || is_coded(message)) return {};
  if (same_word(bare_type(content_type), type)) return message.body();
  if (!same_word(bare_type(content_type), "multipart/mixed")) return {};
  const std::string_view boundary = multipart_boundary(content_type);
  if (boundary.empty()) return {};
  return find_part(message.body(), boundary, type).value_or(std::string_view{});
}

}  // namespace sip
