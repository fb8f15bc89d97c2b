#pragma once
// What the office orders of calls without a phone asking for it: a call from a user's phone, a pick
// up, a transfer (orders.cc). A friend of Call, so that what only these three need stands apart.

#include <string>

#include "call/detail/ids.h"
#include "call/engine.h"
#include "model/office.h"
#include "model/routing.h"

namespace call {

class Call;
struct CalleeLeg;
struct HuntRun;

// A call that began with an order: nobody's INVITE, but one to the user's own phones first.
struct Originated {
  std::string user_id;
  bool rings_him = true;  // his phones ring, and the number is not dialled yet
};

class Orders final {
 public:
  // Rings the user's phones; who lifts one becomes the caller of `number`.
  // REQUIRES: a fresh call, and media.
  static void originate(Call& call, const Id& id, const model::User& user,
                        const std::string& number);
  // One of his phones has been lifted: it is the caller's side from now on.
  static void own_phone_answered(Call& call, CalleeLeg& leg);
  // None of them was, or nobody waits for it any more.
  static void give_up(Call& call, model::EndClass end);

  // Rings the user's phones beside all that rings; the first answer has the caller.
  [[nodiscard]] static OrderOutcome pick_up(Call& call, const model::User& user);
  // The hunt that leads the call on has ended: true when somebody's phones still ring beside it.
  [[nodiscard]] static bool waits_for_pick_up(Call& call, model::EndClass end);
  static void nobody_picked_up(Call& call, HuntRun& run);
  [[nodiscard]] static OrderOutcome transfer(Call& call, const TransferOrder& order);
};

}  // namespace call
