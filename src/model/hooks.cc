#include "model/hooks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "model/detail/text_rule.h"
#include "model/office.h"

namespace model {
namespace {

constexpr auto kEvents = std::to_array<std::string_view>(
    {"call.started", "call.planned", "call.attempt.dialled", "call.attempt.ringing",
     "call.attempt.ended", "call.answered", "call.transferred", "call.ended", "call.missed",
     "call.callback.wanted", "voicemail.created", "registration.added", "registration.removed",
     "trunk.up", "trunk.down", "flag.changed", "config.changed"});
constexpr auto kPlaceholders = std::to_array<std::string_view>(
    {"event", "caller", "caller_name", "called", "group", "agent", "agent_name", "call_id",
     "sip_call_id", "crm_account", "answer_path", "outcome", "wait_s", "talk_s", "time", "tenant"});

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 0x0FU];
  }
}

// The text between the braces at the front of `text`; nothing if none are closed.
std::optional<std::string_view> braced(std::string_view text) {
  const std::size_t end = text.find('}');
  if (!text.starts_with('{') || end == std::string_view::npos) return std::nullopt;
  return text.substr(1, end - 1);
}

}  // namespace

std::span<const std::string_view> hook_events() {
  return kEvents;
}

bool wants(const Webhook& webhook, std::string_view event) {
  if (!webhook.enabled) return false;
  if (webhook.events.empty()) return event.starts_with("call.");
  return std::ranges::find(webhook.events, event) != webhook.events.end();
}

std::span<const std::string_view> url_placeholders() {
  return kPlaceholders;
}

std::string why_not_url(std::string_view url) {
  std::string_view rest = url;
  for (const std::string_view scheme : {"http://", "https://"})
    if (url.starts_with(scheme)) rest = url.substr(scheme.size());
  if (rest.size() == url.size()) return "it begins with http:// or https://";
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty()) return "it names no host";
  if (authority.find_first_of("{}") != std::string_view::npos)
    return "placeholders may stand behind the host only";
  if (authority.find('@') != std::string_view::npos) return "it may hold no user name and password";
  if (std::ranges::any_of(url, [](char c) { return static_cast<unsigned char>(c) <= ' '; }))
    return "it may hold no blanks";
  for (std::size_t at = rest.find('{'); at != std::string_view::npos; at = rest.find('{', at + 1)) {
    const auto name = braced(rest.substr(at));
    if (!name.has_value()) return "a brace is never closed";
    if (std::ranges::find(kPlaceholders, *name) == kPlaceholders.end())
      return "{" + std::string(*name) + "} is unknown; the nearest placeholder is {" +
             std::string(detail::nearest(*name, kPlaceholders)) + "}";
  }
  return {};
}

std::string filled(std::string_view url, const std::map<std::string, std::string>& values) {
  std::string made;
  while (!url.empty()) {
    const auto name = braced(url);
    const auto value = name.has_value() ? values.find(std::string(*name)) : values.end();
    if (value == values.end()) {
      made += url.front();
      url.remove_prefix(1);
      continue;
    }
    append_encoded(made, value->second);
    url.remove_prefix(name->size() + 2);
  }
  return made;
}

std::optional<std::string> hook_key(std::string_view secret) {
  constexpr std::string_view kPrefix = "whsec_";
  constexpr std::size_t kLeast = 24;
  constexpr std::size_t kMost = 64;
  if (!secret.starts_with(kPrefix)) return std::nullopt;
  auto key = base::from_base64(secret.substr(kPrefix.size()));
  if (!key.has_value() || key->size() < kLeast || key->size() > kMost) return std::nullopt;
  return key;
}

}  // namespace model
