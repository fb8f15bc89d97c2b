#pragma once
// What the API itself remembers between two requests.

#include <atomic>
#include <string>
#include <utility>

#include "api/answer_links.h"
#include "api/limits.h"
#include "api/listings.h"
#include "api/provision_windows.h"
#include "api/sessions.h"
#include "api/totp.h"
#include "api/web_files.h"

namespace api {

struct Desk {
  explicit Desk(std::string web_folder) : web(std::move(web_folder)) {}
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  Sessions sessions;
  SetupLink setup;
  LoginGuard guard;
  UsedCodes used_codes;
  ProvisionWindows windows;
  UsedLinks links;
  RateLimits rates;
  GivenAnswers given;
  Listings listings;
  WebFiles web;
  std::atomic<bool> simulating = false;  // one simulation at a time
};

}  // namespace api
