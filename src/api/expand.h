#pragma once
// What `?expand=` adds to things: what is so at this moment.

#include <optional>
#include <string>
#include <variant>

#include "api/backend.h"
#include "api/http.h"
#include "api/router.h"
#include "base/node.h"
#include "base/time.h"
#include "foresight/health.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {

class Expander final {
 public:
  // Asks the signalling thread when the query wants it. The refusal: it does not answer (503), or
  // this kind of thing has nothing of that name (400).
  [[nodiscard]] static std::variant<Expander, Response> of(const Call& call, model::Kind kind);
  // Adds it to the body of the thing with this id.
  void add(base::Node& body, const model::Snapshot& snapshot, const std::string& id) const;

 private:
  model::Kind kind_ = model::Kind::User;
  bool wanted_ = false;
  base::WallTime now_{};
  foresight::People people_;
  Backend* backend_ = nullptr;
};

// {"can_ring", "of", "members"}
[[nodiscard]] base::Node health_node(const model::Snapshot& snapshot, const model::Group& group,
                                     const foresight::People& people, base::WallTime now);
// {"open", "because", "changes_at"}
[[nodiscard]] base::Node now_node(const model::Schedule& schedule, const model::Zone& zone,
                                  base::WallTime now);
// {"on", "because"}
[[nodiscard]] base::Node now_node(const model::Flag& flag, const model::Snapshot& snapshot,
                                  base::WallTime now);

// What a person reads of it.
[[nodiscard]] std::string in_words(const TrunkState& state);

}  // namespace api
