#pragma once
// Text pictures of a plan and of a call: a row a ring, a column a second or more, light for what is
// planned, dark for what happened. UTF-8.
//
//   ░ planned   ▒ dialled, not ringing yet   █ ringing   ▼ now

#include <cstddef>
#include <cstdint>
#include <string>

#include "facts/call_record.h"

namespace foresight {

struct DrawOptions {
  std::size_t columns = 100;  // of the terminal; at least 60
};

// `explain`: decisions, who rings when, who is skipped and why, what follows.
[[nodiscard]] std::string draw(const facts::PlanStory& plan, const DrawOptions& options = {});

// `trace`: a finished call, planned against real.
[[nodiscard]] std::string draw(const facts::CallRecord& record, const DrawOptions& options = {});

// `calls --follow`: a call that still runs, `now_ms` after its INVITE. What is still to come is
// drawn from its plan.
[[nodiscard]] std::string draw_live(const facts::CallRecord& record, std::int64_t now_ms,
                                    const DrawOptions& options = {});

}  // namespace foresight
