#include "service/testing/driver.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/media.h"
#include "model/office.h"
#include "service/announcement.h"
#include "service/confirm.h"
#include "service/echo.h"
#include "service/key_entry.h"
#include "service/mailbox_leave.h"
#include "service/mailbox_listen.h"
#include "service/menu.h"
#include "service/prompt_record.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/waiting.h"

namespace service::testing {
namespace {

constexpr std::int64_t kEnoughMs = 7'200'000;
constexpr std::string_view kKeys = "0123456789*#A1212##";

model::Destination mailbox() {
  return {model::DestinationKind::Mailbox, "general"};
}

std::unique_ptr<Service> make_menu(Bytes& bytes) {
  Menu::Settings settings;
  if (bytes.next() % 2 == 0) settings.greeting = {sound("welcome")};
  settings.tries = 1U + bytes.next() % 3U;
  settings.keys = {{"1", mailbox()}, {"12", {model::DestinationKind::Busy, ""}}};
  settings.extensions = {{"101", mailbox()}, {"2", mailbox()}};
  if (bytes.next() % 2 == 0) settings.otherwise = mailbox();
  return std::make_unique<Menu>(std::move(settings));
}

std::unique_ptr<Service> make_waiting(Bytes& bytes) {
  Waiting::Settings settings;
  const std::uint8_t chosen = bytes.next();
  settings.answer = (chosen & 1U) != 0;
  if ((chosen & 2U) != 0) settings.greeting = {sound("welcome")};
  if ((chosen & 4U) != 0) settings.hold = {sound("music")};
  if ((chosen & 8U) != 0) settings.announcement = {sound("please-hold")};
  if ((chosen & 16U) != 0) settings.caller_number = "102";
  if ((chosen & 32U) != 0) settings.then = mailbox();
  settings.announce_position = (chosen & 64U) != 0;
  settings.longest = base::Duration{1'000 * (1 + bytes.next())};
  settings.keys = {{'1', Waiting::Meaning::CallBack, {}},
                   {'2', Waiting::Meaning::Mailbox, mailbox()},
                   {'3', Waiting::Meaning::Leave, {}}};
  return std::make_unique<Waiting>(std::move(settings));
}

std::unique_ptr<Service> make_listen(Bytes& bytes) {
  MailboxListen::Settings settings;
  const std::uint8_t chosen = bytes.next();
  if ((chosen & 1U) != 0) settings.mailbox = "101";
  settings.ask_pin = (chosen & 2U) != 0;
  settings.greeting_file = "greeting";
  return std::make_unique<MailboxListen>(std::move(settings));
}

std::unique_ptr<Service> make(Bytes& bytes) {
  switch (bytes.next() % 9) {
    case 0:
      return std::make_unique<Announcement>(
          Announcement::Settings{.sounds = {sound("closed")}, .then = {}});
    case 1:
      return std::make_unique<Confirm>(Confirm::Settings{});
    case 2: {
      MailboxLeave::Settings settings;
      settings.file = "message";
      settings.full = bytes.next() % 8 == 0;
      return std::make_unique<MailboxLeave>(std::move(settings));
    }
    case 3:
      return make_menu(bytes);
    case 4:
      return make_waiting(bytes);
    case 5:
      return make_listen(bytes);
    case 6:
      return std::make_unique<Echo>(Voice{});
    case 7:
      return std::make_unique<PromptRecord>(PromptRecord::Settings{.voice = {}, .file = "prompt"});
    default: {
      KeyEntry::Settings settings;
      settings.questions.resize(1U + bytes.next() % 2U);
      return std::make_unique<KeyEntry>(std::move(settings));
    }
  }
}

class ServiceDriver {
 public:
  explicit ServiceDriver(Bytes bytes) : bytes_(bytes), service_(make(bytes_)) {}

  std::string run() {
    step([&](Actions& out) { service_->begin(now(), out); });
    while (!bytes_.empty() && broken_.empty()) input();
    settle();
    if (broken_.empty() && !service_->done()) broken_ = "does not end by itself";
    if (broken_.empty() && !files_.empty()) broken_ = "a file is neither kept nor discarded";
    return broken_;
  }

 private:
  [[nodiscard]] base::Now now() const {
    return {.at = base::Instant{base::Duration{now_ms_}}, .wall = {.unix_ms = now_ms_}};
  }

  void input() {
    const std::uint8_t what = bytes_.next();
    switch (what % 8) {
      case 0:
      case 1:
      case 2: {
        const char key = kKeys[bytes_.next() % kKeys.size()];
        step([&](Actions& out) { service_->digit(key, now(), out); });
        break;
      }
      case 3:
        if (playing_) play_ended();
        break;
      case 4:
        if (recording_) recording_ended(static_cast<facts::RecordingEnd>(bytes_.next() % 5));
        break;
      case 5:
        pass(std::int64_t{100} * bytes_.next());
        break;
      case 6:
        pass(std::int64_t{1'000} * bytes_.next());
        break;
      default:
        special(bytes_.next());
        break;
    }
  }

  // What only one kind of service can be told, and the hang-up.
  void special(std::uint8_t what) {
    if (what % 16 == 0) {
      step([&](Actions& out) { service_->hung_up(now(), out); });
      if (recording_) recording_ended(facts::RecordingEnd::Closed);
    } else if (auto* confirm = dynamic_cast<Confirm*>(service_.get()); confirm != nullptr) {
      if (what % 4 == 1) step([&](Actions& out) { confirm->too_late(now(), out); });
    } else if (auto* waiting = dynamic_cast<Waiting*>(service_.get()); waiting != nullptr) {
      const Waiting::Place place{.position = 1U + what % 5U, .expected_wait = std::nullopt};
      step([&](Actions& out) { waiting->moved(place, now(), out); });
    } else if (auto* entry = dynamic_cast<KeyEntry*>(service_.get()); entry != nullptr) {
      if (what % 8 == 1) {
        step([&](Actions& out) { entry->accepted({}, now(), out); });
      } else {
        step([&](Actions& out) { entry->refused({}, what % 4 != 0, now(), out); });
      }
    } else if (auto* prompts = dynamic_cast<PromptRecord*>(service_.get()); prompts != nullptr) {
      step([&](Actions& out) {
        if (what % 4 == 1) {
          prompts->pin_wrong(what > 200, now(), out);
        } else {
          prompts->pin_right(now(), out);
        }
      });
    } else if (auto* listen = dynamic_cast<MailboxListen*>(service_.get()); listen != nullptr) {
      MailboxListen::Contents contents;
      contents.shared = what % 2 == 0;
      contents.messages.resize(what % 4);
      if (what % 8 == 1) {
        step([&](Actions& out) { listen->refused(what > 200, now(), out); });
      } else {
        step([&](Actions& out) { listen->opened(contents, now(), out); });
      }
    }
  }

  void play_ended() {
    playing_ = false;
    step([&](Actions& out) { service_->played(now(), out); });
  }

  void recording_ended(facts::RecordingEnd why) {
    recording_ = false;
    const Recorded recording{.length = base::Duration{100 * bytes_.next()}, .why = why};
    step([&](Actions& out) { service_->recorded(recording, now(), out); });
  }

  void pass(std::int64_t ms) {
    const std::int64_t until = now_ms_ + ms;
    int turns = 0;
    for (std::optional<base::Instant> due = service_->deadline();
         broken_.empty() && due.has_value() && due->time_since_epoch().count() <= until;
         due = service_->deadline()) {
      now_ms_ = std::max(now_ms_, due->time_since_epoch().count());
      if (++turns > 10'000) broken_ = "a deadline that does not move";
      step([&](Actions& out) { service_->time_reached(now(), out); });
    }
    now_ms_ = until;
  }

  // Nobody presses or says anything any more; what runs is let run, or never reported.
  void settle() {
    for (int turn = 0; turn < 2'000 && broken_.empty() && !service_->done(); ++turn) {
      if (playing_ && turn % 3 != 0) play_ended();
      if (recording_ && turn % 2 == 0) recording_ended(facts::RecordingEnd::Stopped);
      pass(10'000);
    }
    if (recording_) recording_ended(facts::RecordingEnd::Closed);
    if (!service_->done()) pass(kEnoughMs);
  }

  template <class Input>
  void step(Input input) {
    const bool was_done = service_->done();
    Actions out;
    input(out);
    if (was_done && !out.empty()) broken_ = "acts after it was done: " + describe(out.front());
    for (const Action& action : out) note(action);
    if (ends_ > 1) broken_ = "ends twice";
    if (ends_ == 1 && !service_->done()) broken_ = "is not done after its end";
    if (service_->done() && service_->deadline().has_value()) broken_ = "waits after its end";
  }

  void note(const Action& action) {
    const auto end = [&] { ++ends_; };
    const auto kept_or_gone = [&](const std::string& file) {
      if (files_.erase(file) == 0) broken_ = "a file that is not there: " + file;
    };
    std::visit(base::Overloaded{
                   [&](const Play& play) {
                     playing_ = !play.loop;
                     if (play.sounds.empty()) broken_ = "plays nothing";
                   },
                   [&](const StopPlaying&) { playing_ = false; },
                   [&](const Record& record) {
                     if (recording_) broken_ = "records twice at once";
                     recording_ = true;
                     if (!files_.insert(record.file).second) broken_ = "records over a file";
                   },
                   [&](const StopRecording&) {
                     if (!recording_) broken_ = "stops no recording";
                   },
                   [&](const Discard& discard) { kept_or_gone(discard.file); },
                   [&](const MessageLeft& left) { kept_or_gone(left.file); },
                   [&](const KeepPrompt& keep) { kept_or_gone(keep.file); },
                   [&](const SetGreeting& set) {
                     if (!set.file.empty()) kept_or_gone(set.file);
                   },
                   [&](const GoTo&) { end(); },
                   [&](const HangUp&) { end(); },
                   [&](const Confirmed&) { end(); },
                   [&](const CallBack&) { end(); },
                   [](const auto&) {},
               },
               action);
  }

  Bytes bytes_;
  std::unique_ptr<Service> service_;
  std::int64_t now_ms_ = 0;
  bool playing_ = false;
  bool recording_ = false;
  int ends_ = 0;
  std::set<std::string> files_;
  std::string broken_;
};

}  // namespace

std::string drive_service(Bytes bytes) {
  return ServiceDriver{bytes}.run();
}

}  // namespace service::testing
