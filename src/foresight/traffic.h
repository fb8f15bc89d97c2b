#pragma once
// Who calls and how people behave in a simulation: given, or learned from call records.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/chance.h"
#include "model/zone.h"

namespace foresight {

// How somebody answers his phone. By extension, number or URI, as records name a member.
struct Person {
  double answers = 0.9;  // share of the rings that he would take, given enough time
  Lengths pickup = Lengths::around(base::Duration{8'000}, base::Duration{1'000});
  double declines = 0;  // share of the rings that he sends away
  bool registered = true;
  // Busy with other things: from the end of one time until the next, and how long.
  Lengths free_for{}, busy_for{};
  // A mobile's own voicemail: it answers after this long, and presses no key.
  std::optional<base::Duration> own_voicemail{};
};

struct Habits {
  Person usual;
  std::map<std::string, Person, std::less<>> known;
  [[nodiscard]] const Person& named(std::string_view name) const;
};

// One call that was or will be, after the simulation's begin.
struct Arrival {
  base::Duration after{};
  std::string from;
  std::string number;
  std::optional<base::Duration> patience{};  // he hung up then; absent: drawn
  base::Duration waited{};                   // he did not hang up before; what is drawn is longer
  std::optional<base::Duration> talk{};      // absent: drawn
};

inline constexpr std::size_t kHoursOfAWeek = 24UL * 7;

struct Traffic {
  std::string number;       // what is dialled
  std::string from;         // who calls; empty: a trusted caller
  base::WallTime begins{};  // the moment of the first second, for schedules and midnight
  std::uint64_t calls = 10'000;
  double an_hour = 60;  // Poisson arrivals at this rate, or
  // at a rate for each hour of the tenant's week, from Monday 00:00; all zero: not used; or
  std::array<double, kHoursOfAWeek> week{};
  std::vector<Arrival> recorded;  // these calls, as they came; not empty: nothing else is used
  Lengths patience = Lengths::around(base::Duration{60'000});
  Lengths talk = Lengths::around(base::Duration{180'000});
};

struct Learned {
  Habits people;
  Traffic traffic;       // `recorded`, `week`, `begins`, `patience`, `talk` and the number
  std::size_t used = 0;  // records that were of this number
};

// From the records of calls whose dialled number or group is one of `names` (all if there is none);
// hours are the zone's. How long somebody takes to answer and
// how long callers wait is estimated by Kaplan and Meier's product: a ring that was stopped because
// somebody else answered says only that he had not answered until then. Who was found busy while no
// call of the records kept him is busy elsewhere for that share of the time, as long as a mean talk
// at a time: how long it was in truth no record tells.
[[nodiscard]] Learned learn(const std::vector<facts::CallRecord>& records,
                            const std::vector<std::string>& names, const model::Zone& zone);

// The product-limit estimate itself: lengths, and whether it came (true) or was cut off there.
[[nodiscard]] Lengths::Seen product_limit(std::vector<std::pair<base::Duration, bool>> lengths);

}  // namespace foresight
