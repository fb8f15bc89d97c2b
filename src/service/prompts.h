#pragma once
// The prompts: which recording says what in each language.
//
// English and Spanish come from Debian's packages asterisk-core-sounds-en-wav and -es-wav; what
// they do not have, and all of Polish, are drafts of ours: a name and the text to be spoken, listed
// by drafts(). Names are those of facts::Sound: "en/vm-goodbye", "pl/harrier/goodbye".

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "facts/media.h"
#include "service/service.h"

namespace service {

enum class Language : std::uint8_t { En, Es, Pl };
// "en", "es", "pl" of office.yaml; English for any other.
[[nodiscard]] Language language_from(std::string_view text);
[[nodiscard]] std::string_view prefix(Language language);  // "en/"

enum class Prompt : std::uint8_t {
  // confirmation
  CallFrom,
  AnUnknownCaller,
  CallFor,
  ConfirmOptions,
  ConfirmOptionsWithoutMailbox,
  TooLate,
  // leaving a message
  ThePersonAt,
  IsUnavailable,
  NobodyAvailable,
  LeaveMessage,
  MailboxFull,
  TooShort,
  MessageSaved,
  CannotRecord,
  Goodbye,
  // menu
  WrongKey,
  NoSuchExtension,
  // feature codes
  NotAllowed,
  NotSaved,
  NumberNotUsable,
  NotInService,
  DoNotDisturbOn,
  DoNotDisturbOff,
  ForwardAlwaysTo,
  ForwardBusyTo,
  ForwardNoAnswerTo,
  ForwardUnreachableTo,
  ForwardAlwaysOff,
  ForwardBusyOff,
  ForwardNoAnswerOff,
  ForwardUnreachableOff,
  LoggedIn,
  LoggedOut,
  NotAMember,
  PauseOn,
  PauseOff,
  RulesOn,
  RulesOff,
  NoRules,
  FlagOn,
  FlagOff,
  EnterExtension,
  EnterGroup,
  EnterForward,
  GroupForwardedTo,
  GroupForwardOff,
  NothingToRedial,
  NobodyToCallBack,
  CallerWasHidden,
  NothingToPickUp,
  // waiting and queue
  KeyForCallBack,
  KeyForMailbox,
  KeyToLeave,
  EnterCallBackNumber,
  EnterCallBackNumberOrHash,
  YouEntered,
  IsItRight,
  WillCallBack,
  YouAreNext,
  YouAreCallerNumber,
  WaitingToSpeak,
  ExpectedWait,
  LessThan,
  OneSecond,
  // listening
  EnterMailbox,
  EnterPin,
  WrongPin,
  TryLater,
  YouHave,
  YouHaveNo,
  And,
  NoMoreMessages,
  NewMessage,
  SavedMessage,
  MessageFrom,
  MessageLength,
  HandledBy,
  MainOptions,
  MessageOptions,
  HandledOption,
  MessageDeleted,
  MessageKept,
  MarkedHandled,
  MarkedNotHandled,
  NoNumberToCall,
  RecordGreeting,
  GreetingOptions,
  ReviewOptions,
  GreetingSaved,
  GreetingRemoved,
  // small services
  EchoTest,
  EchoOver,
  YourExtensionIs,
  EnterPromptNumber,
  SayPrompt,
  PromptSaved
};
inline constexpr std::size_t kPromptCount = static_cast<std::size_t>(Prompt::PromptSaved) + 1;

// What is said in, and which recordings are there. Without a list all are taken to be there.
struct Voice {
  Language language = Language::En;
  // Sorted names of all recordings; shared because one list serves every call.
  std::shared_ptr<const std::vector<std::string>> recordings;
};
[[nodiscard]] bool has(const Voice& voice, std::string_view name);

[[nodiscard]] facts::Sound sound(std::string name);
[[nodiscard]] facts::Sound tone(facts::Tone tone);
[[nodiscard]] facts::Sound pause(base::Duration length);
void append(Sounds& to, const Sounds& more);

// The prompt in the voice's language; in English where its recording is missing.
[[nodiscard]] facts::Sound prompt(const Voice& voice, Prompt prompt);
// The name of its recording in that language.
[[nodiscard]] std::string name_of(Language language, Prompt prompt);

// A phrase of several recordings is said in one language: `build(language)` for the voice's own,
// and again for English when one of its recordings is missing.
template <class Build>
[[nodiscard]] Sounds phrase(const Voice& voice, Build build) {
  Sounds spoken = build(voice.language);
  if (voice.language == Language::En) return spoken;
  const bool whole = std::all_of(spoken.begin(), spoken.end(), [&](const facts::Sound& part) {
    return part.name.empty() || has(voice, part.name);
  });
  return whole ? spoken : build(Language::En);
}

// A recording of ours that has to be made.
struct Draft {
  Language language = Language::En;
  std::string name;
  std::string text;
  bool operator==(const Draft&) const = default;
};
[[nodiscard]] std::vector<Draft> drafts();

}  // namespace service
