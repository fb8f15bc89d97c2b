// SIP MESSAGE between users (RFC 3428): who may send, what is kept, how it goes on.

#include "call/detail/texts.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/transaction_layer.h"
#include "facts/fact.h"
#include "facts/text.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/zone.h"
#include "sip/dialog.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {
namespace {

constexpr std::size_t kTextBytesMax = 4'096;
constexpr std::size_t kOfOneUserMax = 50;  // that wait
constexpr std::size_t kAllMax = 10'000;    // that wait, a shard
constexpr std::int64_t kKeptMs = 7LL * 24 * 3'600'000;
constexpr std::int64_t kBurst = 30;         // texts of one sender at once
constexpr base::Duration kOneEvery{2'000};  // and then
constexpr base::Duration kPause{60'000};    // after a failure; then twice as long
constexpr base::Duration kPauseMax{3'600'000};

std::string two(std::uint32_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// "Mon, 02 Nov 2026 07:05:00 GMT" (RFC 3261 20.17).
std::string date_of(base::WallTime at) {
  static constexpr std::array<const char*, 7> kDays{"Mon", "Tue", "Wed", "Thu",
                                                    "Fri", "Sat", "Sun"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const model::Local day = model::local_of(model::Zone{}, at);
  const auto second = static_cast<std::uint32_t>(at.unix_ms / 1'000 % 60);
  return std::string(kDays.at(day.weekday)) + ", " + two(day.day) + ' ' +
         kMonths.at(day.month - 1) + ' ' + std::to_string(day.year) + ' ' + two(day.minute / 60) +
         ':' + two(day.minute % 60) + ':' + two(second) + " GMT";
}

// The part of a Content-Type before its parameters.
std::string_view bare_type(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return type;
}

bool is_text(std::string_view type) {
  constexpr std::string_view kText = "text/";
  const std::string_view bare = bare_type(type);
  return bare.size() > kText.size() && sip::same_word(bare.substr(0, kText.size()), kText);
}

// No phone will take this text, however often it is sent.
bool is_unwelcome(std::uint16_t code) {
  return code == 400 || code == 413 || code == 415 || code == 488 || code == 493 || code == 606;
}

std::string address_of(const std::string& extension, const std::string& tenant) {
  return "<sip:" + sip::escaped_user(extension) + "@" + tenant + ">";
}

}  // namespace

// ---- who sends ----

void Core::on_message(const Incoming& in) {
  const sip::Message& message = in.message;
  const auto uri = sip::Uri::parse(message.request_uri());
  if (draining_) return refuse(in, 503, "draining", "Retry-After: 30\r\n");
  if (!uri.has_value() || !is_ours(uri->host, in.flow)) return refuse(in, 404, "foreign_domain");
  const auto account = authenticate(in);
  if (!account.has_value()) return;
  if (!is_text(message.value(sip::Header::ContentType)) ||
      message.has(sip::Header::ContentEncoding))
    return refuse(in, 415, "no_text", "Accept: text/plain\r\n");
  const std::string_view body = message.body();
  if (body.empty()) return refuse(in, 400, "empty_text");
  if (body.size() > kTextBytesMax) return refuse(in, 413, "text_too_long");
  const std::string wanted = sip::unescaped(uri->user);
  const auto named = snapshot_->account(wanted);
  const model::User* user = named.has_value() ? named->user : snapshot_->user_named(wanted);
  if (user == nullptr || !user->enabled) return refuse(in, 404, "no_such_user");
  if (const auto full = texts_.refusal(account->user->id, user->id)) {
    const bool too_fast = *full == Texts::Full::TooFast;
    return refuse(in, 480, too_fast ? "texts_too_fast" : "too_many_texts",
                  too_fast ? "Retry-After: 10\r\n" : "Retry-After: 3600\r\n");
  }
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) return refuse(in, 503, "too_many_transactions", "Retry-After: 5\r\n");
  facts::Text text;
  text.id = names_.plain({server->slot, rng_.next()});
  text.to = user->id;
  text.from = account->user->extension;
  text.from_name = account->user->name;
  text.type = message.value(sip::Header::ContentType);
  text.body = body;
  text.at = now_.wall;
  texts_.keep(std::move(text));  // before the answer says so
  sip::Writer answer =
      sip::response_to(message, in.flow.peer, 202, names_.seal(message.value(sip::Header::CallId)));
  answer.no_body();
  if (!answer.ok()) return;
  layer_.respond(*server, 202, std::make_shared<const std::string>(answer.take()), now_, *out_);
}

// A bucket that fills up: thirty at once, then one every two seconds.
std::optional<Texts::Full> Texts::refusal(const std::string& from_user, const std::string& to) {
  const base::Instant now = core_.now().at;
  const auto [place, is_new] = senders_.try_emplace(from_user, Sender{kBurst, now});
  Sender& sender = place->second;
  const std::int64_t more =
      std::chrono::duration_cast<base::Duration>(now - sender.at).count() / kOneEvery.count();
  sender.left = std::min(kBurst, sender.left + more);
  sender.at = sender.left == kBurst ? now : sender.at + kOneEvery * more;
  if (sender.left == 0) return Full::TooFast;
  --sender.left;
  const auto line = lines_.find(to);
  const std::size_t waiting = line == lines_.end() ? 0 : line->second->waiting.size();
  if (waiting >= kOfOneUserMax || count_ >= kAllMax) return Full::NoRoom;
  return std::nullopt;
}

// ---- what waits ----

Texts::Line& Texts::line_of(const std::string& user_id) {
  std::unique_ptr<Line>& line = lines_[user_id];
  if (line == nullptr) {
    line = std::make_unique<Line>();
    line->user = user_id;
    line->id = table_.add(*line, core_.rng());
  }
  return *line;
}

void Texts::look_at(Line& line) {
  line.looks = true;
  looks_ = true;
}

void Texts::keep(facts::Text text) {
  core_.tell(facts::TextKept{text});
  restore(std::move(text));
}

void Texts::restore(facts::Text text) {
  Line& line = line_of(text.to);
  line.waiting.push_back(std::move(text));
  ++count_;
  look_at(line);
}

void Texts::on_device(const std::string& user_id) {
  const auto found = lines_.find(user_id);
  if (found == lines_.end()) return;
  found->second->again_at.reset();
  found->second->pause = base::Duration{0};
  look_at(*found->second);
}

void Texts::drop_first(Line& line, const char* why) {
  core_.tell(facts::TextGone{line.waiting.front().id, line.user, why});
  line.waiting.pop_front();
  --count_;
  line.delivered = line.unwelcome = false;
}

// ---- sending on ----

void Texts::settle() {
  if (!std::exchange(looks_, false)) return;
  for (auto& [user, line] : lines_) {
    if (!std::exchange(line->looks, false)) continue;
    expire(*line);
    if (!line->waiting.empty() && line->sent.empty() && !line->again_at.has_value()) send(*line);
  }
  forget_empty();
  set_deadline();
}

void Texts::expire(Line& line) {
  const std::int64_t now = core_.now().wall.unix_ms;
  while (!line.waiting.empty() && line.sent.empty() &&
         line.waiting.front().at.unix_ms + kKeptMs <= now)
    drop_first(line, "expired");
}

// To each phone of his at once, by the way of its newest registration.
void Texts::send(Line& line) {
  for (const std::vector<facts::Binding>& device : core_.devices_of(line.user))
    if (const auto sent = send_to(line, device.front())) line.sent.push_back(*sent);
}

std::optional<Id> Texts::send_to(const Line& line, const facts::Binding& binding) {
  const facts::Text& text = line.waiting.front();
  const model::User* user = core_.snapshot()->user_by_id(line.user);
  if (user == nullptr) return std::nullopt;
  const std::string& tenant = core_.snapshot()->office().tenant;
  TransactionLayer& layer = core_.layer();
  const Id client = layer.reserve();
  const std::string name = text.from_name.empty() ? "" : sip::quoted(text.from_name) + " ";
  const std::string call_id = text.id + "-" + std::to_string(client.slot);
  sip::Writer writer;
  writer.request("MESSAGE", sip::as_request_uri(binding.contact))
      .header(sip::Header::Via, core_.via(binding.flow, layer.branch_of(client)))
      .header(sip::Header::MaxForwards, std::uint64_t{70});
  for (const std::string& path : binding.path) writer.header(sip::Header::Route, path);
  writer
      .header(sip::Header::From,
              name + address_of(text.from, tenant) + ";tag=" + core_.names().seal(call_id))
      .header(sip::Header::To, address_of(user->extension, tenant))
      .header(sip::Header::CallId, call_id)
      .header(sip::Header::Cseq, "1 MESSAGE")
      .header("Date", date_of(text.at))
      .body(text.type, text.body);
  if (!writer.ok()) {
    layer.release(client);
    return std::nullopt;
  }
  layer.begin(client,
              {binding.flow,
               std::make_shared<const std::string>(writer.take()),
               false,
               {Owner::Kind::Text, line.id},
               {}},
              core_.now(), core_.out());
  return client;
}

void Texts::on_event(const ClientEvent& event, const sip::Message* response) {
  Line* line = table_.find(event.owner.id);
  if (line == nullptr) return;
  const auto sent = std::find(line->sent.begin(), line->sent.end(), event.client);
  if (sent == line->sent.end()) return;
  const bool answered = event.what == ClientEvent::What::Response && response != nullptr;
  if (answered && response->code() < 200) return;
  line->sent.erase(sent);
  if (answered && response->code() < 300) line->delivered = true;
  if (answered && is_unwelcome(response->code())) line->unwelcome = true;
  if (line->sent.empty()) decide(*line);
}

// All phones have spoken about the first text.
void Texts::decide(Line& line) {
  look_at(line);
  if (line.delivered || line.unwelcome) {
    drop_first(line, line.delivered ? "delivered" : "refused");
    line.pause = base::Duration{0};
    return;
  }
  line.pause = line.pause == base::Duration{0} ? kPause : std::min(line.pause * 2, kPauseMax);
  line.again_at = core_.now().at + line.pause;
}

// ---- time and changes ----

void Texts::time_reached() {
  if (!deadline_.has_value() || *deadline_ > core_.now().at) return;
  for (auto& [user, line] : lines_) {
    if (line->again_at.has_value() && *line->again_at <= core_.now().at) line->again_at.reset();
    look_at(*line);
  }
  looks_ = true;
}

// Of a user who is gone nothing waits any longer.
void Texts::reconfigured() {
  for (auto& [user, line] : lines_) {
    if (core_.snapshot()->user_by_id(user) != nullptr) continue;
    line->sent.clear();
    while (!line->waiting.empty()) drop_first(*line, "no_user");
    look_at(*line);
  }
}

void Texts::forget_empty() {
  std::erase_if(lines_, [this](const auto& entry) {
    const Line& line = *entry.second;
    if (!line.waiting.empty() || !line.sent.empty()) return false;
    table_.remove(line.id);
    return true;
  });
  const base::Instant now = core_.now().at;
  std::erase_if(senders_,
                [now](const auto& entry) { return entry.second.at + kOneEvery * kBurst <= now; });
}

// The next pause that ends, or text that expires.
void Texts::set_deadline() {
  deadline_.reset();
  const base::Now& now = core_.now();
  const auto take = [this](base::Instant at) {
    if (!deadline_.has_value() || at < *deadline_) deadline_ = at;
  };
  for (const auto& [user, line] : lines_) {
    if (line->again_at.has_value()) take(*line->again_at);
    if (!line->sent.empty()) continue;
    const std::int64_t left = line->waiting.front().at.unix_ms + kKeptMs - now.wall.unix_ms;
    take(now.at + base::Duration{std::max<std::int64_t>(left, 1)});
  }
}

}  // namespace call
