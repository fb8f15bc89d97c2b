#include "obs/sip_redact.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>

#include "obs/log.h"

namespace obs {
namespace {

constexpr std::size_t kShownBefore = 5;  // as shorten() does
constexpr std::size_t kShownBehind = 2;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool same_at(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - std::min(at, text.size()) < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, char b) { return a == lower(b); });
}

void hide(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to && i < text.size(); ++i)
    if (text[i] != '\r' && text[i] != '\n') text[i] = 'x';
}

void hide_person(std::string& text, std::size_t from, std::size_t to, PiiMode pii) {
  if (pii == PiiMode::Shown) return;
  const bool whole = pii == PiiMode::Hidden || to - from < kShownBefore + kShownBehind + 2;
  hide(text, whole ? from : from + kShownBefore, whole ? to : to - kShownBehind);
}

// The value of name="…" or name=… behind `at`; where the search goes on.
std::size_t value_end(const std::string& text, std::size_t& at) {
  if (at < text.size() && text[at] == '"') {
    ++at;
    return std::min(text.find('"', at), text.size());
  }
  return std::min(text.find_first_of(",; \t\r\n", at), text.size());
}

void redact_credentials(std::string& text, std::size_t from, std::size_t to, PiiMode pii) {
  static constexpr std::array<std::string_view, 4> kSecrets{
      "nonce=", "response=", "cnonce=", "opaque="};
  for (std::size_t i = from; i < to; ++i) {
    if (i > from && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0) continue;
    for (const std::string_view name : kSecrets) {
      if (!same_at(text, i, name)) continue;
      std::size_t at = i + name.size();
      const std::size_t end = value_end(text, at);
      hide(text, at, std::min(end, to));
    }
    if (same_at(text, i, "username=")) {
      std::size_t at = i + 9;
      const std::size_t end = value_end(text, at);
      hide_person(text, at, std::min(end, to), pii);
    }
  }
}

// User parts of sip:, sips: and tel: URIs, wherever they stand.
void redact_people(std::string& text, std::size_t from, std::size_t to, PiiMode pii) {
  if (pii == PiiMode::Shown) return;
  for (std::size_t i = from; i < to; ++i) {
    std::size_t at = 0;
    bool tel = false;
    if (same_at(text, i, "sip:")) {
      at = i + 4;
    } else if (same_at(text, i, "sips:")) {
      at = i + 5;
    } else if (same_at(text, i, "tel:")) {
      at = i + 4;
      tel = true;
    } else {
      continue;
    }
    const std::size_t end =
        std::min(text.find_first_of(tel ? ";>\" \r\n,?" : "@>\" \r\n,", at), to);
    if (tel || (end < to && text[end] == '@')) hide_person(text, at, end, pii);
    i = end == 0 ? i : end - 1;
  }
}

// "Name" in quotes in front of an address.
void redact_names(std::string& text, std::size_t from, std::size_t to, PiiMode pii) {
  if (pii == PiiMode::Shown) return;
  const std::size_t open = text.find('"', from);
  const std::size_t address = std::min(text.find('<', from), to);
  if (open >= address) {
    // Without quotes: the words between the colon and the address.
    const std::size_t colon = text.find(':', from);
    if (address < to && colon < address && address - colon > 2)
      hide_person(text, colon + 2, address - 1, pii);
    return;
  }
  const std::size_t close = text.find('"', open + 1);
  if (close < address) hide_person(text, open + 1, close, pii);
}

bool has_credentials(std::string_view text, std::size_t at) {
  return same_at(text, at, "authorization") || same_at(text, at, "proxy-auth") ||
         same_at(text, at, "www-authenticate");
}

bool has_names(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 12> kNames{
      "from:",    "f:",    "to:",       "t:",         "contact:",    "m:",
      "p-assert", "p-pre", "remote-pa", "diversion:", "referred-by", "reply-to"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view name) { return same_at(text, at, name); });
}

void redact_body(std::string& text, std::size_t from, std::string_view head) {
  const bool is_text = head.find("text/plain") != std::string_view::npos;
  if (is_text) hide(text, from, text.size());
  for (std::size_t i = from; i < text.size(); ++i) {
    if (same_at(text, i, "inline:")) hide(text, i + 7, text.find_first_of("|\r\n", i + 7));
    const bool line = i == from || text[i - 1] == '\n';
    if (line && same_at(text, i, "signal=")) hide(text, i + 7, text.find_first_of("\r\n", i + 7));
  }
  if (head.find("application/dtmf") != std::string_view::npos &&
      head.find("dtmf-relay") == std::string_view::npos)
    hide(text, from, text.size());
}

}  // namespace

void redact(std::string& message, PiiMode pii) {
  std::size_t body = message.find("\r\n\r\n");
  body = body == std::string::npos ? message.size() : body + 4;
  std::string head = message.substr(0, body);
  std::transform(head.begin(), head.end(), head.begin(), lower);
  for (std::size_t at = 0; at < body;) {
    const std::size_t end = std::min(message.find('\n', at), body);
    if (has_credentials(message, at)) redact_credentials(message, at, end, pii);
    if (has_names(message, at)) redact_names(message, at, end, pii);
    at = end + 1;
  }
  redact_people(message, 0, message.size(), pii);
  redact_body(message, body, head);
}

}  // namespace obs
