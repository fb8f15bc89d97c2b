#include "service/announcement.h"

#include <optional>
#include <utility>

#include "base/time.h"
#include "model/office.h"
#include "service/service.h"

namespace service {
namespace {

// Longer than any announcement: it ends also when nobody says that it was played.
constexpr base::Duration kLongest{600'000};

}  // namespace

Announcement::Announcement(Settings settings) : settings_(std::move(settings)) {}

void Announcement::begin(base::Now now, Actions& out) {
  if (settings_.answer) {
    out.emplace_back(Answer{});
  } else {
    out.emplace_back(OpenEarlyMedia{});
  }
  if (settings_.sounds.empty()) {
    finish(out);
    return;
  }
  out.emplace_back(Play{.sounds = settings_.sounds});
  deadline_ = now.at + kLongest;
}

void Announcement::digit(char /*digit*/, base::Now /*now*/, Actions& /*out*/) {}

void Announcement::played(base::Now /*now*/, Actions& out) {
  if (!done_) finish(out);
}

void Announcement::recorded(const Recorded& /*recording*/, base::Now /*now*/, Actions& /*out*/) {}

void Announcement::time_reached(base::Now now, Actions& out) {
  if (done_ || !deadline_.has_value() || now.at < *deadline_) return;
  finish(out);
}

void Announcement::hung_up(base::Now /*now*/, Actions& /*out*/) {
  done_ = true;
  deadline_.reset();
}

std::optional<base::Instant> Announcement::deadline() const {
  return deadline_;
}

void Announcement::finish(Actions& out) {
  done_ = true;
  deadline_.reset();
  if (settings_.then.kind == model::DestinationKind::None) {
    out.emplace_back(HangUp{settings_.cause});
  } else {
    out.emplace_back(GoTo{settings_.then});
  }
}

}  // namespace service
