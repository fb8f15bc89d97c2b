#pragma once
// From a request to who sent it: the local socket, a token, or the cookie of a session.

#include <string>
#include <string_view>

#include "api/backend.h"
#include "api/desk.h"
#include "api/http.h"
#include "api/rights.h"
#include "api/sessions.h"
#include "base/result.h"
#include "model/snapshot.h"

namespace api {

inline constexpr std::string_view kCookie = "harrier_session";

// Role::Nobody when nobody is known by it.
[[nodiscard]] base::Result<Caller, Refused> caller_of(const Request& request, Backend& backend,
                                                      Desk& desk);
// The account of a session as it is now; Role::Nobody when it was removed or disabled meanwhile.
[[nodiscard]] Caller account_of(const Session& session, const model::Snapshot& snapshot);

// Why this request of a browser is refused although its cookie is good: another site made it
// (CSRF), or the page sent no token. Empty: it is not. `with_token`: false where no session is yet.
[[nodiscard]] std::string forged(const Request& request, std::string_view csrf, bool with_token);

// The value of a cookie, "" if it is not there.
[[nodiscard]] std::string cookie(const Request& request, std::string_view name);
// "harrier_session=…; Path=/; HttpOnly; SameSite=Strict"; an empty secret takes it away.
[[nodiscard]] std::string cookie_header(const Request& request, std::string_view secret);

}  // namespace api
