#include "obs/log_ring.h"

#include <algorithm>
#include <mutex>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "obs/log.h"

namespace obs {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool has_text(std::string_view line, std::string_view wanted) {
  return std::ranges::search(line, wanted, {}, lower).begin() != line.end() || wanted.empty();
}

bool fits(const KeptLine& line, const LogQuestion& question) {
  return line.level >= question.level && (question.call.empty() || line.call == question.call) &&
         (question.before == 0 || line.id < question.before) && has_text(line.text, question.text);
}

}  // namespace

void LogRing::keep(const Line& line, base::WallTime at, std::string_view text) {
  const auto call = std::ranges::find(line.fields, "call", &Field::name);
  KeptLine kept{0,
                at,
                line.level,
                std::string{line.event},
                call == line.fields.end() ? std::string{} : call->value,
                std::string{text}};
  const std::lock_guard lock(mutex_);
  kept.id = ++last_;
  if (lines_.size() >= keep_) lines_.pop_front();
  lines_.push_back(std::move(kept));
}

std::vector<KeptLine> LogRing::find(const LogQuestion& question) const {
  std::vector<KeptLine> found;
  const std::lock_guard lock(mutex_);
  for (const KeptLine& line : lines_ | std::views::reverse) {
    if (found.size() >= question.most) break;
    if (fits(line, question)) found.push_back(line);
  }
  return found;
}

}  // namespace obs
