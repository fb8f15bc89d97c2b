#pragma once
// The settings of a phone as the file that it fetches: from a pattern of ours for its kind, or from
// an administrator's.
//
// A pattern is text with {names}; a line that begins with {?name} is written only when that name
// has a value. {{ and }} are braces.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace model {

// Those that a file can be made for.
enum class ProvisionedPhone : std::uint8_t { Yealink, Grandstream, Snom, Linphone };
// "yealink", "grandstream", "snom", "linphone".
[[nodiscard]] std::span<const std::string_view> provisioned_phones();
[[nodiscard]] std::optional<ProvisionedPhone> provisioned_phone_from(std::string_view name);

struct PhoneSettings {
  std::string display_name, extension;
  std::string username, password;
  std::string domain;  // the office's: realm and host of addresses
  std::string server;  // by which the phone reaches us
  std::uint16_t port = 5060;
  std::string transport = "udp";  // udp, tcp, tls
  std::string mailbox, pickup;    // codes; empty: none
  std::string hooks;              // what its action URLs begin with; empty: none
  std::string lamps;              // the number of a group whose members' lamps it shows
};

[[nodiscard]] std::string_view own_pattern(ProvisionedPhone phone);
// "text/plain" or "application/xml".
[[nodiscard]] std::string_view type_of(ProvisionedPhone phone);
// The file; values stand in it as its form wants them. A name that the pattern has wrong stays as
// it is written.
[[nodiscard]] std::string provisioned(ProvisionedPhone phone, std::string_view pattern,
                                      const PhoneSettings& settings);
// What of a file's name may follow the token: "001565aabbcc.cfg", "cfg000b82aabbcc.xml",
// "snomD785-000413AABBCC.htm", "000413AABBCC.xml", "linphone.xml".
[[nodiscard]] bool is_file_of(ProvisionedPhone phone, std::string_view name);

}  // namespace model
