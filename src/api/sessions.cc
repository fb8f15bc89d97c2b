#include "api/sessions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "store/secrets.h"

namespace api {
namespace {

bool is_over(const Session& session, base::WallTime now) {
  return now.unix_ms >= session.expires().unix_ms ||
         now.unix_ms - session.last_used.unix_ms >= kSessionIdle.count();
}

base::Duration wait_after(int failures, int free, base::WallTime last, base::WallTime now) {
  const int over = failures - free;
  if (over < 0) return base::Duration{0};
  const std::int64_t whole = over >= 6 ? LoginGuard::kLongest.count() : std::int64_t{1'000} << over;
  return base::Duration{last.unix_ms + whole - now.unix_ms};
}

std::string own_key(const std::string& account, const std::string& source) {
  return "o" + source + "\n" + account;
}
std::string source_key(const std::string& source) {
  return "s" + source;
}
std::string account_key(const std::string& account) {
  return "a" + account;
}

}  // namespace

// ---- sessions ------------------------------------------------------------------------------

Sessions::Opened Sessions::open(Session session, base::WallTime now) {
  session.id = store::new_token().substr(0, 12);
  session.csrf = store::new_token();
  session.created = session.last_used = now;
  std::string secret = store::new_token();
  const std::scoped_lock lock{mutex_};
  drop_old(session.login, now);
  by_hash_[store::token_hash(secret)] = session;
  return {std::move(secret), std::move(session)};
}

// REQUIRES: mutex_ is held.
void Sessions::drop_old(std::string_view login, base::WallTime now) {
  std::erase_if(by_hash_, [&](const auto& one) { return is_over(one.second, now); });
  const auto unused_longest = [&](bool of_login) {
    auto found = by_hash_.end();
    for (auto it = by_hash_.begin(); it != by_hash_.end(); ++it)
      if ((!of_login || it->second.login == login) &&
          (found == by_hash_.end() || it->second.last_used < found->second.last_used))
        found = it;
    return found;
  };
  const auto own =
      std::ranges::count_if(by_hash_, [&](const auto& one) { return one.second.login == login; });
  if (static_cast<std::size_t>(own) >= kSessionsAccountMax) by_hash_.erase(unused_longest(true));
  if (by_hash_.size() >= kSessionsMax) by_hash_.erase(unused_longest(false));
}

std::optional<Session> Sessions::find(std::string_view secret, std::string_view host,
                                      base::WallTime now) {
  const std::string hash = store::token_hash(secret);
  const std::scoped_lock lock{mutex_};
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end() || found->second.host != host) return {};
  if (is_over(found->second, now)) {
    by_hash_.erase(found);
    return {};
  }
  found->second.last_used = now;
  return found->second;
}

bool Sessions::is_open(std::string_view id, base::WallTime now) const {
  const std::scoped_lock lock{mutex_};
  return std::ranges::any_of(
      by_hash_, [&](const auto& one) { return one.second.id == id && !is_over(one.second, now); });
}

std::vector<Session> Sessions::list(std::string_view login, base::WallTime now) const {
  std::vector<Session> all;
  {
    const std::scoped_lock lock{mutex_};
    for (const auto& [hash, session] : by_hash_)
      if ((login.empty() || session.login == login) && !is_over(session, now))
        all.push_back(session);
  }
  std::ranges::sort(all, [](const Session& a, const Session& b) {
    return std::pair{b.created, b.id} < std::pair{a.created, a.id};
  });
  return all;
}

bool Sessions::end(std::string_view id, std::string_view login) {
  const std::scoped_lock lock{mutex_};
  return std::erase_if(by_hash_, [&](const auto& one) {
           return one.second.id == id && (login.empty() || one.second.login == login);
         }) > 0;
}

void Sessions::renew(std::string_view id, const std::string& credential) {
  const std::scoped_lock lock{mutex_};
  for (auto& [hash, session] : by_hash_)
    if (session.id == id) session.credential = credential;
}

void Sessions::end_others(std::string_view login, std::string_view but_id) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(by_hash_, [&](const auto& one) {
    return one.second.login == login && one.second.id != but_id;
  });
}

// ---- the setup link ------------------------------------------------------------------------

std::string SetupLink::make(base::WallTime now) {
  std::string secret = store::new_token();
  const std::scoped_lock lock{mutex_};
  hash_ = store::token_hash(secret);
  expires_ = base::WallTime{now.unix_ms + kLife.count()};
  return secret;
}

std::optional<base::WallTime> SetupLink::holds(std::string_view secret, base::WallTime now) const {
  const std::string hash = store::token_hash(secret);
  const std::scoped_lock lock{mutex_};
  if (hash_.empty() || hash != hash_ || now >= expires_) return {};
  return expires_;
}

bool SetupLink::use(std::string_view secret, base::WallTime now) {
  const std::string hash = store::token_hash(secret);
  const std::scoped_lock lock{mutex_};
  if (hash_.empty() || hash != hash_ || now >= expires_) return false;
  hash_.clear();
  return true;
}

void SetupLink::give_back(std::string_view secret, base::WallTime expires) {
  const std::scoped_lock lock{mutex_};
  if (!hash_.empty()) return;
  hash_ = store::token_hash(secret);
  expires_ = expires;
}

// ---- guessing ------------------------------------------------------------------------------

std::optional<base::Duration> LoginGuard::wait(const std::string& account,
                                               const std::string& source,
                                               base::WallTime now) const {
  const std::scoped_lock lock{mutex_};
  base::Duration longest{0};
  for (const auto& [key, free] :
       {std::pair{own_key(account, source), kFreeOwn}, std::pair{source_key(source), kFreeSource},
        std::pair{account_key(account), kFreeAccount}}) {
    const auto found = failures_.find(key);
    if (found == failures_.end()) continue;
    longest = std::max(longest, wait_after(found->second.count, free, found->second.last, now));
  }
  if (longest <= base::Duration{0}) return {};
  return longest;
}

void LoginGuard::failed(const std::string& account, const std::string& source, base::WallTime now) {
  const std::scoped_lock lock{mutex_};
  if (failures_.size() >= kKept) {
    std::erase_if(failures_, [&](const auto& one) {
      return now.unix_ms - one.second.last.unix_ms >= kForget.count();
    });
    if (failures_.size() >= kKept) failures_.erase(failures_.begin());
  }
  note(own_key(account, source), now);
  note(source_key(source), now);
  note(account_key(account), now);
}

// REQUIRES: mutex_ is held.
void LoginGuard::note(const std::string& key, base::WallTime now) {
  Failures& one = failures_[key];
  if (now.unix_ms - one.last.unix_ms >= kForget.count()) one.count = 0;
  ++one.count;
  one.last = now;
}

void LoginGuard::succeeded(const std::string& account, const std::string& source) {
  const std::scoped_lock lock{mutex_};
  failures_.erase(own_key(account, source));
}

bool LoginGuard::enter() {
  {
    const std::scoped_lock lock{mutex_};
    if (inside_ >= 2) return false;
    ++inside_;
  }
  hashing_.lock();
  return true;
}

void LoginGuard::leave() {
  hashing_.unlock();
  const std::scoped_lock lock{mutex_};
  --inside_;
}

}  // namespace api
