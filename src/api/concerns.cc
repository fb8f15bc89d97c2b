#include "api/concerns.h"

#include <string>
#include <string_view>

#include "base/node.h"
#include "config/json.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "obs/events.h"

namespace api {
namespace {

std::string text_at(const base::Node& node, std::string_view key) {
  const base::Node* found = node.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

class About final {
 public:
  About(const model::User& user, const model::Snapshot& snapshot)
      : user_(user), snapshot_(snapshot) {}

  [[nodiscard]] bool is_his(const base::Node& data, std::string_view type) const {
    if (type.starts_with("registration.")) return text_at(data, "user") == user_.id;
    if (type == "voicemail.created") return names_him(text_at(data, "mailbox"));
    if (type == "config.changed")
      return text_at(data, "kind") == "user" && text_at(data, "id") == user_.id;
    if (const base::Node* attempt = data.find("attempt"))
      return names_him(text_at(*attempt, "target"));
    if (const base::Node* record = data.find("record")) return of_record(*record);
    return names_him(text_at(data, "from")) || names_him(text_at(data, "answered_by"));
  }

 private:
  [[nodiscard]] bool names_him(const std::string& name) const {
    return !name.empty() && snapshot_.user_by_number(name) == &user_;
  }
  [[nodiscard]] bool of_record(const base::Node& record) const {
    if (names_him(text_at(record, "from")) || names_him(text_at(record, "answered_by")))
      return true;
    const base::Node* attempts = record.find("attempts");
    if (attempts == nullptr || attempts->list() == nullptr) return false;
    for (const base::Node& attempt : *attempts->list())
      if (names_him(text_at(attempt, "target"))) return true;
    return false;
  }

  const model::User& user_;
  const model::Snapshot& snapshot_;
};

}  // namespace

bool concerns(const obs::Event& event, const std::string& user_id,
              const model::Snapshot& snapshot) {
  const model::User* user = snapshot.user_by_id(user_id);
  if (user == nullptr) return false;
  const auto data = config::read_json(event.data);
  return data && About{*user, snapshot}.is_his(*data, event.type);
}

}  // namespace api
