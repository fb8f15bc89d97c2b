#pragma once
// A mail as it goes over the wire (RFC 5322, RFC 2045 to 2047): text and HTML beside each other,
// and attachments.

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace notify {

struct Attachment {
  std::string name;  // "calls.csv"
  std::string type;  // "text/csv; charset=utf-8"
  std::string bytes;
  bool operator==(const Attachment&) const = default;
};

struct Mail {
  std::string from;  // an address
  std::string to;    // an address
  std::string subject;
  std::string text, html;
  std::vector<Attachment> attachments;
  std::string message_id;  // without angle brackets; the same when a mail is sent once more
  base::WallTime at{};
  bool operator==(const Mail&) const = default;
};

// Lines end in CRLF and are shorter than 80 bytes, whatever was put in; all is ASCII. The same mail
// makes the same text.
[[nodiscard]] std::string write(const Mail& mail);

// True for what may stand between angle brackets in SMTP: one @, no blanks, no control characters.
[[nodiscard]] bool is_address(std::string_view text);

}  // namespace notify
