#pragma once
// What the secret of an answer link says when it is opened: whose phone may take which call, and
// until when.

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace model {

struct AnswerLink {
  std::string call;
  std::string user_id;
  base::WallTime expires{};
  bool operator==(const AnswerLink&) const = default;
};

[[nodiscard]] std::string text_of(const AnswerLink& link);
// Nothing for anything else.
[[nodiscard]] std::optional<AnswerLink> answer_link_from(std::string_view text);

// Base64 as a part of a path, and back.
[[nodiscard]] std::string for_path(std::string_view base64);
[[nodiscard]] std::string from_path(std::string_view part);

}  // namespace model
