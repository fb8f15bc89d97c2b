#include "rtp/source_lock.h"

#include <algorithm>
#include <cstdint>

#include "base/address.h"
#include "base/time.h"

namespace rtp {

void SourceLock::agree(const base::Address& described, const base::IpAddress& signalled_from,
                       base::Instant now) {
  const bool same = described == described_ && signalled_from == signalled_from_;
  if (!same) locked_.reset();
  described_ = described;
  signalled_from_ = signalled_from;
  agreed_ = now;
  packets_ = 0;
}

bool SourceLock::may_be_learnt(const base::Address& from, base::Instant now) const {
  if (described_.port == 0) return false;
  if (locked_.has_value()) {
    // Only the signalling address, only if the source that we knew is silent since the agreement.
    return from.ip == signalled_from_ && *locked_ != described_ && last_ < agreed_ &&
           now - agreed_ >= kSilentFor;
  }
  if (from.ip == signalled_from_) return true;
  return base::is_behind_nat(described_.ip, signalled_from_) && now - agreed_ < kLearnFor;
}

SourceLock::Verdict SourceLock::judge(const base::Address& from, base::Instant now) const {
  if (from == described_ && described_.port != 0) return Verdict::Accept;
  if (locked_.has_value() && from == *locked_) return Verdict::Accept;
  return may_be_learnt(from, now) ? Verdict::Candidate : Verdict::Refuse;
}

// Whether `from` is the one candidate whose packets count, or becomes it now. Nobody is pushed
// aside by who sends faster; only the signalling address goes before others.
bool SourceLock::is_followed(const base::Address& from, std::uint32_t ssrc, base::Instant now) {
  const bool same = packets_ > 0 && candidate_ == from && ssrc_ == ssrc;
  const bool first = from.ip == signalled_from_ && candidate_.ip != signalled_from_;
  const bool free = packets_ == 0 || now - candidate_last_ >= kGivenUpAfter || first ||
                    (candidate_ == from && ssrc_ != ssrc);
  if (!same && !free) return false;
  if (!same) {
    candidate_ = from;
    ssrc_ = ssrc;
    packets_ = 0;
    followed_since_ = now;
  }
  candidate_last_ = now;
  return true;
}

void SourceLock::lock_on(const base::Address& from, std::uint32_t ssrc, base::Instant now) {
  locked_ = from;
  locked_ssrc_ = ssrc;
  last_ = now;
  packets_ = 0;
}

SourceLock::Formers SourceLock::farewell(base::Instant now) const {
  Formers formers;
  const auto add = [&](const base::Address& from, std::uint32_t ssrc) {
    formers.push_back({.from = from, .ssrc = ssrc, .until = now + kFormerFor});
  };
  if (locked_.has_value()) add(*locked_, locked_ssrc_);
  if (packets_ > 0) add(candidate_, ssrc_);
  for (const Former& before : formers_) {
    if (!formers.full() && before.until > now) formers.push_back(before);
  }
  return formers;
}

bool SourceLock::is_former(const base::Address& from, std::uint32_t ssrc, base::Instant now) const {
  return std::any_of(formers_.begin(), formers_.end(), [&](const Former& former) {
    return former.from == from && former.ssrc == ssrc && now < former.until;
  });
}

bool SourceLock::take(const base::Address& from, std::uint32_t ssrc, base::Instant now) {
  switch (judge(from, now)) {
    case Verdict::Refuse:
      return false;
    case Verdict::Accept:
      lock_on(from, ssrc, now);
      return true;
    case Verdict::Candidate:
      break;
  }
  if (is_former(from, ssrc, now)) return false;
  if (!is_followed(from, ssrc, now)) return false;
  ++packets_;
  if (packets_ < kPacketsToLearn) return false;
  if (from.ip != signalled_from_ && now - followed_since_ < kDoubtFor) return false;
  lock_on(from, ssrc, now);
  return true;
}

}  // namespace rtp
