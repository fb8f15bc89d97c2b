#pragma once
// Where the web application lies, and where browsers find it.

#include <string>
#include <vector>

#include "api/backend.h"
#include "api/desk.h"
#include "app/certificate.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "config/server.h"

namespace app {

// The folder that the web application's build left: `web` beside the program, else
// share/harrier/web of where it is installed, else web/dist of the source it was built in; "" when
// there is none.
[[nodiscard]] std::string web_folder();
// Of harrier.yaml, else our own in the data folder.
[[nodiscard]] base::Result<Certificate, std::string> web_certificate(
    const config::TlsConfig& config, const std::string& data_folder, const base::Address& listen,
    base::WallTime now);
// "http://127.0.0.1:8080"; https where others than this machine are served.
[[nodiscard]] std::string web_address(const base::Address& listen);
// The line that says how the first administrator is made; "" when there is one.
[[nodiscard]] std::string setup_line(api::Backend& backend, api::Desk& desk);

}  // namespace app
