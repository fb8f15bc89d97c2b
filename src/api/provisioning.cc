// The settings of phones: opening a window for one of them, and the files that it fetches.
#include "model/provisioning.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/phones.h"
#include "api/problem.h"
#include "api/provision_windows.h"
#include "api/router.h"
#include "base/address.h"
#include "base/node.h"
#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "store/record_json.h"

namespace api {
namespace {

constexpr std::int64_t kMinutes = 30;
constexpr std::int64_t kMinutesMax = 24 * 60;
constexpr const char* kAccount = "sip";  // in the path: the account that all phones share

std::string code_named(const model::Snapshot& snapshot, std::string_view name) {
  for (const model::FeatureCode& code : snapshot.feature_codes())
    if (code.name == name) return code.code;
  return {};
}

// "harrier.office.example:8080" -> "harrier.office.example"; brackets of IPv6 stay.
std::string host_of(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
  return std::string(host.substr(0, has_port ? colon : host.size()));
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             ".-:[]") == std::string_view::npos;
}

// Where phones register: the first socket for datagrams, else the first one.
void set_listener(model::PhoneSettings& reach, const std::vector<std::string>& listeners) {
  const std::string* chosen = listeners.empty() ? nullptr : &listeners.front();
  for (const std::string& listener : listeners)
    if (listener.starts_with("udp://")) {
      chosen = &listener;
      break;
    }
  if (chosen == nullptr) return;
  const std::size_t slashes = chosen->find("://");
  reach.transport = chosen->substr(0, slashes);
  const auto address = base::Address::parse(std::string_view(*chosen).substr(slashes + 3));
  if (address.has_value()) reach.port = address->port;
}

// Where the phone finds this server's web side, with a slash at its end.
std::string web_root(const Call& call, const std::string& server) {
  if (!call.request.is_local)
    return (call.request.is_secure ? "https://" : "http://") + call.request.header("host") + "/";
  const std::string own = call.backend.web_address();
  const std::size_t host = own.find("://") + 3;
  const std::size_t port = own.rfind(':');
  return own.substr(0, host) + server + (port > host ? own.substr(port) : "") + "/";
}

Response window_response(const Call& call, const std::string& secret,
                         const ProvisionWindow& window) {
  const bool softphone = window.phone == model::ProvisionedPhone::Linphone;
  const std::string url = web_root(call, window.reach.server) + "prov/" + secret + "/";
  base::Node body = base::Node::empty_map();
  const auto phone = static_cast<std::size_t>(window.phone);
  body.set("phone", base::Node::text(std::string{model::provisioned_phones()[phone]}));
  body.set("url", base::Node::text(softphone ? url + "linphone.xml" : url));
  body.set("server", base::Node::text(window.reach.server));
  body.set("port", base::Node::number(window.reach.port));
  body.set("transport", base::Node::text(window.reach.transport));
  body.set("expires", base::Node::text(store::rfc3339(window.expires)));
  return json(body, 201);
}

}  // namespace

// Opens a window for one account of a user. The answer has the address, never the password.
Response provision_device(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  const auto thing = named(*snapshot, model::Kind::User, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::User, call.path.at("id"));
  const auto& user = std::get<model::User>(*thing);
  ProvisionWindow window;
  window.user_id = user.id;
  if (call.path.at("device") != kAccount) window.device_id = call.path.at("device");
  const auto account = phone_account(user, window.device_id);
  if (!account.has_value())
    return problem(404, "user " + model::label_of(*thing) + " has no device " +
                            call.path.at("device") + "; \"sip\" is his own account");
  Fields fields(call.request.body);
  const std::string kind = fields.text("phone").value_or(account->phone);
  const auto phone = model::provisioned_phone_from(kind);
  if (!phone.has_value())
    fields.fault("phone", "unknown_word", "phone: yealink, grandstream, snom or linphone");
  window.phone = phone.value_or(window.phone);
  const std::string shown =
      call.request.is_local ? std::string{} : host_of(call.request.header("host"));
  window.reach.server = fields.text("server").value_or(shown);
  if (!is_host(window.reach.server))
    fields.fault("server", "missing", "server: the address by which the phone reaches this server");
  window.reach.lamps = fields.text("lamps").value_or("");
  if (!window.reach.lamps.empty() && snapshot->group_named(window.reach.lamps) == nullptr)
    fields.fault("lamps", "no_such_thing", "lamps: the number of a group");
  std::int64_t minutes = kMinutes;
  if (const base::Node* given = fields.node("minutes")) {
    const base::Node::Scalar* scalar = given->scalar();
    const std::string text = scalar == nullptr ? "" : scalar->text;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), minutes);
    if (text.empty() || read.ptr != text.data() + text.size() || minutes < 1 ||
        minutes > kMinutesMax)
      fields.fault("minutes", "out_of_range", "minutes: a whole number from 1 to 1440");
  }
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  if (account->password.empty())
    return problem(409, "this account has no password; give it one first");
  const base::WallTime now = call.backend.now();
  set_listener(window.reach, call.backend.system().listeners);
  window.expires = {now.unix_ms + minutes * 60'000};
  const auto secret = call.desk.windows.open(window, now);
  if (!secret.has_value()) return problem(503, "too many phones wait for their settings");
  return window_response(call, *secret, window);
}

// What a phone fetches. Whatever is not right is 404, so that nobody learns anything by guessing.
Response get_provision_file(const Call& call) {
  const Response none = problem(404, "there is nothing here");
  const std::string& secret = call.path.at("secret");
  const std::string& source = call.request.peer;
  const base::WallTime now = call.backend.now();
  if (call.desk.guard.wait("provision", source, now).has_value()) return none;
  const auto window = call.desk.windows.look(secret, source, now);
  if (!window.has_value()) {
    call.desk.guard.failed("provision", source, now);
    call.backend.note("provision.refused", "", source);
    return none;
  }
  if (!model::is_file_of(window->phone, call.path.at("file"))) return none;
  if (!is_near(call.request)) {
    call.backend.note("provision.refused", "user:" + window->user_id, source);
    return none;
  }
  const auto snapshot = call.backend.snapshot();
  const model::User* user = snapshot->user_by_id(window->user_id);
  const auto account = user == nullptr ? std::nullopt : phone_account(*user, window->device_id);
  if (!account.has_value() || account->password.empty()) return none;
  model::PhoneSettings settings = window->reach;
  settings.display_name = user->name.empty() ? user->extension : user->name;
  settings.extension = user->extension;
  settings.username = account->username;
  settings.password = account->password;
  settings.domain = snapshot->office().tenant;
  if (user->mailbox.present) settings.mailbox = code_named(*snapshot, "mailbox");
  settings.pickup = code_named(*snapshot, "pickup");
  settings.hooks = web_root(call, window->reach.server) + "hooks/phone/" +
                   phone_secret(call.backend, *user, window->device_id);
  const auto phone = static_cast<std::size_t>(window->phone);
  const auto pattern = call.backend.phone_pattern(std::string{model::provisioned_phones()[phone]});
  Response response;
  response.type = model::type_of(window->phone);
  response.body = model::provisioned(
      window->phone, pattern.has_value() ? *pattern : model::own_pattern(window->phone), settings);
  response.headers.emplace_back("Cache-Control", "no-store");
  if (!call.desk.windows.take(secret, source, now)) return none;
  call.backend.note("provision.given", "user:" + user->id, source);
  return response;
}

}  // namespace api
