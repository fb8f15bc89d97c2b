#include "call/detail/guard.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/assert.h"
#include "base/hash_table.h"
#include "base/keyed_hash.h"
#include "base/limits.h"
#include "base/time.h"

namespace call {
namespace {

constexpr std::size_t kNameMax = 64;          // of a username as it is remembered
constexpr std::size_t kHomesMax = 65'536;     // pairs of address and account
constexpr base::Duration kHome{7'200'000};    // good credentials count for so long
constexpr base::Duration kWindow{600'000};    // in which failures of an address add up
constexpr base::Duration kFirstLock{30'000};  // of an account
constexpr base::Duration kLastLock{900'000};
constexpr base::Duration kForgiven{1'800'000};  // an account without a failure for so long
constexpr base::Duration kLastBan{86'400'000};
constexpr base::Duration kRefresh{600'000};  // a good one is noted again after so long
constexpr base::Duration kTellEvery{10'000};
constexpr std::uint32_t kOtherName = 3;          // points of a failure with another username
constexpr std::int64_t kOne = 1'000'000;         // millionths
constexpr base::Duration kLongPause{3'600'000};  // after which any bucket is full
// Wrong ones that are judged where the account's own phone is: ten, then one in three seconds.
constexpr std::int64_t kHomeTries = 10 * kOne;
constexpr std::int64_t kHomeFilling = kOne / 3'000;

std::string_view short_name(std::string_view username) {
  return username.substr(0, kNameMax);
}

// Makes room by forgetting the oldest.
template <class Value>
Value& at_key(base::HashTable<Value>& table, std::string_view key) {
  if (Value* there = table.find(key); there != nullptr) return *there;
  while (table.full()) table.erase_oldest();
  Value* made = table.insert(key, Value{}).value;
  ASSERT(made != nullptr);
  return *made;
}

}  // namespace

base::IpAddress source_of(const base::IpAddress& address) {
  base::IpAddress out = address;
  if (out.is_v6) std::fill(out.bytes.begin() + 8, out.bytes.end(), std::uint8_t{0});
  return out;
}

std::string source_text(const base::IpAddress& source) {
  return source_of(source).to_string() + (source.is_v6 ? "/64" : "");
}

Guard::Guard(const base::HashSeed& seed, const base::Limits& limits)
    : seed_(seed),
      limits_(limits),
      sources_(seed, base::kSourcesRemembered),
      accounts_(seed, base::kSourcesRemembered),
      suspects_(seed, base::kSourcesRemembered),
      known_(seed, kHomesMax),
      homes_(seed, kHomesMax),
      bans_(seed, base::kBansMax) {}

// Four bytes, or the first eight of an IPv6 address.
std::string Guard::key_of(const base::IpAddress& address) {
  const std::size_t size = address.is_v6 ? 8 : 4;
  return {address.bytes.begin(), address.bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::string Guard::home_key(const base::IpAddress& address, std::string_view username) {
  std::string key = key_of(address);
  key += '|';
  key += short_name(username);
  return key;
}

// ---- bans ----

bool Guard::drops(const base::IpAddress& address, base::Instant now) {
  if (bans_.empty()) return false;
  Ban* ban = bans_.find(key_of(address));
  if (ban == nullptr || ban->until() <= now) return false;
  ++ban->dropped;
  return true;
}

const Ban& Guard::ban(const base::IpAddress& address, std::string_view reason, base::Duration lasts,
                      base::Now now) {
  const std::string key = key_of(address);
  if (const Ban* there = bans_.find(key); there != nullptr) return *there;
  Ban& made = at_key(bans_, key);
  made = {source_of(address), std::string(reason), now, lasts, 0};
  if (!next_end_.has_value() || made.until() < *next_end_) next_end_ = made.until();
  return made;
}

std::optional<Ban> Guard::lift(const base::IpAddress& address) {
  const std::string key = key_of(address);
  (void)suspects_.erase(key);
  const Ban* there = bans_.find(key);
  if (there == nullptr) return std::nullopt;
  Ban lifted = *there;
  (void)bans_.erase(key);
  find_next_end();
  return lifted;
}

std::vector<Ban> Guard::take_expired(base::Instant now) {
  std::vector<Ban> out;
  bans_.for_each([&](std::string_view, const Ban& ban) {
    if (ban.until() <= now) out.push_back(ban);
  });
  for (const Ban& ban : out) (void)bans_.erase(key_of(ban.source));
  find_next_end();
  return out;
}

void Guard::find_next_end() {
  next_end_.reset();
  bans_.for_each([&](std::string_view, const Ban& ban) {
    if (!next_end_.has_value() || ban.until() < *next_end_) next_end_ = ban.until();
  });
}

std::vector<Ban> Guard::bans() const {
  std::vector<Ban> out;
  out.reserve(bans_.size());
  bans_.for_each([&](std::string_view, const Ban& ban) { out.push_back(ban); });
  return out;
}

// ---- credentials ----

bool Guard::is_known(const base::IpAddress& address, base::Instant now) const {
  const Home* home = known_.find(key_of(address));
  return home != nullptr && now - home->good < kHome;
}

bool Guard::is_home(const base::IpAddress& address, std::string_view username,
                    base::Instant now) const {
  const Home* home = homes_.find(home_key(address, username));
  return home != nullptr && now - home->good < kHome && !home->wrong.is_empty(kHomeFilling, now);
}

bool Guard::judges(const base::IpAddress& address, std::string_view username,
                   base::Instant now) const {
  const Account* account = accounts_.find(short_name(username));
  const bool locked = account != nullptr && account->locked_until > now;
  const Suspect* suspect = suspects_.empty() ? nullptr : suspects_.find(key_of(address));
  const bool held = suspect != nullptr && suspect->held_until > now;
  return (!locked && !held) || is_home(address, username, now);
}

// Five are free; then a pause before each further one, twice as long each time.
void Guard::count_account(std::string_view username, base::Instant now) {
  Account& account = at_key(accounts_, short_name(username));
  if (account.failures > 0 && now - account.last > kForgiven) account = {};
  account.last = now;
  if (account.locked_until > now) return;
  if (++account.failures < limits_.account_tries) return;
  account.lock =
      account.lock == base::Duration{0} ? kFirstLock : std::min(account.lock * 2, kLastLock);
  account.locked_until = now + account.lock;
}

std::optional<Ban> Guard::failed(const base::IpAddress& address, std::string_view username,
                                 base::Now now, Counts counts) {
  count_account(username, now.at);
  if (Home* home = homes_.find(home_key(address, username)); home != nullptr)
    (void)home->wrong.take(kHomeTries, kHomeFilling, now.at);
  if (counts == Counts::Account) return std::nullopt;
  const std::string key = key_of(address);
  Suspect& suspect = at_key(suspects_, key);
  if (suspect.points == 0 || now.at - suspect.window > kWindow) {
    suspect.points = suspect.names = 0;
    suspect.window = now.at;
    suspect.last_name = 0;
  }
  if (suspect.lasts > base::Duration{0} && now.at - suspect.last > kLastBan) suspect.lasts = {};
  suspect.last = now.at;
  const std::uint64_t name = base::keyed_hash(seed_, username);
  const bool other = suspect.last_name != 0 && suspect.last_name != name;
  suspect.last_name = name;
  suspect.points += other ? kOtherName : 1;
  suspect.names += other ? 1 : 0;
  if (suspect.points < limits_.ban_after) return std::nullopt;
  const base::Duration first{std::int64_t{limits_.ban_seconds} * 1000};
  suspect.lasts =
      suspect.lasts == base::Duration{0} ? first : std::min(suspect.lasts * 3, kLastBan);
  const bool names = suspect.names > suspect.points / (2 * kOtherName);
  suspect.points = 0;
  if (is_known(address, now.at)) {
    suspect.held_until = now.at + suspect.lasts;
    return std::nullopt;
  }
  return ban(address, names ? "guessed_names" : "guessed_passwords", suspect.lasts, now);
}

void Guard::succeeded(const base::IpAddress& address, std::string_view username,
                      base::Instant now) {
  const auto note = [now](base::HashTable<Home>& table, const std::string& key) {
    const Home* there = table.find(key);
    if (there != nullptr && now - there->good < kRefresh) return;
    const Home noted{now, there != nullptr ? there->wrong : Bucket{}};
    if (there != nullptr) (void)table.erase(key);  // the youngest again
    at_key(table, key) = noted;
  };
  note(known_, key_of(address));
  note(homes_, home_key(address, username));
  if (accounts_.empty()) return;
  // A lock stays for the others.
  const Account* account = accounts_.find(short_name(username));
  if (account != nullptr && account->locked_until <= now) forget_account(username);
}

void Guard::forget_account(std::string_view username) {
  (void)accounts_.erase(short_name(username));
}

std::vector<std::string> Guard::locked_accounts(base::Instant now) const {
  std::vector<std::string> out;
  accounts_.for_each([&](std::string_view name, const Account& account) {
    if (account.locked_until > now) out.emplace_back(name);
  });
  return out;
}

// ---- requests ----

bool Guard::Bucket::take(std::int64_t most, std::int64_t filling, base::Instant now) {
  const std::int64_t passed = std::min(now - at, kLongPause).count();
  left = left < 0 ? most : std::min(most, left + passed * filling);
  at = now;
  if (left < kOne) return false;
  left -= kOne;
  return true;
}

bool Guard::Bucket::is_empty(std::int64_t filling, base::Instant now) const {
  return left >= 0 && left + (now - at).count() * filling < kOne;
}

Guard::Pace Guard::count(const base::IpAddress& address, Kind kind, base::Instant now) {
  Source& source = at_key(sources_, key_of(address));
  const bool stranger = !is_known(address, now);
  // A second's worth at once, and one.
  const auto passes = [now](Bucket& bucket, std::uint32_t a_second) {
    return bucket.take((std::int64_t{a_second} + 1) * kOne, std::int64_t{a_second} * kOne / 1'000,
                       now);
  };
  bool good = passes(source.requests,
                     stranger ? std::min(limits_.stranger_requests, limits_.source_requests)
                              : limits_.source_requests);
  if (good && kind == Kind::Invite) good = passes(source.invites, limits_.source_invites);
  if (good && kind == Kind::Register) good = passes(source.registers, limits_.source_registers);
  if (good) return Pace::Good;
  ++source.held_back;
  return stranger ? Pace::Silent : Pace::TooFast;
}

std::optional<Guard::HeldBack> Guard::take_held_back(const base::IpAddress& address,
                                                     base::Instant now) {
  Source* source = sources_.find(key_of(address));
  if (source == nullptr || source->held_back == 0) return std::nullopt;
  if (source->was_told && now - source->told < kTellEvery) return std::nullopt;
  source->was_told = true;
  source->told = now;
  return HeldBack{source_of(address), std::exchange(source->held_back, 0)};
}

std::size_t Guard::remembered() const {
  return sources_.size() + accounts_.size() + suspects_.size() + known_.size() + homes_.size() +
         bans_.size();
}

}  // namespace call
