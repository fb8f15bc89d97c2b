#include "call/detail/dialog_board.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call/detail/dialog_info.h"

namespace call {

void DialogBoard::show(const std::string& call, std::vector<ShownDialog> shown) {
  const auto known = of_call_.find(call);
  if (known != of_call_.end()) {
    for (const auto& [resource, id] : known->second) {
      const bool stays = std::any_of(shown.begin(), shown.end(), [&](const ShownDialog& dialog) {
        return dialog.resource == resource && dialog.id == id;
      });
      if (stays) continue;
      const auto lines = lines_.find(resource);
      lines->second.erase(id);
      if (lines->second.empty()) lines_.erase(lines);
      changed_.insert(resource);
    }
    of_call_.erase(known);
  }
  if (shown.empty()) return;
  auto& mine = of_call_[call];
  for (ShownDialog& dialog : shown) {
    DialogLine& line = lines_[dialog.resource][dialog.id];
    if (line != dialog.line) changed_.insert(dialog.resource);
    line = std::move(dialog.line);
    mine.emplace_back(std::move(dialog.resource), std::move(dialog.id));
  }
}

void DialogBoard::clear() {
  lines_.clear();
  of_call_.clear();
  changed_.clear();
}

const DialogLines& DialogBoard::of(std::string_view resource) const {
  const auto found = lines_.find(resource);
  return found == lines_.end() ? none_ : found->second;
}

}  // namespace call
