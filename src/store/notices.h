#pragma once
// Notices: what people are to be told of by mail. They are written in the transaction that makes
// them true (the end of a call, a message, the beginning of a day) and stay until they were sent or
// given up, whatever happens to the process meanwhile.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/mailbox.h"

namespace store {

struct Notice {
  std::int64_t id = 0;      // given by the store
  std::string kind{};       // one of the words below
  std::string ref{};        // what it is about
  std::string recipient{};  // an e-mail address; empty: it is not settled yet who is told
  base::WallTime at{};      // when it became true
  std::uint32_t tries = 0;
  base::WallTime due{};  // not to be sent before
  bool operator==(const Notice&) const = default;
};

// A call to a group that nobody answered; `ref` is the call's id.
inline constexpr const char* kMissedCall = "missed";
// A message; `ref` is its mailbox's key, a line feed and its id.
inline constexpr const char* kMessageLeft = "message";
// A group's day; `ref` is the group's id, a line feed and the two moments in ms with a dash
// between.
inline constexpr const char* kGroupsDay = "day";

// A report of the office; `ref` is its id and the two moments, as of a group's day.
inline constexpr const char* kCallsReport = "report";

// Of what a notice is kept; an empty function: of all that could have one. On the store thread.
struct NoticeFilter {
  std::function<bool(const facts::CallRecord&)> of_call{};
  std::function<bool(const facts::Message&)> of_message{};
  // Of which ended calls others are told by HTTP (store/deliveries.h); an empty function: of none.
  std::function<bool(const facts::CallRecord&)> of_end{};
};

// One transaction. What is not there any more is no trouble.
struct NoticeChange {
  std::vector<std::int64_t> removed{};
  std::vector<Notice> added{};                 // their ids are not read
  std::vector<Notice> postponed{};             // `tries` and `due` are new
  std::optional<base::WallTime> days_until{};  // the days before this moment have their notices
};

}  // namespace store
