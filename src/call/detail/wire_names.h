#pragma once
// Header lines that are the same in every message of ours.

#include <string_view>

namespace call {

inline constexpr std::string_view kAllowLine =
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REGISTER, "
    "SUBSCRIBE, REFER\r\n";
// What is taken outside of any dialog.
inline constexpr std::string_view kAllowOutsideLine =
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REGISTER, "
    "SUBSCRIBE, REFER, MESSAGE\r\n";
inline constexpr std::string_view kSupportedLine = "Supported: 100rel, timer, replaces\r\n";
inline constexpr std::string_view kSdpType = "application/sdp";
// Marks calls that went through us, with a seal over the number (sip.md 4.1, loops).
inline constexpr std::string_view kLoopHeader = "X-Harrier-Seen";

}  // namespace call
