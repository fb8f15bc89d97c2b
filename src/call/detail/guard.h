#pragma once
// Who tries too much: wrong credentials by address and by account, requests by address, and the
// addresses that are banned for it (reliability.md T1-T3, T6, G19, G20). Pure: time is handed in,
// memory is bounded whatever strangers do.
//
// Only what cannot be forged counts against an address: credentials for a nonce that we sent there.
// An address where somebody showed good credentials lately is known: it is never banned, but
// credentials from there for accounts that have not been good there are not judged any more. Known
// and unknown usernames are treated alike in everything.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/hash_table.h"
#include "base/keyed_hash.h"
#include "base/limits.h"
#include "base/time.h"

namespace call {

// Keys of facts::MemoryChanged that count a user's calls to the telephone network.
inline constexpr std::string_view kDialledOut = "external/";

// IPv4: the address; IPv6: its /64, which is what one subscriber has.
[[nodiscard]] base::IpAddress source_of(const base::IpAddress& address);
// "192.0.2.7" or "2001:db8::/64".
[[nodiscard]] std::string source_text(const base::IpAddress& source);

struct Ban {
  base::IpAddress source{};
  std::string reason;  // "guessed_passwords", "guessed_names"
  base::Now since{};
  base::Duration lasts{};
  std::uint64_t dropped = 0;  // messages since
  [[nodiscard]] base::Instant until() const { return since.at + lasts; }
};

class Guard final {
 public:
  Guard(const base::HashSeed& seed, const base::Limits& limits);

  // ---- bans ----
  // True: nothing from there is read. Counts what is thrown away.
  [[nodiscard]] bool drops(const base::IpAddress& address, base::Instant now);
  // The older one when it is banned already.
  const Ban& ban(const base::IpAddress& address, std::string_view reason, base::Duration lasts,
                 base::Now now);
  // Forgets the ban, which is returned, and what led to it.
  std::optional<Ban> lift(const base::IpAddress& address);
  // Those whose time is over go.
  [[nodiscard]] std::vector<Ban> take_expired(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> deadline() const { return next_end_; }
  [[nodiscard]] std::vector<Ban> bans() const;
  [[nodiscard]] std::size_t ban_count() const { return bans_.size(); }

  // ---- credentials ----
  // Whether credentials of this account from there are looked at; if not, the answer is that to
  // wrong ones.
  [[nodiscard]] bool judges(const base::IpAddress& address, std::string_view username,
                            base::Instant now) const;
  // Wrong, or not judged, for a nonce of ours. A ban, if this one was one too many. Of an address
  // that is trusted only the account is counted.
  enum class Counts : std::uint8_t { Both, Account };
  [[nodiscard]] std::optional<Ban> failed(const base::IpAddress& address, std::string_view username,
                                          base::Now now, Counts counts = Counts::Both);
  void succeeded(const base::IpAddress& address, std::string_view username, base::Instant now);
  // Its password is another one now: nobody has guessed at that yet.
  void forget_account(std::string_view username);
  [[nodiscard]] std::vector<std::string> locked_accounts(base::Instant now) const;
  // Somebody showed good credentials there within two hours.
  [[nodiscard]] bool is_known(const base::IpAddress& address, base::Instant now) const;

  // ---- requests ----
  enum class Kind : std::uint8_t { Invite, Register, Other };
  enum class Pace : std::uint8_t { Good, TooFast, Silent };
  // One request that would begin something.
  [[nodiscard]] Pace count(const base::IpAddress& address, Kind kind, base::Instant now);
  // What was held back from one address since it was told last; nothing more often than every ten
  // seconds an address.
  struct HeldBack {
    base::IpAddress source{};
    std::uint64_t count = 0;
  };
  [[nodiscard]] std::optional<HeldBack> take_held_back(const base::IpAddress& address,
                                                       base::Instant now);

  // What is remembered in all, for the tests of its bounds.
  [[nodiscard]] std::size_t remembered() const;

 private:
  struct Bucket {
    std::int64_t left = -1;  // millionths; -1: full, never used
    base::Instant at{};
    // False: nothing is left. Holds `most` at most; fills by so many millionths a millisecond.
    [[nodiscard]] bool take(std::int64_t most, std::int64_t filling, base::Instant now);
    [[nodiscard]] bool is_empty(std::int64_t filling, base::Instant now) const;
  };
  struct Source {
    Bucket requests, invites, registers;
    std::uint64_t held_back = 0;
    base::Instant told{};
    bool was_told = false;
  };
  struct Account {
    std::uint32_t failures = 0;
    base::Instant last{};
    base::Instant locked_until{};
    base::Duration lock{};
  };
  struct Suspect {
    std::uint32_t points = 0, names = 0;
    base::Instant window{};  // in which they count
    std::uint64_t last_name = 0;
    base::Instant held_until{};  // a known address: other accounts are not judged
    base::Duration lasts{};      // of the last ban
    base::Instant last{};
  };
  struct Home {
    base::Instant good{};
    Bucket wrong;  // guesses that are judged all the same, from where its own phone is
  };
  [[nodiscard]] static std::string key_of(const base::IpAddress& address);
  [[nodiscard]] static std::string home_key(const base::IpAddress& address,
                                            std::string_view username);
  [[nodiscard]] bool is_home(const base::IpAddress& address, std::string_view username,
                             base::Instant now) const;
  void count_account(std::string_view username, base::Instant now);
  void find_next_end();

  base::HashSeed seed_;
  base::Limits limits_;
  base::HashTable<Source> sources_;
  base::HashTable<Account> accounts_;
  base::HashTable<Suspect> suspects_;
  base::HashTable<Home> known_;  // addresses
  base::HashTable<Home> homes_;  // address and account
  base::HashTable<Ban> bans_;
  std::optional<base::Instant> next_end_;  // of a ban
};

}  // namespace call
