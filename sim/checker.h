#pragma once
// Watches every packet between the engine and the world and says which promise was broken.
//
// It sees the wire only, never the engine's state: invariants I1-I12 of the reliability notes that
// can be read from packets. `problems` stays empty in a sound run.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "facts/fact.h"
#include "sim/text.h"

namespace sim {

class Checker {
 public:
  // A message that left the engine, and one that reached it, in their order.
  void engine_sent(const Text& message, base::Instant now);
  void engine_got(const Text& message, base::Instant now);
  void told(const facts::Fact& fact, base::Instant now);
  // When everything should have come to rest.
  void at_rest();

  std::vector<std::string> problems;
  std::vector<facts::CallRecord> records;  // of calls that ended, in order

 private:
  struct InviteOut {  // an INVITE client transaction of the engine, by branch
    Text invite;
    bool provisional = false;
    int final_code = 0;
    bool acked = false;
    bool canceled = false;
    std::uint64_t sent = 0;
  };
  struct DialogOut {  // by Call-ID + both tags, from the engine's side
    bool said_bye = false;
    std::uint32_t last_cseq = 0;
    bool acked_2xx = false;
    bool got_bye = false;
    bool got_2xx = false;
  };

  void request_sent(const Text& message);
  void response_sent(const Text& message);
  void cancel_sent(const Text& message);
  void problem(const std::string& what, const Text& message);

  std::map<std::string, InviteOut> invites_;
  std::map<std::string, DialogOut> dialogs_;
  std::map<std::string, std::set<int>> finals_to_invites_;  // by Call-ID, CSeq, branch
  std::set<std::string> requests_out_;                      // inside dialogs, by branch
  std::set<std::string> arrived_, ended_;
  base::Instant now_{};
};

}  // namespace sim
