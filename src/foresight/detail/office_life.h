#pragma once
// The people of a simulated office: who talks, who is away, what the strategies remember.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "foresight/figures.h"
#include "foresight/traffic.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace foresight::detail {

// One person, or one number outside.
struct Someone {
  const Person* habits = nullptr;
  std::string user_id;  // empty: outside
  std::string name;     // as records name him
  std::uint32_t talks = 0;
  bool away = false;
  std::optional<base::WallTime> last_answered_ended{};
  const model::Queue* queue = nullptr;  // whose caller he talks with
  MemberFigures figures;

  [[nodiscard]] bool is_busy() const { return away || talks > 0; }
};

class OfficeLife final : public hunt::View {
 public:
  OfficeLife(const model::Snapshot& snapshot, const Habits& people);

  [[nodiscard]] const model::Snapshot& current() const override { return snapshot_; }
  [[nodiscard]] hunt::UserPresence user(std::string_view user_id) const override;
  [[nodiscard]] hunt::Memory memory(std::string_view group_id) const override;
  void remember(const hunt::Remember& change);

  // Who is behind a target; made when it is met first.
  [[nodiscard]] Someone& behind(const hunt::Target& target);
  // REQUIRES: a user of the office.
  [[nodiscard]] Someone& user_named(const std::string& user_id) { return *users_.at(user_id); }
  // Users of the office, in its order, and then who was met outside.
  template <class Visit>
  void each(Visit visit) {
    for (auto& [key, someone] : everybody_) visit(*someone);
  }

 private:
  Someone& add(const std::string& key, std::string user_id, const std::string& name);

  // Given to us.
  const model::Snapshot& snapshot_;
  const Habits& people_;

  // Owned.
  std::map<std::string, std::unique_ptr<Someone>> everybody_;  // by hunt::key_of
  std::map<std::string, Someone*, std::less<>> users_;         // by id
  std::map<std::string, hunt::Memory, std::less<>> memories_;
};

}  // namespace foresight::detail
