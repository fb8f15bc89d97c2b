#pragma once
// A world with one phone for each user and short ways to say what a test of a rule needs.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "call/settings.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/world.h"

namespace sim {

// Milliseconds, seconds: `s(30)`.
[[nodiscard]] constexpr base::Duration ms(std::int64_t count) {
  return base::Duration{count};
}
[[nodiscard]] constexpr base::Duration s(std::int64_t count) {
  return base::Duration{count * 1000};
}

[[nodiscard]] model::Group group_of(model::Strategy strategy,
                                    const std::vector<model::Member>& members);

// Builds the world when it is made: one registered phone a user, silent but ringing. The last user
// is the caller.
class Scene {
 public:
  explicit Scene(model::Office office, call::Settings settings = {});

  World world;
  // By SIP username.
  [[nodiscard]] Phone& phone(const std::string& username) { return *phones_.at(username); }
  [[nodiscard]] Phone& caller() { return *caller_; }
  // The caller dials; time zero of everything below.
  void dial(const std::string& number, const std::vector<std::string>& extra = {});
  // Runs until `at` after the dialling.
  void run_until(base::Duration at);
  // Everybody hangs up, all comes to rest; the problems that the checker saw, "" when sound.
  [[nodiscard]] std::string finish();

  // When the phone's n-th INVITE came, in ms after the dialling; -1: never. Rounded down to 10 ms:
  // a hop takes 1 ms.
  [[nodiscard]] std::int64_t rang_at(const std::string& username, std::size_t nth = 0);
  // When that ringing ended at the phone, in the same way; -1: it rings or talks still.
  [[nodiscard]] std::int64_t stopped_at(const std::string& username, std::size_t nth = 0);
  // Reason lines of the CANCEL or BYE that ended it.
  [[nodiscard]] std::vector<std::string> reasons(const std::string& username, std::size_t nth = 0);
  // The caller's final code; 0 while there is none.
  [[nodiscard]] int final_code();
  [[nodiscard]] const facts::CallRecord& record();

  // ---- what is heard, where the audio ends here (sound_room.h); of the phone's n-th call ----
  bool press(const std::string& username, char key, std::size_t nth = 0);
  [[nodiscard]] std::string hears(const std::string& username, std::size_t nth = 0);
  [[nodiscard]] std::vector<std::string> played(const std::string& username, std::size_t nth = 0);
  // What hears() says of somebody who hears this phone: "port 30002".
  [[nodiscard]] std::string voice_of(const std::string& username, std::size_t nth = 0);
  // The port of ours that this phone was told to send to; 0: none.
  [[nodiscard]] std::uint16_t port_of(const std::string& username, std::size_t nth = 0);

 private:
  std::map<std::string, Phone*> phones_;
  Phone* caller_ = nullptr;
  base::Instant dialled_{};
};

// Media there is: ports 30000 to 30999 of the server. `always`: every call's audio ends there.
[[nodiscard]] call::Settings with_media(bool always = false);
// Users 101 to 103 with mailboxes and the caller 104; 600 rings 101 and 102 for 10 s.
[[nodiscard]] model::Office office_with_mailboxes();

// The header sets of rule 6, as they stand on the wire.
[[nodiscard]] const std::vector<std::string>& completed_elsewhere();
[[nodiscard]] const std::vector<std::string>& caller_gave_up();
[[nodiscard]] const std::vector<std::string>& timed_out();

}  // namespace sim
