// The names of methods, header fields and refusals.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sip/message.h"
#include "sip/text.h"

namespace sip {
namespace {

constexpr std::array<std::string_view, 15> kMethods{
    "INVITE", "ACK",       "BYE",    "CANCEL", "OPTIONS", "REGISTER", "PRACK", "UPDATE",
    "INFO",   "SUBSCRIBE", "NOTIFY", "REFER",  "MESSAGE", "PUBLISH",  ""};

struct HeaderName {
  std::string_view name;
  char compact = 0;
};

// In the order of the enumeration.
constexpr std::array<HeaderName, static_cast<std::size_t>(Header::Count)> kHeaders{{
    {"", 0},
    {"Accept", 0},
    {"Alert-Info", 0},
    {"Allow", 0},
    {"Allow-Events", 'u'},
    {"Authorization", 0},
    {"Call-ID", 'i'},
    {"Call-Info", 0},
    {"Contact", 'm'},
    {"Content-Encoding", 'e'},
    {"Content-Length", 'l'},
    {"Content-Type", 'c'},
    {"CSeq", 0},
    {"Date", 0},
    {"Diversion", 0},
    {"Event", 'o'},
    {"Expires", 0},
    {"From", 'f'},
    {"History-Info", 0},
    {"Max-Forwards", 0},
    {"Min-Expires", 0},
    {"Min-SE", 0},
    {"P-Asserted-Identity", 0},
    {"P-Called-Party-ID", 0},
    {"Path", 0},
    {"P-Preferred-Identity", 0},
    {"Privacy", 0},
    {"Proxy-Authenticate", 0},
    {"Proxy-Authorization", 0},
    {"Proxy-Require", 0},
    {"RAck", 0},
    {"Reason", 0},
    {"Record-Route", 0},
    {"Refer-To", 'r'},
    {"Referred-By", 'b'},
    {"Replaces", 0},
    {"Request-Disposition", 'd'},
    {"Require", 0},
    {"Retry-After", 0},
    {"Route", 0},
    {"RSeq", 0},
    {"Server", 0},
    {"Service-Route", 0},
    {"Session-Expires", 'x'},
    {"Session-ID", 0},
    {"Subject", 's'},
    {"Subscription-State", 0},
    {"Supported", 'k'},
    {"To", 't'},
    {"Unsupported", 0},
    {"User-Agent", 0},
    {"Via", 'v'},
    {"Warning", 0},
    {"WWW-Authenticate", 0},
    {"X-CID", 0},
}};

constexpr std::array<std::string_view, kRejectCount> kRejects{"empty",
                                                              "too_long",
                                                              "no_start_line",
                                                              "bad_start_line",
                                                              "bad_version",
                                                              "bad_status_code",
                                                              "too_many_headers",
                                                              "header_too_long",
                                                              "bad_header",
                                                              "no_end_of_headers",
                                                              "no_via",
                                                              "bad_via",
                                                              "too_many_vias",
                                                              "no_from",
                                                              "bad_from",
                                                              "no_to",
                                                              "bad_to",
                                                              "no_call_id",
                                                              "bad_call_id",
                                                              "no_cseq",
                                                              "bad_cseq",
                                                              "cseq_method_mismatch",
                                                              "bad_content_length",
                                                              "body_too_short",
                                                              "bad_max_forwards",
                                                              "bad_request_uri",
                                                              "bad_contact",
                                                              "bad_authorization",
                                                              "duplicate_single"};

// Long names by their length, so that a look-up compares few of them.
constexpr std::size_t kLongest = 24;
struct Bucket {
  std::array<Header, 12> ids{};
  std::size_t count = 0;
};
constexpr std::array<Bucket, kLongest> buckets_by_length() {
  std::array<Bucket, kLongest> buckets{};
  for (std::size_t i = 1; i < kHeaders.size(); ++i) {
    Bucket& bucket = buckets[kHeaders[i].name.size()];
    bucket.ids[bucket.count++] = static_cast<Header>(i);
  }
  return buckets;
}
constexpr std::array<Bucket, kLongest> kBuckets = buckets_by_length();

constexpr std::array<Header, 26> compact_forms() {
  std::array<Header, 26> forms{};
  for (std::size_t i = 1; i < kHeaders.size(); ++i)
    if (kHeaders[i].compact != 0)
      forms[static_cast<std::size_t>(kHeaders[i].compact - 'a')] = static_cast<Header>(i);
  return forms;
}
constexpr std::array<Header, 26> kCompact = compact_forms();

}  // namespace

std::string_view name_of(Method method) {
  return kMethods.at(static_cast<std::size_t>(method));
}

Method method_from(std::string_view name) {
  for (std::size_t i = 0; i + 1 < kMethods.size(); ++i)
    if (kMethods[i] == name) return static_cast<Method>(i);
  return Method::Other;
}

std::string_view name_of(Header header) {
  return kHeaders.at(static_cast<std::size_t>(header)).name;
}

Header header_from(std::string_view name) {
  if (name.size() == 1 && is_alpha(name.front()))
    return kCompact.at(static_cast<std::size_t>(lower(name.front()) - 'a'));
  if (name.size() >= kLongest) return Header::Other;
  const Bucket& bucket = kBuckets[name.size()];
  for (std::size_t i = 0; i < bucket.count; ++i)
    if (same_word(kHeaders[static_cast<std::size_t>(bucket.ids[i])].name, name))
      return bucket.ids[i];
  return Header::Other;
}

std::uint16_t answer_code(Reject reason) {
  if (reason == Reject::BadVersion) return 505;
  const bool over_limit = reason == Reject::TooManyHeaders || reason == Reject::HeaderTooLong ||
                          reason == Reject::TooManyVias || reason == Reject::TooLong;
  return over_limit ? 413 : 400;
}

std::string_view word(Reject reason) {
  return kRejects.at(static_cast<std::size_t>(reason));
}

}  // namespace sip
