#pragma once
// What answers a call itself: mailboxes, menus, announcements, the caller's wait, the question of
// rule 9. Each is a machine over prompts and digits: input and time go in, actions come out. No
// clock, no I/O, no SIP word.
//
//   begin(now, out)          the first actions; once
//   digit, played, recorded  what media/ heard or finished
//   hung_up(now, out)        the other side is gone; a recording that runs is still closed and kept
//   deadline()               when to call time_reached(now, out) at the latest
//   done()                   nothing will come any more; digits and late events do no harm
//
// The driver's rules: carry out all actions in their order before the next input; call played()
// once when the last Play ended by itself, never for one that was replaced, stopped or loops; call
// recorded() once for each Record, also when the stream was closed under it; keep the machine until
// done(), also after hung_up(). `now` never goes backwards.
//
// A base class with virtual functions although the set of services is closed: the driver in call/
// owns one of them without knowing which, and the few services that can be asked more (Confirm,
// Waiting, MailboxListen, KeyEntry, PromptRecord) are driven by who made them.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "facts/media.h"
#include "model/office.h"

namespace service {

using Sounds = std::vector<facts::Sound>;

// ---- actions -------------------------------------------------------------------------------
// The caller is answered, if he was not yet. Before the first Play of a service that answers.
struct Answer {};
// The caller hears us before the answer (sip.md 4.5). Where that cannot be, nothing is heard.
struct OpenEarlyMedia {};
// Replaces what plays.
struct Play {
  Sounds sounds;
  bool loop = false;
};
struct StopPlaying {};
// Writes what the other side says to a new file, relative to the media folder.
struct Record {
  std::string file;
  base::Duration longest{0};
  base::Duration silence{0};  // ends after that much silence; 0: never
};
struct StopRecording {};
// The file is not wanted: remove it.
struct Discard {
  std::string file;
};
// The call goes on there; the service has ended.
struct GoTo {
  model::Destination to;
};
enum class Cause : std::uint8_t { Normal, NoAnswer };
// The service has ended and the other side is hung up.
struct HangUp {
  Cause cause = Cause::Normal;
};
// Rule 9: what the member said. The leg stays up: who ends or joins it is the hunt's to say.
enum class Confirmation : std::uint8_t { Taken, ToMailbox, Declined, NotConfirmed };
struct Confirmed {
  Confirmation result = Confirmation::NotConfirmed;
};
// The greeting before ringing is over: the hunt may begin.
struct GreetingOver {};
// The caller wants to be called back and hangs up now; the hunt for him ends.
struct CallBackWanted {
  std::string number;
};
// A message to store, with notice and lamp.
struct MessageLeft {
  std::string mailbox;
  std::string file;
  base::Duration length{0};
};
// Answered by MailboxListen::opened() or refused().
struct OpenMailbox {
  std::string number;
  std::string pin;  // as keyed; empty where none was asked
};
// Answers to all questions of a KeyEntry; answered by its accepted() or refused().
struct Keyed {
  std::vector<std::string> answers;
};
// The call goes on to this number, dialled with the rights of the mailbox's owner; the service has
// ended.
struct CallBack {
  std::string number;
};
enum class MessageChange : std::uint8_t { Heard, Saved, Deleted, Handled, NotHandled };
struct ChangeMessage {
  std::string mailbox;
  std::string id;
  std::string file;
  MessageChange change = MessageChange::Heard;
};
// From now on the mailbox greets with this recording; an empty `file`: with the default.
struct SetGreeting {
  std::string mailbox;
  std::string file;
};
// The caller hears himself until something is played.
struct HearOneself {};
// Answered by PromptRecord::pin_right() or pin_wrong().
struct CheckPin {
  std::string pin;
};
// This recording is prompt `number` of the office from now on.
struct KeepPrompt {
  std::string number;
  std::string file;
};
using Action =
    std::variant<Answer, OpenEarlyMedia, Play, StopPlaying, Record, StopRecording, Discard, GoTo,
                 HangUp, Confirmed, GreetingOver, CallBackWanted, MessageLeft, OpenMailbox, Keyed,
                 CallBack, ChangeMessage, SetGreeting, HearOneself, CheckPin, KeepPrompt>;
using Actions = std::vector<Action>;

// One line, for traces and tests: "play en/vm-intro beep", "go_to mailbox general".
[[nodiscard]] std::string describe(const Action& action);

// ---- inputs --------------------------------------------------------------------------------
struct Recorded {
  base::Duration length{0};  // of the file, the silence at its end included
  facts::RecordingEnd why = facts::RecordingEnd::Stopped;
};

class Service {
 public:
  Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service() = default;

  virtual void begin(base::Now now, Actions& out) = 0;
  virtual void digit(char digit, base::Now now, Actions& out) = 0;
  virtual void played(base::Now now, Actions& out) = 0;
  virtual void recorded(const Recorded& recording, base::Now now, Actions& out) = 0;
  virtual void time_reached(base::Now now, Actions& out) = 0;
  virtual void hung_up(base::Now now, Actions& out) = 0;
  // Nothing when only inputs can move it.
  [[nodiscard]] virtual std::optional<base::Instant> deadline() const = 0;
  [[nodiscard]] virtual bool done() const = 0;
};

}  // namespace service
