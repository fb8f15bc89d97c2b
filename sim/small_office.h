#pragma once
// A small random office in one moment: its configuration, what its people are at, and one call to
// it. Everything is drawn from one seed; lengths are whole seconds and short, so that moments often
// coincide.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "hunt/memory.h"
#include "model/office.h"

namespace sim {

// What a user is at when the call comes.
struct PersonNow {
  bool registered = true;
  bool in_a_call = false;
  std::int64_t idle_after_s = 0;  // his last answered call ended so late; 0: he had none
};

struct SmallOffice {
  static constexpr int kPeople = 5;              // 101 to 105
  static constexpr const char* kCaller = "190";  // calls, is no member
  static constexpr const char* kSink = "199";    // answers whoever is to be in a call
  static constexpr const char* kQueue = "590";
  static constexpr const char* kPublic = "+48587622000";
  static constexpr const char* kTrunk = "10.9.0.1:5060";
  static constexpr const char* kFarUri = "sip:desk@10.8.0.1:5060";
  static constexpr const char* kFarAddress = "10.8.0.1:5060";

  bool plain = false;  // no forwards in groups, no pause that ends, one round only
  model::Office office;
  std::map<std::string, PersonNow> people;     // by extension
  std::map<std::string, hunt::Memory> memory;  // by group name
  std::string number;                          // that is dialled
  std::string from;                            // an extension, or a number outside
};

// `wall` is about the moment of the call; pauses end around it.
[[nodiscard]] SmallOffice small_office(std::uint64_t seed, base::WallTime wall);

}  // namespace sim
