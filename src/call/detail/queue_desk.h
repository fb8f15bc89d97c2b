#pragma once
// The queues of the office: one line each, and who stands in it. Whom the line offers a caller is
// rung by an ordinary hunt of that call; this only says who is next.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/detail/ids.h"
#include "model/office.h"
#include "service/queue_line.h"

namespace call {

class Call;
class Core;

class QueueDesk final {
 public:
  explicit QueueDesk(Core& core) : core_(core) {}

  // The call stands in the line now, or was sent away at once. REQUIRES: it stands in none.
  void enter(Call& call, const model::Queue& queue);
  // He hung up or went elsewhere. Without effect when he stands in no line.
  void leave(const Call& call);
  // How an offer ended: the agent has taken the call, or he has not.
  void answered(const Call& call, const std::string& agent);
  void failed(const Call& call, const std::string& agent, service::OfferFailure why);
  // The talk that came out of it is over.
  void call_over(const std::string& queue_id, const std::string& agent);
  // Phones, calls or the configuration have changed: the lines hear of it at the end of the turn.
  void look_again() { look_again_ = true; }
  void settle();
  void time_reached();
  [[nodiscard]] std::optional<base::Instant> deadline() const;

 private:
  struct Line {
    std::unique_ptr<service::QueueLine> line;
    model::Queue configured;                  // what the line was made of
    std::map<service::CallerId, Id> callers;  // -> call
  };

  [[nodiscard]] Line& line_of(const model::Queue& queue);
  [[nodiscard]] std::vector<service::Agent> agents_of(const model::Queue& queue) const;
  void carry_out(const std::string& queue_id, service::QueueActions& actions);

  Core& core_;
  std::map<std::string, Line, std::less<>> lines_;  // by queue id
  std::uint64_t last_caller_ = 0;
  bool look_again_ = false;
};

}  // namespace call
