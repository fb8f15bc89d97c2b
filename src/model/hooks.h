#pragma once
// Webhooks and action URLs as values: which events there are, what a URL and a secret must look
// like, and how a URL's placeholders are filled.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/office.h"

namespace model {

// The types of events that a webhook may want: "call.started", "call.attempt.ringing", …
[[nodiscard]] std::span<const std::string_view> hook_events();
// True if this webhook is on and wants that event; without `events` it wants all of calls.
[[nodiscard]] bool wants(const Webhook& webhook, std::string_view event);

// The placeholders of an action URL without their braces: "caller", "called", …
[[nodiscard]] std::span<const std::string_view> url_placeholders();
// Why this is no URL that may be asked: "" for http://host/… and https://host/… with known
// placeholders behind the host, without a user name in it.
[[nodiscard]] std::string why_not_url(std::string_view url);
// {caller} becomes its value, percent-encoded (RFC 3986 section 2.1); unknown ones stay.
[[nodiscard]] std::string filled(std::string_view url,
                                 const std::map<std::string, std::string>& values);

// The key of "whsec_…", base64 of 24 to 64 bytes (Standard Webhooks). Nothing for anything else.
[[nodiscard]] std::optional<std::string> hook_key(std::string_view secret);

}  // namespace model
