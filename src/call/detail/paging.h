#pragma once
// A page: one speaks, all who answered listen, until he hangs up (docs/hunting.md `page`;
// paging.cc). A friend of Call, as Orders is: what only pages need stands apart.

#include "hunt/hunt.h"

namespace call {

class Call;
struct CalleeLeg;
struct HuntRun;

class Paging final {
 public:
  // One more who listens; the first of them answers the caller.
  static void join(Call& call, HuntRun& run, hunt::AttemptId id);
  // The caller has his 200: to him and in the record this is the answer.
  static void is_heard(Call& call);
  // The time to answer is over. Who is left alone meanwhile is hung up.
  static void all_have_joined(Call& call, HuntRun& run);
  // His dialog is over already.
  static void listener_is_gone(Call& call, CalleeLeg& leg);
  // Somebody's stream is another one: who listens is told anew.
  static void hear_again(Call& call);
  // The call ends: who listens is hung up.
  static void end(Call& call);

 private:
  static void note_late_listener(Call& call, HuntRun& run, hunt::AttemptId id);
  [[nodiscard]] static bool begin(Call& call, const HuntRun& run, const CalleeLeg& first);
  [[nodiscard]] static bool somebody_listens(const Call& call);
  static void end_unheard(Call& call);
};

}  // namespace call
