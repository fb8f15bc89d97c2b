#pragma once
// Mail as this program sends it: which calls and messages become notices, and the thread that
// sends them.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "model/snapshot.h"
#include "notify/postman.h"
#include "obs/observer.h"
#include "store/notices.h"
#include "store/store.h"

namespace app {

// Null while there is none yet.
using OfficeOfNow = std::function<std::shared_ptr<const model::Snapshot>()>;

// Of what a notice is kept: of that which somebody is told of. Without an SMTP server nobody is.
[[nodiscard]] store::NoticeFilter wanted_notices(const std::string& smtp, OfficeOfNow office);

struct MailParts {
  store::Store& store;
  obs::Observer& observer;
  std::string database_file, media_folder, templates_folder;
  std::string smtp;
  OfficeOfNow office;
};
// Null without an SMTP server. The failure is one clear line.
[[nodiscard]] base::Result<std::unique_ptr<notify::Postman>, std::string> start_mail(
    MailParts parts);

}  // namespace app
