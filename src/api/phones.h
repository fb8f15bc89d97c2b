#pragma once
// What the settings of phones and the words of phones share.

#include <optional>
#include <string>
#include <string_view>

#include "api/backend.h"
#include "api/http.h"
#include "model/office.h"

namespace api {

// An account of a user: his own (no device), or one of a device.
struct PhoneAccount {
  std::string username, password, phone;
};
[[nodiscard]] std::optional<PhoneAccount> phone_account(const model::User& user,
                                                        const std::string& device_id);

// Over HTTPS, or from the office's own network: what others must not read may pass.
[[nodiscard]] bool is_near(const Request& request);

// The secret in the URLs that this phone calls (its action URLs): of this server, of this account,
// and good as long as the account's password is the same.
[[nodiscard]] std::string phone_secret(Backend& backend, const model::User& user,
                                       const std::string& device_id);
// Whose it is; nothing for one that was made up or is not good any more.
[[nodiscard]] std::optional<std::string> user_of_phone_secret(Backend& backend,
                                                              std::string_view secret);

}  // namespace api
