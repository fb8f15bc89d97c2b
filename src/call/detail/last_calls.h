#pragma once
// Whom each user called last, and who called him last: for redial and call return (row S1.20).

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace call {

struct LastCall {
  std::string dialled;  // as it was dialled
  std::string caller;   // of the last call that rang here
  bool hidden = false;  // that call showed no number
  bool operator==(const LastCall&) const = default;
};

class LastCalls final {
 public:
  // Null: neither has happened.
  [[nodiscard]] const LastCall* of(std::string_view user_id) const;
  // True if it is a change.
  bool dialled(const std::string& user_id, const std::string& number);
  bool called(const std::string& user_id, const std::string& number, bool hidden);
  // Users who changed since the last time, with the text of what is remembered now.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> take_changed();
  // What take_changed() gave; other text does nothing.
  void restore(const std::string& user_id, std::string_view text);

 private:
  std::map<std::string, LastCall, std::less<>> users_;
  std::set<std::string> changed_;
};

[[nodiscard]] std::string encode(const LastCall& last);
[[nodiscard]] std::optional<LastCall> decode_last_call(std::string_view text);

}  // namespace call
