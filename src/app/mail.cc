#include "app/mail.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "base/pii.h"
#include "base/result.h"
#include "facts/call_record.h"
#include "facts/mailbox.h"
#include "net/clock.h"
#include "notify/letters.h"
#include "notify/postman.h"
#include "notify/smtp.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "store/notices.h"

namespace app {

store::NoticeFilter wanted_notices(const std::string& smtp, OfficeOfNow office) {
  if (smtp.empty()) {
    return {.of_call = [](const facts::CallRecord&) { return false; },
            .of_message = [](const facts::Message&) { return false; }};
  }
  return {.of_call =
              [office](const facts::CallRecord& call) {
                const auto now = office();
                return now == nullptr || !notify::told_of_missed_call(*now, call).empty();
              },
          .of_message =
              [office](const facts::Message& message) {
                const auto now = office();
                return now == nullptr || !notify::told_of_message(*now, message.box).empty();
              }};
}

base::Result<std::unique_ptr<notify::Postman>, std::string> start_mail(MailParts parts) {
  if (parts.smtp.empty()) return std::unique_ptr<notify::Postman>{};
  obs::Observer& observer = parts.observer;
  auto opened = notify::Postman::open(
      {.store = parts.store,
       .database_file = std::move(parts.database_file),
       .office = std::move(parts.office),
       .media_folder = std::move(parts.media_folder),
       .templates_folder = std::move(parts.templates_folder),
       .send =
           [url = std::move(parts.smtp)](const notify::Envelope& envelope, const std::string& bytes,
                                         const std::atomic<bool>& stop) {
             return notify::send_by_smtp(url, envelope, bytes, stop);
           },
       .notes =
           [&observer](const notify::Note& note) {
             obs::Line line{note.warning ? obs::Level::Warn : obs::Level::Info, note.event, {}};
             if (!note.kind.empty()) line.fields.emplace_back("kind", note.kind);
             if (!note.to.empty()) line.fields.emplace_back("to", base::Pii{note.to});
             if (!note.cause.empty()) line.fields.emplace_back("cause", note.cause);
             observer.log(std::move(line), net::read_clocks().wall);
           }});
  if (opened) (*opened)->start();
  return opened;
}

}  // namespace app
