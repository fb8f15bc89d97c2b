// The answer that takes nothing, and whether an answer fits its offer (RFC 3264).

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sdp/detail/lines.h"
#include "sdp/session.h"

namespace sdp {

base::Result<std::string, Reject> reject_all(std::string_view offer) {
  const auto session = Session::parse(offer);
  if (!session) return base::Unexpected{session.error()};
  std::string out = detail::beginning("0.0.0.0", session->timing);
  for (const Media& media : session->media) detail::append_line(out, media, 0, media.formats);
  return out;
}

bool fits(const Session& offer, const Session& answer) {
  if (offer.media.size() != answer.media.size()) return false;
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const Media& theirs = offer.media[i];
    const Media& ours = answer.media[i];
    if (theirs.kind != ours.kind || theirs.protocol != ours.protocol) return false;
    if (ours.port == 0) continue;
    if (theirs.port == 0) return false;
    // A dynamic format may be numbered anew (6.1); a static type means the same on both sides and
    // must have been offered. One of the offer's, or a dynamic one, has to be there.
    const auto offered = [&](std::string_view format) {
      return std::ranges::find(theirs.formats, format) != theirs.formats.end();
    };
    if (std::ranges::none_of(ours.formats, [&](std::string_view format) {
          return offered(format) || detail::is_dynamic(format);
        }))
      return false;
  }
  return true;
}

}  // namespace sdp
