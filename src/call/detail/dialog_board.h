#pragma once
// Who has which call, for lamps: what each call shows of users, groups and queues, and which of
// them changed since somebody looked.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call/detail/dialog_info.h"

namespace call {

// What one call shows on one lamp.
struct ShownDialog {
  std::string resource;  // "user/101", "group/sales", "queue/support"
  std::string id;        // of the dialog, the same as long as it lasts
  DialogLine line;
};

class DialogBoard final {
 public:
  // All that this call shows from now on; nothing: it is over.
  void show(const std::string& call, std::vector<ShownDialog> shown);
  void clear();
  [[nodiscard]] const DialogLines& of(std::string_view resource) const;
  // Something else of it changed: who is registered, a switch.
  void touch(const std::string& resource) { changed_.insert(resource); }
  [[nodiscard]] std::set<std::string> take_changed() { return std::exchange(changed_, {}); }
  [[nodiscard]] bool has_changed() const { return !changed_.empty(); }

 private:
  std::map<std::string, DialogLines, std::less<>> lines_;  // by resource
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> of_call_;
  std::set<std::string> changed_;
  DialogLines none_;  // always empty
};

}  // namespace call
