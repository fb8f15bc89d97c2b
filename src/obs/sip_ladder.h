#pragma once
// The messages of a call as people and tools want them: a ladder in letters, and a capture file.

#include <string>
#include <string_view>
#include <vector>

#include "obs/sip_ring.h"

namespace obs {

// "INVITE sip:600@office.example" or "180 Ringing".
[[nodiscard]] std::string_view start_of(std::string_view message);

// One line for each peer's place, one for each message: when, from whom to whom, what. Control
// letters of strangers are shown as dots.
[[nodiscard]] std::string draw_ladder(const std::vector<SipCopy>& messages);

// A capture file (pcap, raw IP) that Wireshark and sngrep read: each message as one UDP datagram
// between its addresses, whatever it came by.
[[nodiscard]] std::string to_pcap(const std::vector<SipCopy>& messages);

}  // namespace obs
