#include "store/codec.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/overloaded.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"

namespace store {
namespace {

constexpr std::uint8_t kVersion = 2;

// The kinds as they stand in the file: never renumbered.
enum class Kind : std::uint8_t {
  CallArrived = 1,
  CallAnswered = 2,
  CallEnded = 3,
  RegistrationAdded = 4,
  RegistrationRemoved = 5,
  MemoryChanged = 6,
  CallPlanned = 7,
  MessageLeft = 8,
  MessageChanged = 9,
  GreetingSet = 10,
  CallBackWanted = 11,
  TextKept = 12,
  TextGone = 13
};

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

// Both archives take the same walk over the fields, so that what is written can be read.
class Out {
 public:
  explicit Out(std::string& out) : out_(out) {}

  template <std::integral T>
  void operator()(const T& number) {
    // Zigzag keeps small negative numbers small too; unsigned numbers pass through it unharmed.
    const auto wide = static_cast<std::int64_t>(number);
    auto bits = (static_cast<std::uint64_t>(wide) << 1U) ^ static_cast<std::uint64_t>(wide >> 63);
    while (bits >= 0x80U) {
      out_.push_back(static_cast<char>(bits | 0x80U));
      bits >>= 7U;
    }
    out_.push_back(static_cast<char>(bits));
  }
  template <class T>
    requires std::is_enum_v<T>
  void operator()(const T& value) {
    (*this)(static_cast<std::uint64_t>(value));
  }
  void operator()(const std::string& text) {
    (*this)(text.size());
    out_ += text;
  }
  template <class T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
  template <class T>
  void operator()(const std::vector<T>& list) {
    (*this)(list.size());
    for (const T& item : list) (*this)(item);
  }
  template <class T>
    requires std::is_class_v<T>
  void operator()(const T& value) {
    fields(*this, value);
  }

 private:
  std::string& out_;
};

class In {
 public:
  explicit In(std::string_view bytes) : left_(bytes) {}

  template <std::integral T>
  void operator()(T& number) {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (left_.empty()) return fail();
      const auto byte = static_cast<std::uint8_t>(left_.front());
      left_.remove_prefix(1);
      bits |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80U) break;
    }
    const auto wide = static_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1U));
    number = static_cast<T>(wide);
    if (static_cast<std::int64_t>(number) != wide) fail();
  }
  template <class T>
    requires std::is_enum_v<T>
  void operator()(T& value) {
    std::uint64_t number = 0;
    (*this)(number);
    value = static_cast<T>(number);
    if (number > highest(value)) fail();
  }
  void operator()(std::string& text) {
    const std::size_t size = count();
    text.assign(left_.substr(0, size));
    left_.remove_prefix(size);
  }
  template <class T>
  void operator()(std::optional<T>& value) {
    bool there = false;
    (*this)(there);
    if (there) (*this)(value.emplace());
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    const std::size_t size = count();  // an item takes at least one byte
    for (std::size_t i = 0; i < size && good_; ++i) (*this)(list.emplace_back());
  }
  template <class T>
    requires std::is_class_v<T>
  void operator()(T& value) {
    fields(*this, value);
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return left_.empty(); }

 private:
  static std::uint64_t highest(facts::Outcome /*unused*/) {
    return static_cast<std::uint64_t>(facts::Outcome::Interrupted);
  }
  static std::uint64_t highest(facts::AttemptResult /*unused*/) {
    return static_cast<std::uint64_t>(facts::AttemptResult::Failed);
  }
  static std::uint64_t highest(facts::EndedBy /*unused*/) {
    return static_cast<std::uint64_t>(facts::EndedBy::Server);
  }
  static std::uint64_t highest(base::Transport /*unused*/) {
    return static_cast<std::uint64_t>(base::Transport::Wss);
  }
  static std::uint64_t highest(base::ConnectionId /*unused*/) { return UINT64_MAX; }

  // A length: never more than what is left.
  std::size_t count() {
    std::size_t size = 0;
    (*this)(size);
    if (size > left_.size()) {
      fail();
      size = 0;
    }
    return size;
  }
  void fail() {
    good_ = false;
    left_ = {};
  }

  std::string_view left_;
  bool good_ = true;
};

template <class A, Like<base::WallTime> T>
void fields(A& a, T& x) {
  a(x.unix_ms);
}
template <class A, Like<base::IpAddress> T>
void fields(A& a, T& x) {
  a(x.is_v6);
  const std::size_t size = x.is_v6 ? 16 : 4;
  for (std::size_t i = 0; i < size; ++i) a(x.bytes.at(i));
}
template <class A, Like<base::Address> T>
void fields(A& a, T& x) {
  a(x.ip);
  a(x.port);
}
template <class A, Like<base::Flow> T>
void fields(A& a, T& x) {
  a(x.transport);
  a(x.listener);
  a(x.local);
  a(x.peer);
  a(x.connection);
}
template <class A, Like<facts::ContactTried> T>
void fields(A& a, T& x) {
  a(x.uri);
  a(x.sip_status);
  a(x.ended_at_ms);
}
template <class A, Like<facts::Attempt> T>
void fields(A& a, T& x) {
  a(x.target);
  a(x.path);
  a(x.contacts);
  a(x.round);
  a(x.stage);
  a(x.planned_at_ms);
  a(x.planned_for_ms);
  a(x.dialled_at_ms);
  a(x.ringing_at_ms);
  a(x.ended_at_ms);
  a(x.result);
  a(x.why);
  a(x.group);
}
template <class A, Like<facts::Decision> T>
void fields(A& a, T& x) {
  a(x.what);
  a(x.because);
  a(x.setting);
}
template <class A, Like<facts::PlannedRing> T>
void fields(A& a, T& x) {
  a(x.target);
  a(x.path);
  a(x.after_ms);
  a(x.for_ms);
  a(x.confirm);
}
template <class A, Like<facts::PlannedStage> T>
void fields(A& a, T& x) {
  a(x.rings);
  a(x.for_ms);
}
template <class A, Like<facts::SkippedTarget> T>
void fields(A& a, T& x) {
  a(x.target);
  a(x.why);
}
template <class A, Like<facts::PlanStory> T>
void fields(A& a, T& x) {
  a(x.number);
  a(x.from);
  a(x.at);
  a(x.decisions);
  a(x.stages);
  a(x.rounds);
  a(x.repeat_from);
  a(x.limit_ms);
  a(x.finally_json);
  a(x.skipped);
}
template <class A, Like<facts::CallRecord> T>
void fields(A& a, T& x) {
  a(x.id);
  a(x.tenant);
  a(x.started);
  a(x.answered);
  a(x.ended);
  a(x.from);
  a(x.from_name);
  a(x.dialled);
  a(x.group);
  a(x.crm_account);
  a(x.outcome);
  a(x.answered_by);
  a(x.wait_ms);
  a(x.talk_ms);
  a(x.final_destination);
  a(x.ended_by);
  a(x.sip_code);
  a(x.q850);
  a(x.sip_call_id);
  a(x.recording);
  a(x.attempts);
  a(x.plan);
}
template <class A, Like<facts::Binding> T>
void fields(A& a, T& x) {
  a(x.user_id);
  a(x.username);
  a(x.contact);
  a(x.instance);
  a(x.reg_id);
  a(x.q_milli);
  a(x.call_id);
  a(x.cseq);
  a(x.path);
  a(x.user_agent);
  a(x.flow);
  a(x.expires_at);
}
template <class A, Like<facts::CallArrived> T>
void fields(A& a, T& x) {
  a(x.record);
}
template <class A, Like<facts::CallPlanned> T>
void fields(A& a, T& x) {
  a(x.call);
  a(x.plan);
}
template <class A, Like<facts::CallAnswered> T>
void fields(A& a, T& x) {
  a(x.call);
  a(x.at);
  a(x.answered_by);
  a(x.record);
}
template <class A, Like<facts::CallEnded> T>
void fields(A& a, T& x) {
  a(x.record);
}
template <class A, Like<facts::RegistrationAdded> T>
void fields(A& a, T& x) {
  a(x.binding);
  a(x.fresh);
}
template <class A, Like<facts::RegistrationRemoved> T>
void fields(A& a, T& x) {
  a(x.binding);
  a(x.expired);
}
template <class A, Like<facts::MemoryChanged> T>
void fields(A& a, T& x) {
  a(x.group_id);
  a(x.memory);
}
template <class A, Like<facts::Message> T>
void fields(A& a, T& x) {
  a(x.id);
  a(x.box);
  a(x.call);
  a(x.file);
  a(x.from);
  a(x.from_name);
  a(x.at);
  a(x.length_ms);
  a(x.heard);
  a(x.saved);
  a(x.handled_by);
}
template <class A, Like<facts::MessageLeft> T>
void fields(A& a, T& x) {
  a(x.mailbox);
  a(x.message);
}
template <class A, Like<facts::MessageChanged> T>
void fields(A& a, T& x) {
  a(x.mailbox);
  a(x.box);
  a(x.id);
  a(x.who);
  a(x.heard);
  a(x.saved);
  a(x.handled_by);
  a(x.deleted);
}
template <class A, Like<facts::GreetingSet> T>
void fields(A& a, T& x) {
  a(x.mailbox);
  a(x.box);
  a(x.file);
}
template <class A, Like<facts::CallBackWanted> T>
void fields(A& a, T& x) {
  a(x.call);
  a(x.group);
  a(x.number);
  a(x.at);
}
template <class A, Like<facts::Text> T>
void fields(A& a, T& x) {
  a(x.id);
  a(x.to);
  a(x.from);
  a(x.from_name);
  a(x.type);
  a(x.body);
  a(x.at);
}
template <class A, Like<facts::TextKept> T>
void fields(A& a, T& x) {
  a(x.text);
}
template <class A, Like<facts::TextGone> T>
void fields(A& a, T& x) {
  a(x.id);
  a(x.to);
  a(x.why);
}

template <class T>
bool put(std::string& out, Kind kind, const T& fact) {
  out.push_back(static_cast<char>(kVersion));
  out.push_back(static_cast<char>(kind));
  Out{out}(fact);
  return true;
}

template <class T>
base::Result<facts::Fact, DecodeError> get(std::string_view bytes) {
  In archive{bytes};
  T fact;
  archive(fact);
  if (!archive.good()) return base::Unexpected{DecodeError::Truncated};
  if (!archive.at_end()) return base::Unexpected{DecodeError::BadValue};
  return facts::Fact{std::move(fact)};
}

}  // namespace

bool encode(const facts::Fact& fact, std::string& out) {
  return std::visit(
      base::Overloaded{
          [&](const facts::CallArrived& f) { return put(out, Kind::CallArrived, f); },
          [&](const facts::CallPlanned& f) { return put(out, Kind::CallPlanned, f); },
          [&](const facts::CallAnswered& f) { return put(out, Kind::CallAnswered, f); },
          [&](const facts::CallEnded& f) { return put(out, Kind::CallEnded, f); },
          [&](const facts::RegistrationAdded& f) { return put(out, Kind::RegistrationAdded, f); },
          [&](const facts::RegistrationRemoved& f) {
            return put(out, Kind::RegistrationRemoved, f);
          },
          [&](const facts::MemoryChanged& f) { return put(out, Kind::MemoryChanged, f); },
          [&](const facts::MessageLeft& f) { return put(out, Kind::MessageLeft, f); },
          [&](const facts::MessageChanged& f) { return put(out, Kind::MessageChanged, f); },
          [&](const facts::GreetingSet& f) { return put(out, Kind::GreetingSet, f); },
          [&](const facts::CallBackWanted& f) { return put(out, Kind::CallBackWanted, f); },
          [&](const facts::TextKept& f) { return put(out, Kind::TextKept, f); },
          [&](const facts::TextGone& f) { return put(out, Kind::TextGone, f); },
          [](const auto&) { return false; },
      },
      fact);
}

base::Result<facts::Fact, DecodeError> decode(std::string_view bytes) {
  if (bytes.size() < 2) return base::Unexpected{DecodeError::Truncated};
  if (static_cast<std::uint8_t>(bytes[0]) != kVersion) {
    return base::Unexpected{DecodeError::UnknownVersion};
  }
  const auto kind = static_cast<Kind>(bytes[1]);
  bytes.remove_prefix(2);
  switch (kind) {
    case Kind::CallArrived:
      return get<facts::CallArrived>(bytes);
    case Kind::CallPlanned:
      return get<facts::CallPlanned>(bytes);
    case Kind::CallAnswered:
      return get<facts::CallAnswered>(bytes);
    case Kind::CallEnded:
      return get<facts::CallEnded>(bytes);
    case Kind::RegistrationAdded:
      return get<facts::RegistrationAdded>(bytes);
    case Kind::RegistrationRemoved:
      return get<facts::RegistrationRemoved>(bytes);
    case Kind::MemoryChanged:
      return get<facts::MemoryChanged>(bytes);
    case Kind::MessageLeft:
      return get<facts::MessageLeft>(bytes);
    case Kind::MessageChanged:
      return get<facts::MessageChanged>(bytes);
    case Kind::GreetingSet:
      return get<facts::GreetingSet>(bytes);
    case Kind::CallBackWanted:
      return get<facts::CallBackWanted>(bytes);
    case Kind::TextKept:
      return get<facts::TextKept>(bytes);
    case Kind::TextGone:
      return get<facts::TextGone>(bytes);
  }
  return base::Unexpected{DecodeError::UnknownKind};
}

}  // namespace store
