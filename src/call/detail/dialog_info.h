#pragma once
// What a lamp shows, as documents: dialog-info (RFC 4235) and PIDF (RFC 3863).

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace call {

enum class DialogState : std::uint8_t { Trying, Early, Confirmed, Terminated };

// The names of one leg's dialog as the watched phone has it: with them an INVITE with Replaces
// picks exactly this call up.
struct DialogNames {
  std::string user_id;  // whose phone
  std::string call_id, local_tag, remote_tag;
  bool operator==(const DialogNames&) const = default;
};

// One call of a user, group or queue; or that something is switched on.
struct DialogLine {
  DialogState state = DialogState::Trying;
  bool recipient = true;            // else he is the one who calls
  std::vector<DialogNames> names;   // of several phones that ring for it
  std::string local;                // number of who is watched
  std::string remote, remote_name;  // empty: it is not shown
  bool operator==(const DialogLine&) const = default;
};
using DialogLines = std::map<std::string, DialogLine>;  // by dialog id

// The line as this user may use it: with the names of his own phone where it rings, else of the
// first.
[[nodiscard]] DialogLine line_for(const DialogLine& line, const std::string& user_id);

struct DialogDocument {
  std::string entity;  // "sip:101@office.example"
  std::string domain;
  std::uint32_t version = 0;
  bool full = true;
  DialogLines lines;
};
// A line has the names of one phone at most. Without lines a full document says so with a
// terminated dialog: some phones leave their lamp as it is without one.
[[nodiscard]] std::string dialog_info(const DialogDocument& document);

// What changed from `told` to `now`; who is gone is terminated.
[[nodiscard]] DialogLines difference(const DialogLines& told, const DialogLines& now);

struct Presence {
  std::string entity;
  bool open = false;      // a phone is registered
  bool on_phone = false;  // RFC 4480
  bool away = false;      // do-not-disturb or a pause
};
[[nodiscard]] std::string pidf(const Presence& presence);

}  // namespace call
