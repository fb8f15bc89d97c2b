#include "notify/postman.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <future>
#include <ios>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/group_part.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/zone.h"
#include "net/clock.h"
#include "notify/letters.h"
#include "notify/mail.h"
#include "notify/reports.h"
#include "notify/smtp.h"
#include "store/notices.h"
#include "store/reader.h"
#include "store/store.h"

namespace notify {
namespace {

using store::Notice;

constexpr std::chrono::milliseconds kEvery{1'000};
constexpr std::size_t kAtOnce = 50;  // notices a round
constexpr std::int64_t kWaitingMax = 10'000;
constexpr std::int64_t kKeptForMs = 3LL * 24 * 3'600'000;
constexpr std::uintmax_t kAttachedBytesMax = 20U << 20U;
constexpr std::size_t kTemplateBytesMax = 256U << 10U;
constexpr std::size_t kCallsADayMax = 20'000;
constexpr std::int64_t kDaysMax = 3;  // of which reports are made up for
// More than a day and less than two, also when clocks are set.
constexpr std::int64_t kIntoTheNextDayMs = 25LL * 3'600'000 + 1'800'000;

// A mail that the server put off is tried again after so many minutes; then every two hours.
constexpr std::array<std::int64_t, 4> kLaterMinutes{1, 5, 15, 60};
constexpr std::int64_t kLaterAtMostMinutes = 120;
// A server that is not there is looked for again after so long, then twice as long, up to the last.
constexpr base::Duration kServerAgain{5'000};
constexpr base::Duration kServerAgainAtMost{300'000};

base::WallTime due_again(std::uint32_t tries, base::WallTime now) {
  const std::int64_t minutes =
      tries < kLaterMinutes.size() ? kLaterMinutes.at(tries) : kLaterAtMostMinutes;
  return {now.unix_ms + minutes * 60'000};
}

std::optional<std::string> read_up_to(const std::string& path, std::uintmax_t most,
                                      bool& too_large) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return std::nullopt;
  const std::streamoff size = file.tellg();
  too_large = size < 0 || static_cast<std::uintmax_t>(size) > most;
  if (too_large) return std::nullopt;
  file.seekg(0);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.read(bytes.data(), size);
  if (!file) return std::nullopt;
  return bytes;
}

// A group's day as a notice names it.
struct DayRef {
  std::string group_id;
  base::WallTime from{}, until{};
};

std::string text_of(const DayRef& day) {
  return day.group_id + '\n' + std::to_string(day.from.unix_ms) + '-' +
         std::to_string(day.until.unix_ms);
}

std::optional<DayRef> day_from(const std::string& ref) {
  const std::size_t line = ref.find('\n');
  const std::size_t dash = line == std::string::npos ? line : ref.find('-', line + 1);
  if (dash == std::string::npos) return std::nullopt;
  DayRef day{ref.substr(0, line)};
  const auto read = [&](std::size_t from, std::size_t until, std::int64_t& number) {
    return std::from_chars(ref.data() + from, ref.data() + until, number).ec == std::errc{};
  };
  if (!read(line + 1, dash, day.from.unix_ms) || !read(dash + 1, ref.size(), day.until.unix_ms))
    return std::nullopt;
  return day;
}

}  // namespace

class Postman::Impl {
 public:
  Impl(Parts parts, std::unique_ptr<store::Reader> reader)
      : parts_(std::move(parts)), reader_(std::move(reader)) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start() {
    thread_ = std::thread([this] {
      std::unique_lock lock(mutex_);
      while (!wake_.wait_for(lock, kEvery, [this] { return stopping_.load(); })) {
        lock.unlock();
        round(net::read_clocks());
        lock.lock();
      }
    });
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] Figures figures() const {
    const std::lock_guard lock(mutex_);
    return figures_;
  }

  void round(base::Now now) {
    const auto office = parts_.office();
    if (office == nullptr) return;
    begin_days(*office, now.wall);
    settle_recipients(*office);
    if (now.at >= server_again_at_) send_due(*office, now);
    const auto waiting = reader_->notice_count();
    if (!waiting) return;
    const std::lock_guard lock(mutex_);
    figures_.waiting = *waiting;
  }

 private:
  // Waits until it is true, or is not.
  bool change(store::NoticeChange change) {
    auto promise = std::make_shared<std::promise<bool>>();
    auto answer = promise->get_future();
    parts_.store.change_notices(std::move(change),
                                [promise](bool done) { promise->set_value(done); });
    return answer.get();
  }

  void note(bool warning, const char* event, const Notice& notice, std::string cause = {}) {
    parts_.notes({warning, event, notice.kind, notice.recipient, std::move(cause)});
  }

  void count(std::uint64_t Figures::* what) {
    const std::lock_guard lock(mutex_);
    ++(figures_.*what);
  }

  // ---- days ----

  // At the tenant's midnight each group that wants it gets a notice of the day that ended; of days
  // that passed while nobody ran, too.
  void begin_days(const model::Snapshot& office, base::WallTime now) {
    const base::WallTime midnight = model::midnight_before(office.zone(), now);
    const auto read = reader_->days_until();
    if (!read) return;
    const std::optional<base::WallTime>& until = *read;
    if (until.has_value() && *until >= midnight) return;
    store::NoticeChange begun;
    begun.days_until = midnight;
    if (until.has_value()) {
      for (const DayRef& day : days_between(office, *until, midnight)) add_day(office, day, begun);
    }
    (void)change(std::move(begun));
  }

  static std::vector<DayRef> days_between(const model::Snapshot& office, base::WallTime from,
                                          base::WallTime until) {
    std::vector<DayRef> days;
    // Far behind: no need to go through years.
    const std::int64_t earliest = until.unix_ms - (kDaysMax + 1) * kIntoTheNextDayMs;
    if (from.unix_ms < earliest) from = model::midnight_before(office.zone(), {earliest});
    while (from < until) {
      const base::WallTime next =
          model::midnight_before(office.zone(), {from.unix_ms + kIntoTheNextDayMs});
      if (next <= from) break;
      days.push_back({{}, from, std::min(next, until)});
      from = next;
    }
    if (days.size() > static_cast<std::size_t>(kDaysMax))
      days.erase(days.begin(), days.end() - kDaysMax);
    return days;
  }

  static void add_day(const model::Snapshot& office, const DayRef& day,
                      store::NoticeChange& begun) {
    for (const model::Group& group : office.office().groups) {
      if (group.email.daily.empty()) continue;
      Notice notice;
      notice.kind = store::kGroupsDay;
      notice.ref = text_of({group.id, day.from, day.until});
      notice.at = notice.due = day.until;
      begun.added.push_back(std::move(notice));
    }
    for (const model::Report& report : office.office().reports) {
      const auto from = report_begins(office.zone(), report.every, day.from, day.until);
      if (!from.has_value() || report.email.empty()) continue;
      Notice notice;
      notice.kind = store::kCallsReport;
      notice.ref = text_of({report.id, *from, day.until});
      notice.at = notice.due = day.until;
      begun.added.push_back(std::move(notice));
    }
  }

  static const model::Report* report_with(const model::Snapshot& office, const std::string& id) {
    for (const model::Report& report : office.office().reports)
      if (report.id == id) return &report;
    return nullptr;
  }

  // ---- who is told ----

  // From one notice of something one for each address.
  void settle_recipients(const model::Snapshot& office) {
    const auto open = reader_->notices_without_recipient(kAtOnce);
    const auto waiting = reader_->notice_count();
    if (!open || !waiting || open->empty()) return;
    store::NoticeChange settled;
    for (const Notice& notice : *open) {
      const auto told = told_of(office, notice);
      if (!told) return;  // it could not be read
      settled.removed.push_back(notice.id);
      if (*waiting > kWaitingMax) {
        note(true, "mail.given_up", notice, "too many mails wait");
        count(&Figures::given_up);
        continue;
      }
      for (const std::string& address : *told) {
        if (!is_address(address)) continue;  // an edit does not let it in
        Notice one = notice;
        one.recipient = address;
        settled.added.push_back(std::move(one));
      }
    }
    (void)change(std::move(settled));
  }

  store::Read<std::vector<std::string>> told_of(const model::Snapshot& office,
                                                const Notice& notice) {
    if (notice.kind == store::kMissedCall) {
      TRY(const auto call, reader_->record(notice.ref));
      return call.has_value() ? told_of_missed_call(office, *call) : std::vector<std::string>{};
    }
    if (notice.kind == store::kMessageLeft) {
      return told_of_message(office, notice.ref.substr(0, notice.ref.find('\n')));
    }
    const auto day = day_from(notice.ref);
    if (notice.kind == store::kCallsReport) {
      const model::Report* report = day.has_value() ? report_with(office, day->group_id) : nullptr;
      return report == nullptr ? std::vector<std::string>{} : report->email;
    }
    const model::Group* group = day.has_value() ? office.group_by_id(day->group_id) : nullptr;
    return group == nullptr ? std::vector<std::string>{} : group->email.daily;
  }

  // ---- sending ----

  void send_due(const model::Snapshot& office, base::Now now) {
    const auto due = reader_->notices_due(now.wall, kAtOnce);
    if (!due) return;
    for (const Notice& notice : *due) {
      if (stopping_.load()) return;
      if (sent_.contains(notice.id)) {  // the strike failed, not the sending
        strike(notice);
        continue;
      }
      if (now.wall.unix_ms - notice.at.unix_ms > kKeptForMs) {
        note(true, "mail.given_up", notice, "it could not be sent for three days");
        count(&Figures::given_up);
        strike(notice);
        continue;
      }
      const auto written = write_letter(office, notice);
      if (!written) return;
      const std::optional<Written>& letter = *written;
      if (!letter.has_value()) {
        strike(notice);
        continue;
      }
      if (!send(office, notice, *letter, now)) return;
    }
  }

  void strike(const Notice& notice) {
    if (change({.removed = {notice.id}})) {
      sent_.erase(notice.id);
    } else {
      sent_.insert(notice.id);
    }
  }

  // False: nothing more for now.
  bool send(const model::Snapshot& office, const Notice& notice, const Written& written,
            base::Now now) {
    const std::string& tenant = office.office().tenant;
    Mail mail;
    mail.from = "harrier@" + tenant;
    mail.to = notice.recipient;
    mail.subject = written.subject;
    mail.text = written.text;
    mail.html = written.html;
    mail.attachments = written.attachments;
    mail.message_id =
        std::to_string(notice.at.unix_ms) + '.' + std::to_string(notice.id) + ".harrier@" + tenant;
    mail.at = notice.at;
    const auto done = parts_.send({mail.from, mail.to}, write(mail), stopping_);
    if (done) {
      server_found();
      note(false, "mail.sent", notice);
      count(&Figures::sent);
      strike(notice);
      return true;
    }
    if (stopping_.load()) return false;
    return failed(notice, done.error(), now);
  }

  bool failed(const Notice& notice, const SmtpError& error, base::Now now) {
    switch (error.what) {
      case SmtpError::What::Refused:
        server_found();
        note(true, "mail.refused", notice, error.text);
        count(&Figures::refused);
        strike(notice);
        return true;
      case SmtpError::What::Later: {
        server_found();
        note(true, "mail.put_off", notice, error.text);
        Notice again = notice;
        again.due = due_again(notice.tries, now.wall);
        ++again.tries;
        (void)change({.postponed = {std::move(again)}});
        return true;
      }
      case SmtpError::What::Server:
        break;
    }
    if (server_wait_ == base::Duration{0}) note(true, "mail.server_failed", {}, error.text);
    server_wait_ = server_wait_ == base::Duration{0}
                       ? kServerAgain
                       : std::min(server_wait_ * 2, kServerAgainAtMost);
    server_again_at_ = now.at + server_wait_;
    const std::lock_guard lock(mutex_);
    figures_.server_up = false;
    return false;
  }

  void server_found() {
    if (server_wait_ != base::Duration{0}) note(false, "mail.server_recovered", {});
    server_wait_ = base::Duration{0};
    const std::lock_guard lock(mutex_);
    figures_.server_up = true;
  }

  // ---- letters ----

  // Nothing: there is nothing to tell any more.
  store::Read<std::optional<Written>> write_letter(const model::Snapshot& office,
                                                   const Notice& notice) {
    const Overrides overrides = [this](const std::string& file) {
      bool too_large = false;
      return read_up_to(parts_.templates_folder + '/' + file, kTemplateBytesMax, too_large);
    };
    const Writer writer{office, overrides};
    if (notice.kind == store::kMissedCall) {
      TRY(const auto call, reader_->record(notice.ref));
      TRY(const auto left, reader_->message_of_call(notice.ref));
      if (!call.has_value()) return std::optional<Written>{};
      return std::optional<Written>{missed_call(writer, *call, left)};
    }
    if (notice.kind == store::kMessageLeft) return write_message(writer, notice.ref);
    return notice.kind == store::kCallsReport ? write_report(writer, notice.ref)
                                              : write_day(writer, notice.ref);
  }

  store::Read<std::optional<Written>> write_message(const Writer& writer, const std::string& ref) {
    const std::size_t line = std::min(ref.find('\n'), ref.size() - 1);
    const std::string box = ref.substr(0, line);
    TRY(const auto message, reader_->message(box, ref.substr(line + 1)));
    const auto mailbox = mailbox_with(writer.office, box);
    if (!message.has_value() || !mailbox.has_value()) return std::optional<Written>{};
    Recording recording;
    recording.bytes = read_up_to(parts_.media_folder + '/' + message->file, kAttachedBytesMax,
                                 recording.too_large);
    return std::optional<Written>{message_left(writer, *message, mailbox->name(), recording)};
  }

  store::Read<std::optional<Written>> write_day(const Writer& writer, const std::string& ref) {
    const auto named = day_from(ref);
    if (!named.has_value()) return std::optional<Written>{};
    const model::Group* group = writer.office.group_by_id(named->group_id);
    if (group == nullptr) return std::optional<Written>{};
    const auto had_a_part = [group](const facts::CallRecord& call) {
      return std::ranges::binary_search(facts::groups_of(call), group->name);
    };
    TRY(const Day day, calls_of(filter_of(model::Report{}, named->from, named->until), had_a_part));
    return std::optional<Written>{groups_day(writer, *group, day)};
  }

  store::Read<std::optional<Written>> write_report(const Writer& writer, const std::string& ref) {
    const auto named = day_from(ref);
    if (!named.has_value()) return std::optional<Written>{};
    const model::Report* report = report_with(writer.office, named->group_id);
    if (report == nullptr) return std::optional<Written>{};
    // Records name a group as it is called, whatever name of it the report uses.
    model::Report with_name = *report;
    const model::Group* group = writer.office.group_named(report->group);
    if (group != nullptr) with_name.group = group->name;
    TRY(const Day calls, calls_of(filter_of(with_name, named->from, named->until)));
    return std::optional<Written>{calls_report(writer, *report, calls, named->until)};
  }

  static bool any_call(const facts::CallRecord&) { return true; }

  // Those that are wanted.
  store::Read<Day> calls_of(
      store::RecordFilter filter,
      const std::function<bool(const facts::CallRecord&)>& wanted = any_call) {
    Day day;
    day.from = filter.from.value_or(base::WallTime{});
    do {
      TRY(auto page, reader_->records(filter));
      for (facts::CallRecord& call : page.items)
        if (wanted(call)) day.calls.push_back(std::move(call));
      filter.cursor = std::move(page.next);
    } while (!filter.cursor.empty() && day.calls.size() < kCallsADayMax && !stopping_.load());
    day.cut = !filter.cursor.empty();
    return day;
  }

  // Given to us.
  Parts parts_;
  // Owned.
  SmtpLibrary library_;
  std::unique_ptr<store::Reader> reader_;
  std::thread thread_;
  // Of the thread.
  std::set<std::int64_t> sent_;  // and not struck off yet
  base::Instant server_again_at_{};
  base::Duration server_wait_{0};  // 0: it is there
  // Between threads.
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;  // guards figures_, and stopping_ for wake_
  std::condition_variable wake_;
  Figures figures_;
};

base::Result<std::unique_ptr<Postman>, std::string> Postman::open(Parts parts) {
  auto reader = store::Reader::open(parts.database_file);
  if (!reader) return base::Unexpected{std::move(reader.error())};
  return std::unique_ptr<Postman>(
      new Postman(std::make_unique<Impl>(std::move(parts), *std::move(reader))));
}

Postman::Postman(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Postman::~Postman() = default;

void Postman::start() {
  impl_->start();
}
void Postman::stop() {
  impl_->stop();
}
Figures Postman::figures() const {
  return impl_->figures();
}
void Postman::round(base::Now now) {
  impl_->round(now);
}

}  // namespace notify
