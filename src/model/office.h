#pragma once
// What an administrator configures: one tenant, as office.yaml and the API say it.
//
// Plain values with the names of the contract. References (a member, a destination, a schedule) are
// kept as written; model/snapshot.h resolves them. Every key of the contract is here, also those
// that a later release carries out.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/occasion.h"

namespace model {

enum class DestinationKind : std::uint8_t {
  None,
  User,
  Group,
  Ivr,
  Queue,
  Mailbox,
  Number,
  Sip,
  Announce,
  Busy,
  Hangup
};

// Where a call goes. `value` is an extension, name, alias, number or URI, empty for Busy and
// Hangup.
struct Destination {
  DestinationKind kind = DestinationKind::None;
  std::string value;
  bool operator==(const Destination&) const = default;
};

// `finally`: one destination for every class, or one for each (rule 8).
struct Finally {
  Destination any;  // the short form {mailbox: general}; the classes are then None
  Destination no_answer, busy, unreachable;
  bool operator==(const Finally&) const = default;
};

enum class Confirm : std::uint8_t { Auto, Never, Always };
enum class TimerFrom : std::uint8_t { Dialling, Ringing };
enum class RecordPolicy : std::uint8_t { Off, Never, On, Always };

// "" = not paused, "yes" = until further notice, else an RFC 3339 time until which.
struct Paused {
  bool on = false;
  std::optional<base::WallTime> until;
  bool operator==(const Paused&) const = default;
};

// One line of `members` or of a stage's `ring`.
struct Member {
  bool is_group = false;  // {group: …}; else {ring: …}
  std::string target;     // extension, name, alias, external number or sip: URI
  std::optional<base::Duration> after;
  std::optional<base::Duration> ring_for;  // key `for`
  std::optional<std::int32_t> priority;
  std::int32_t weight = 10;
  std::optional<Confirm> confirm;  // absent: the group's
  TimerFrom timer_from = TimerFrom::Dialling;
  bool enabled = true;
  bool logged_in = true;
  Paused paused;
  bool operator==(const Member&) const = default;
};

struct Stage {
  std::vector<Member> ring;
  std::optional<base::Duration> ring_for;  // key `for`
  bool operator==(const Stage&) const = default;
};

struct Device {
  std::string id;
  std::string username;
  std::string password;
  std::string phone;  // yealink, snom, grandstream, … or empty
  bool operator==(const Device&) const = default;
};

struct ForwardNoAnswer {
  std::string to;
  base::Duration after{20'000};
  bool operator==(const ForwardNoAnswer&) const = default;
};

struct Forward {
  std::string always, busy, unreachable;
  ForwardNoAnswer no_answer;
  bool operator==(const Forward&) const = default;
};

enum class RuleMode : std::uint8_t { FollowMe, ExtendRing };

struct Rule {
  std::string name;
  bool enabled = true;
  bool locked = false;
  std::string when;                  // a schedule's name; empty = always
  std::vector<std::string> callers;  // patterns; empty = all
  RuleMode mode = RuleMode::FollowMe;
  std::string music = "default";
  std::vector<Stage> stages;
  base::Duration max_hold{300'000};
  std::optional<std::uint32_t> repeat;  // rounds; 0 = forever; absent: the mode's own
  std::optional<Confirm> confirm;
  Finally finally;
  bool operator==(const Rule&) const = default;
};

struct Permissions {
  bool own_rules = true;
  bool own_chain = false;
  bool external = true;
  std::vector<std::string> prefixes;  // of external numbers that he may dial; empty: all
  std::uint32_t calls_a_day = 0;      // to the telephone network; 0: as many as the server allows
  bool operator==(const Permissions&) const = default;
};

// Whether with these rights that number of the telephone network, or that URI outside of the
// office, may be dialled.
[[nodiscard]] inline bool may_dial(const Permissions& permissions, std::string_view number) {
  if (!permissions.external || permissions.prefixes.empty()) return permissions.external;
  for (const std::string& prefix : permissions.prefixes)
    if (number.starts_with(prefix)) return true;
  return false;
}

struct UserMailbox {
  bool present = false;
  std::string pin;
  bool email = true;
  bool operator==(const UserMailbox&) const = default;
};

// `id` and `revision` of every thing are given by the store; empty and 0 in a file.
struct User {
  std::string id;
  std::int64_t revision = 0;
  std::string extension;
  std::string name;
  std::string email;
  std::string sip_username;  // defaults to the extension
  std::string sip_password;
  std::string web_password;
  std::vector<std::string> aliases;
  bool enabled = true;
  std::vector<Device> devices;
  Permissions permissions;
  Paused paused;
  UserMailbox mailbox;
  bool do_not_disturb = false;
  Forward forward;
  std::vector<Rule> rules;
  std::vector<std::string> desks;  // SIP accounts of others at which he sits (`*70`)
  bool rules_on = true;  // false: switched off by their user (`*21`); locked ones run all the same
  bool operator==(const User&) const = default;
};

enum class Strategy : std::uint8_t {
  RingAll,
  Sequential,
  Random,
  RoundRobin,
  LongestIdle,
  FewestCalls,
  Weighted,
  Staggered,
  Rollover,
  Stages,
  Page
};

struct CallerHears {
  std::string sound = "ringback";  // ringback, music or a sound's name
  bool answer = false;             // answer first
  bool operator==(const CallerHears&) const = default;
};

struct CallerId {
  std::string name_prefix;
  std::string external = "group";  // group, caller or +number
  bool operator==(const CallerId&) const = default;
};

enum class Pickup : std::uint8_t { Members, Anyone, Nobody };
enum class Decline : std::uint8_t { Member, Group };

struct ActionUrls {
  std::string ring, answer, missed, end;
  bool operator==(const ActionUrls&) const = default;
};

struct FlagRedirect {
  std::string flag;
  Destination to;
  bool operator==(const FlagRedirect&) const = default;
};

// Switched by a code (`*75`): all calls of the group go there, before its flags.
struct GroupForward {
  std::string to;  // empty: no
  std::string by;  // the user with whose rights an external number is dialled; empty: the office's
  bool operator==(const GroupForward&) const = default;
};

struct GroupEmail {
  std::vector<std::string> missed, daily;
  bool operator==(const GroupEmail&) const = default;
};

struct Group {
  std::string id;
  std::int64_t revision = 0;
  std::string name;
  std::string description;
  std::vector<std::string> extensions;
  std::vector<std::string> numbers;
  bool enabled = true;
  Strategy strategy = Strategy::RingAll;
  std::optional<base::Duration> timeout;
  std::uint32_t repeat = 1;  // rounds; 0 = forever
  std::vector<Member> members;
  std::vector<Stage> stages;
  bool prevent_missed_calls = false;
  Decline decline = Decline::Member;
  bool skip_busy = true;
  bool follow_forwards = false;
  Confirm confirm = Confirm::Auto;
  CallerHears caller_hears;
  CallerId caller_id;
  std::string ring_melody;
  std::optional<RecordPolicy> record;  // absent: the office's
  Pickup pickup = Pickup::Members;
  std::string crm_account;
  ActionUrls action_url;
  GroupForward forward;
  std::vector<FlagRedirect> flags;
  GroupEmail email;
  Finally finally;
  bool operator==(const Group&) const = default;
};

// One row of the Next Number table; empty = no next, no service number.
struct ChainRow {
  std::string id;
  std::int64_t revision = 0;
  std::string sip_number, next_number, service_number, start_number;
  std::optional<base::Duration> ring_for;  // key `for`; absent = 20 s
  bool operator==(const ChainRow&) const = default;
};

struct Mailbox {
  std::string id;
  std::int64_t revision = 0;
  std::string name, extension, pin;
  std::vector<std::string> email;
  bool operator==(const Mailbox&) const = default;
};

struct IvrKey {
  std::string key;
  Destination to;
  bool operator==(const IvrKey&) const = default;
};

struct Ivr {
  std::string id;
  std::int64_t revision = 0;
  std::string name, extension, greeting;
  base::Duration timeout{5'000};
  std::vector<IvrKey> keys;
  Destination otherwise;
  bool operator==(const Ivr&) const = default;
};

struct Queue {
  std::string id;
  std::int64_t revision = 0;
  std::string name, extension;
  Strategy strategy = Strategy::LongestIdle;
  std::vector<Member> members;
  std::vector<std::string> may_log_in;
  std::uint32_t minimum_agents = 0;
  std::string music = "default";
  bool announce_position = false;
  base::Duration max_wait{600'000};
  Finally finally;
  bool operator==(const Queue&) const = default;
};

struct Schedule {
  std::string id;
  std::int64_t revision = 0;
  std::string name;
  std::vector<std::string> open;      // "Mo-Fr 08:00-16:00"
  std::string holidays;               // a country code or empty
  std::string ics;                    // a calendar file in the data folder, or empty
  std::vector<Occasion> occasions{};  // of that file; read when a snapshot is made, never written
  bool operator==(const Schedule& other) const {
    return id == other.id && revision == other.revision && name == other.name &&
           open == other.open && holidays == other.holidays && ics == other.ics;
  }
};

struct Flag {
  std::string id;
  std::int64_t revision = 0;
  std::string name, code, schedule;
  // What a hand did (model/flags.h): switched on, until then or for good; switched off until then
  // although the schedule is open.
  bool on = false;
  std::optional<base::WallTime> on_until{}, off_until{};
  bool operator==(const Flag&) const = default;
};

struct Number {
  std::string id;
  std::int64_t revision = 0;
  std::string number;
  Destination to;
  bool operator==(const Number&) const = default;
};

struct Trunk {
  std::string id;
  std::int64_t revision = 0;
  std::string name, uri, username, password;
  bool register_ = false;  // key `register`; NOLINT(readability-identifier-naming)
  std::vector<std::string> numbers, allow_from;
  std::uint32_t channels = 30;
  bool operator==(const Trunk&) const = default;
};

struct Sound {
  std::string id;
  std::int64_t revision = 0;
  std::string name, file;
  bool operator==(const Sound&) const = default;
};

// Where events are sent to, signed after Standard Webhooks.
struct Webhook {
  std::string id;
  std::int64_t revision = 0;
  std::string name, url;
  std::string secret;               // "whsec_…"
  std::string old_secret;           // signs too, while receivers learn the new one
  std::vector<std::string> events;  // empty: all of calls
  bool enabled = true;
  bool operator==(const Webhook&) const = default;
};

// A list of calls that goes out by mail when its time is over.
enum class Every : std::uint8_t { Day, Week, Month };
struct Report {
  std::string id;
  std::int64_t revision = 0;
  std::string name;
  std::vector<std::string> email;
  Every every = Every::Day;
  // Which calls; empty: any.
  std::string group, outcome, answered_by, caller, dialled;
  bool operator==(const Report&) const = default;
};

// A question to explain with the answer that is expected: `harrier check` asks it again.
struct SavedTest {
  std::string id;
  std::int64_t revision = 0;
  std::string name, number, from;
  std::optional<base::WallTime> at{};
  std::vector<std::string> phones;  // users who have a phone; empty: all
  std::uint32_t seed = 1;
  // Key `expect`. What is left out may be as it likes.
  std::vector<Stage> stages;
  Finally finally;
  std::string leads_to;  // the last decision, where nobody is rung: "mailbox general"
  bool operator==(const SavedTest&) const = default;
};

struct FeatureCode {
  std::string name, code;
  bool operator==(const FeatureCode&) const = default;
};

// Who may do what in the web panel and the API; a user who logs in may look after himself.
enum class AdminRole : std::uint8_t { Administrator, GroupManager, ReadOnly };

struct Admin {
  std::string email{};
  std::string password{};  // argon2id once it is stored
  AdminRole role = AdminRole::Administrator;
  std::vector<std::string>
      groups{};        // of a group manager: groups and queues, by any of their names
  std::string totp{};  // secret of the second factor, base32; empty: none
  bool operator==(const Admin&) const = default;
};

struct Office {
  std::string tenant;
  std::string timezone = "UTC";
  std::string country;
  std::string language = "en";
  std::string music = "default";
  RecordPolicy record = RecordPolicy::Off;
  base::Duration max_hunt{1'800'000};
  std::vector<Admin> admins;
  std::vector<User> users;
  std::vector<Group> groups;
  std::vector<ChainRow> chain;
  std::vector<Mailbox> mailboxes;
  std::vector<Ivr> ivrs;
  std::vector<Queue> queues;
  std::vector<Schedule> schedules;
  std::vector<Flag> flags;
  std::vector<Number> numbers;
  std::vector<Trunk> trunks;
  std::vector<Sound> sounds;
  std::vector<Webhook> webhooks;
  std::vector<SavedTest> tests;
  std::vector<Report> reports;
  std::string feature_profile = "harrier";
  std::vector<FeatureCode> feature_codes;  // overrides of the profile
  bool operator==(const Office&) const = default;
};

}  // namespace model
