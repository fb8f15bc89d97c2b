// Validator: URLs that will be asked, and what they are signed with.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "model/detail/text_rule.h"
#include "model/detail/validator.h"
#include "model/hooks.h"
#include "model/office.h"

namespace model::detail {
namespace {

// A secret that is sealed cannot be looked at.
bool is_key(const std::string& secret) {
  return secret.starts_with("!encrypted ") || hook_key(secret).has_value();
}

}  // namespace

void Validator::url_is_sound(const std::string& url, const std::string& path) {
  if (url.empty()) return;
  if (const std::string why = why_not_url(url); !why.empty())
    error("bad_text", path, "\"" + url + "\" is refused: " + why);
}

void Validator::hooks_are_sound() {
  for (std::size_t i = 0; i < office_.groups.size(); ++i) {
    const ActionUrls& urls = office_.groups[i].action_url;
    url_is_sound(urls.ring, at("groups", i, "action_url/ring"));
    url_is_sound(urls.answer, at("groups", i, "action_url/answer"));
    url_is_sound(urls.missed, at("groups", i, "action_url/missed"));
    url_is_sound(urls.end, at("groups", i, "action_url/end"));
  }
  for (std::size_t i = 0; i < office_.webhooks.size(); ++i) {
    const Webhook& webhook = office_.webhooks[i];
    if (webhook.url.find_first_of("{}") != std::string::npos)
      error("bad_text", at("webhooks", i, "url"),
            "a webhook's URL has no placeholders: what happened is in the body");
    else
      url_is_sound(webhook.url, at("webhooks", i, "url"));
    constexpr std::string_view kWanted =
        " is \"whsec_\" and the base64 of 24 to 64 random bytes: whsec_$(openssl rand -base64 32)";
    if (!is_key(webhook.secret))
      error("bad_text", at("webhooks", i, "secret"), "secret" + std::string(kWanted));
    if (!webhook.old_secret.empty() && !is_key(webhook.old_secret))
      error("bad_text", at("webhooks", i, "old_secret"), "old_secret" + std::string(kWanted));
    for (std::size_t e = 0; e < webhook.events.size(); ++e)
      if (std::ranges::find(hook_events(), webhook.events[e]) == hook_events().end())
        error("unknown_word", at("webhooks", i, "events/" + std::to_string(e)),
              "there is no event \"" + webhook.events[e] + "\"; the nearest one is \"" +
                  std::string(nearest(webhook.events[e], hook_events())) + "\"");
  }
}

}  // namespace model::detail
