#pragma once
// Who is logged in with a browser: sessions by a secret in a cookie, of which only a hash is kept
// here. They live in memory: after a restart everybody logs in again.

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace api {

inline constexpr base::Duration kSessionIdle{30 * 60 * 1'000};       // unused for so long it ends
inline constexpr base::Duration kSessionLife{12 * 60 * 60 * 1'000};  // and after this at the latest
inline constexpr std::size_t kSessionsMax = 10'000;
inline constexpr std::size_t kSessionsAccountMax = 20;  // the one that was unused longest goes

struct Session {
  std::string id;          // for lists; says nothing of the secret
  std::string login;       // the account: "admin:" and its address, "user:" and the user's id
  std::string credential;  // the hash of the password it began with: another one ends it
  std::string csrf;
  std::string host;  // as the browser names us: the session is good there alone
  std::string source, user_agent;
  base::WallTime created{}, last_used{};
  [[nodiscard]] base::WallTime expires() const {
    return base::WallTime{created.unix_ms + kSessionLife.count()};
  }
};

// Thread-safe.
class Sessions final {
 public:
  struct Opened {
    std::string secret;  // for the cookie
    Session session;
  };
  [[nodiscard]] Opened open(Session session, base::WallTime now);
  // The session of a cookie, which is used by that.
  [[nodiscard]] std::optional<Session> find(std::string_view secret, std::string_view host,
                                            base::WallTime now);
  // True while the session goes on; does not use it.
  [[nodiscard]] bool is_open(std::string_view id, base::WallTime now) const;
  // Of one account, or of all if `login` is empty; the newest first.
  [[nodiscard]] std::vector<Session> list(std::string_view login, base::WallTime now) const;
  // False: there is none with this id (of this account, if `login` is given).
  bool end(std::string_view id, std::string_view login = {});
  // The session goes on with the account's new password.
  void renew(std::string_view id, const std::string& credential);
  // All of an account but one.
  void end_others(std::string_view login, std::string_view but_id = {});

 private:
  void drop_old(std::string_view login, base::WallTime now);

  mutable std::mutex mutex_;
  std::map<std::string, Session, std::less<>> by_hash_;
};

// The one-time link that makes an administrator where there is no default password. Thread-safe.
class SetupLink final {
 public:
  static constexpr base::Duration kLife{60 * 60 * 1'000};

  // A new secret; the one before it does not hold any more.
  [[nodiscard]] std::string make(base::WallTime now);
  // Until when this secret holds; nothing if it does not.
  [[nodiscard]] std::optional<base::WallTime> holds(std::string_view secret,
                                                    base::WallTime now) const;
  // True once, for who came first.
  [[nodiscard]] bool use(std::string_view secret, base::WallTime now);
  // The use came to nothing: the link may be used again.
  void give_back(std::string_view secret, base::WallTime expires);

 private:
  mutable std::mutex mutex_;
  std::string hash_;  // empty: no link
  base::WallTime expires_{};
};

// Guessing is made slow, for an account from one source, for a source, and for an account from
// everywhere: some free tries, then each failure doubles the wait. Nobody is locked out for longer
// than kLongest. Thread-safe.
class LoginGuard final {
 public:
  static constexpr base::Duration kLongest{60'000};
  static constexpr base::Duration kForget{15 * 60 * 1'000};
  static constexpr int kFreeOwn = 3, kFreeSource = 10, kFreeAccount = 30;
  static constexpr std::size_t kKept = 20'000;

  // How long to wait until the next try is looked at; nothing: now.
  [[nodiscard]] std::optional<base::Duration> wait(const std::string& account,
                                                   const std::string& source,
                                                   base::WallTime now) const;
  void failed(const std::string& account, const std::string& source, base::WallTime now);
  void succeeded(const std::string& account, const std::string& source);

  // One hash at a time, and one that waits: false is "come again in a second".
  [[nodiscard]] bool enter();
  void leave();

 private:
  struct Failures {
    int count = 0;
    base::WallTime last{};
  };
  void note(const std::string& key, base::WallTime now);

  mutable std::mutex mutex_;
  std::map<std::string, Failures> failures_;
  std::mutex hashing_;
  int inside_ = 0;
};

}  // namespace api
