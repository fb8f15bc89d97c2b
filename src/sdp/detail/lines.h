#pragma once
// Reading and writing single lines of descriptions, shared by the files of sdp/.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdp/session.h"

namespace sdp::detail {

[[nodiscard]] bool same_name(std::string_view a, std::string_view b);
// The number of a payload type; nothing for a format that is none.
[[nodiscard]] std::optional<std::uint8_t> payload_type(std::string_view format);
[[nodiscard]] bool is_dynamic(std::string_view format);
// The whole attribute "rtpmap:96 opus/48000/2" of a format, "" if there is none.
[[nodiscard]] std::string_view rtpmap_of(const Media& media, std::string_view format);
// The encoding name of a format: from its rtpmap, else that of the static types of RFC 3551 which
// phones use.
[[nodiscard]] std::string_view name_of(const Media& media, std::string_view format);
// "m=audio 4000 RTP/AVP 0 8"
void append_line(std::string& out, const Media& media, std::uint16_t port,
                 const std::vector<std::string_view>& formats);
// Everything before the m-lines.
[[nodiscard]] std::string beginning(std::string_view address, std::string_view timing);

}  // namespace sdp::detail
