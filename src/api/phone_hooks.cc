// What phones tell by their action URLs: do-not-disturb and forwards that were switched by a key of
// the phone hold here, too.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/phones.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "base/address.h"
#include "base/time.h"
#include "model/answer_link.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "store/secrets.h"

namespace api {
namespace {

constexpr std::string_view kPrefix = "phone-hook\n";

// Cuts up to the next line feed off.
std::string next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// False: there is no such event, or it says too little.
bool carry_out(model::User& user, std::string_view event, const std::string& to) {
  struct Forward {
    std::string_view name;
    std::string* target;
  };
  const std::array<Forward, 4> forwards{{{"forward_always", &user.forward.always},
                                         {"forward_busy", &user.forward.busy},
                                         {"forward_no_answer", &user.forward.no_answer.to},
                                         {"forward_unreachable", &user.forward.unreachable}}};
  const bool on = event.ends_with("_on");
  if (!on && !event.ends_with("_off")) return false;
  event.remove_suffix(on ? 3 : 4);
  if (event == "dnd") {
    user.do_not_disturb = on;
    return true;
  }
  for (const Forward& forward : forwards) {
    if (event != forward.name || (on && to.empty())) continue;
    *forward.target = on ? to : "";
    return true;
  }
  return false;
}

}  // namespace

std::optional<PhoneAccount> phone_account(const model::User& user, const std::string& device_id) {
  if (device_id.empty()) return PhoneAccount{user.sip_username, user.sip_password, {}};
  for (const model::Device& device : user.devices)
    if (device.id == device_id) return PhoneAccount{device.username, device.password, device.phone};
  return std::nullopt;
}

bool is_near(const Request& request) {
  if (request.is_secure || request.is_local) return true;
  const auto peer = base::IpAddress::parse(request.peer);
  return peer.has_value() && (peer->is_private() || peer->is_loopback());
}

std::string phone_secret(Backend& backend, const model::User& user, const std::string& device_id) {
  const auto account = phone_account(user, device_id);
  const std::string password = account.has_value() ? account->password : "";
  std::string plain{kPrefix};
  plain.append(user.id).append("\n").append(device_id).append("\n");
  plain.append(store::token_hash(password));
  return model::for_path(backend.seal_secret(plain));
}

std::optional<std::string> user_of_phone_secret(Backend& backend, std::string_view secret) {
  const auto plain = backend.open_secret(model::from_path(secret));
  if (!plain.has_value() || !plain->starts_with(kPrefix)) return std::nullopt;
  std::string_view rest = std::string_view(*plain).substr(kPrefix.size());
  std::string user_id = next_line(rest);
  const std::string device_id = next_line(rest);
  const auto snapshot = backend.snapshot();
  const model::User* user = snapshot->user_by_id(user_id);
  const auto account = user == nullptr ? std::nullopt : phone_account(*user, device_id);
  if (!account.has_value() || account->password.empty() ||
      store::token_hash(account->password) != rest)
    return std::nullopt;
  return user_id;
}

// GET /hooks/phone/{secret}?ev=dnd_on&to=…: phones cannot do more than GET. Doing it twice changes
// nothing.
Response get_phone_hook(const Call& call) {
  const Response none = problem(404, "there is nothing here");
  const std::string& source = call.request.peer;
  const base::WallTime now = call.backend.now();
  if (call.desk.guard.wait("phone hook", source, now).has_value()) return none;
  const auto user_id = user_of_phone_secret(call.backend, call.path.at("secret"));
  if (!user_id.has_value()) {
    call.desk.guard.failed("phone hook", source, now);
    return none;
  }
  if (!is_near(call.request)) return none;
  const std::string event = call.request.parameter("ev");
  const std::string to = call.request.parameter("to");
  const auto snapshot = call.backend.snapshot();
  Caller phone;
  phone.name = "phone of " + *user_id;
  const Call as_phone{call.request, call.backend, call.desk, call.path, phone};
  const auto changed = change_thing(
      as_phone, model::Kind::User, *user_id, "changed",
      [&](model::Thing& thing) -> std::optional<Response> {
        auto& user = std::get<model::User>(thing);
        const bool outside =
            !to.empty() && std::holds_alternative<model::DialledExternal>(snapshot->what_is(to));
        if (outside && !user.permissions.external)
          return problem(403, "this user may not call the telephone network");
        if (carry_out(user, event, to)) return std::nullopt;
        return problem(400,
                       "ev: dnd_on, dnd_off, forward_always_on with to, forward_always_off, …");
      });
  if (const auto* refused = std::get_if<Response>(&changed)) return *refused;
  Response response;
  response.type = "text/plain";
  response.body = "ok\n";
  return response;
}

}  // namespace api
