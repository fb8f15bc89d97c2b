#pragma once
// The steps of route() share what they collect: decisions, the places of this call, and whether the
// caller's own wish or the configuration is being followed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace model::detail {

inline constexpr base::Duration kChainRing{20'000};
inline constexpr base::Duration kDirectRing{30'000};

class Router {
 public:
  Router(const Snapshot& office_snapshot, const Query& question)
      : snapshot(office_snapshot), query(question) {}

  [[nodiscard]] Step to_caller_wish();
  [[nodiscard]] Step to_destination(const Destination& destination, const User* owner);
  [[nodiscard]] Step to_user(const User& user);
  [[nodiscard]] Step after_user(const User& user, EndClass end, bool with_forwards);
  [[nodiscard]] Step ended(EndClass end);
  [[nodiscard]] Route finished(Step step);
  void say(std::string what, std::string because, std::string setting);

  const Snapshot& snapshot;
  const Query& query;
  std::vector<Decision> decisions;
  std::vector<std::string> visited;
  bool redirected = false;
  bool hides_number = false;
  std::string meant;       // the number that the caller's wish comes down to
  bool by_caller = false;  // no destination of the configuration was followed yet

 private:
  [[nodiscard]] Step refuse(std::uint16_t sip_code, std::uint16_t q850, std::string why,
                            std::string because);
  [[nodiscard]] bool enters(const std::string& place);
  [[nodiscard]] Step to_group(const Group& group);
  [[nodiscard]] std::optional<Step> group_forwarded(const Group& group);
  [[nodiscard]] bool group_flag_is_on(const Group& group, std::string_view flag) const;
  [[nodiscard]] std::string why_flag_is_on(std::string_view flag) const;
  [[nodiscard]] Step to_external(const std::string& number, const User* owner);
  [[nodiscard]] static const char* why_served(const Serve& service);
  [[nodiscard]] Step to_named_service(DestinationKind kind, const std::string& name);
  [[nodiscard]] Step to_number(const std::string& number, const User* owner);
  [[nodiscard]] Step to_chain(const ChainRow& row, std::string user_id, std::string service_number);
  [[nodiscard]] Step to_service_number(const ChainRow& row, const std::string& dialled);
  [[nodiscard]] Step this_phone_only(const ChainRow& row);
  [[nodiscard]] Step this_phone_only(const User& user, base::Duration ring_for);
  [[nodiscard]] Step to_code(const DialledCode& code);
  [[nodiscard]] Step to_served_code(const DialledCode& code);
  [[nodiscard]] Step to_remembered(const DialledCode& code);
  [[nodiscard]] Step to_hidden(const DialledCode& code);
  [[nodiscard]] Step to_mailbox_code(const DialledCode& code);
  [[nodiscard]] Step to_dialled(const Dialled& dialled, const std::string& text);
  [[nodiscard]] Step forwarded(const User& user, const std::string& to, std::string_view why);
  [[nodiscard]] Step do_not_disturb(const User& user);
  [[nodiscard]] std::optional<std::size_t> rule_of(const User& user);
  [[nodiscard]] bool applies(const User& user, const Rule& rule);
  [[nodiscard]] Step to_mailbox_of(const User& user);
  [[nodiscard]] const User* caller_user() const;
  [[nodiscard]] bool alone_wanted() const;
  [[nodiscard]] bool decided_by_destination() const { return !by_caller; }
  [[nodiscard]] std::optional<Step> with_suffix();
};

}  // namespace model::detail
