#include "notify/mail.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "base/time.h"
#include "model/zone.h"

namespace notify {
namespace {

constexpr std::size_t kLineBytes = 76;  // of base64, RFC 2045 section 6.8
constexpr std::size_t kWordBytes = 45;  // of text in one encoded word: 60 letters of base64

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Where a word of at most `most` bytes may end without cutting a letter of UTF-8.
std::size_t cut_at(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  std::size_t at = most;
  while (at > 1 && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80U) --at;
  return at;
}

// The value of a header field that people read (RFC 2047).
std::string encoded(std::string_view text) {
  if (is_plain(text) && text.size() <= 60) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t size = cut_at(text, kWordBytes);
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base::base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string two(std::uint32_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// "Mon, 02 Nov 2026 07:05:00 +0000" (RFC 5322 section 3.3).
std::string date_of(base::WallTime at) {
  static constexpr std::array<const char*, 7> kDays{"Mon", "Tue", "Wed", "Thu",
                                                    "Fri", "Sat", "Sun"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const model::Local day = model::local_of(model::Zone{}, at);
  const auto second = static_cast<std::uint32_t>(at.unix_ms / 1'000 % 60);
  return std::string(kDays.at(day.weekday)) + ", " + two(day.day) + ' ' +
         kMonths.at(day.month - 1) + ' ' + std::to_string(day.year) + ' ' + two(day.minute / 60) +
         ':' + two(day.minute % 60) + ':' + two(second) + " +0000";
}

void add_base64(std::string& out, std::string_view bytes) {
  const std::string text = base::base64(bytes);
  for (std::size_t at = 0; at < text.size(); at += kLineBytes) {
    out += std::string_view(text).substr(at, kLineBytes);
    out += "\r\n";
  }
}

void add_part(std::string& out, const std::string& boundary, std::string_view type,
              std::string_view bytes, std::string_view disposition = {}) {
  out += "--" + boundary + "\r\nContent-Type: ";
  out += type;
  out += "\r\nContent-Transfer-Encoding: base64\r\n";
  if (!disposition.empty()) {
    out += "Content-Disposition: ";
    out += disposition;
    out += "\r\n";
  }
  out += "\r\n";
  add_base64(out, bytes);
}

// A name that needs no quoting rules of its own.
std::string file_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-' || c == '_';
    out += fine ? c : '_';
  }
  return out;
}

}  // namespace

std::string write(const Mail& mail) {
  // All bodies are base64, so no line of theirs can begin with these.
  const std::string outer = "harrier-mail-parts";
  const std::string inner = "harrier-mail-texts";
  std::string out;
  out += "Date: " + date_of(mail.at) + "\r\n";
  out += "From: <" + mail.from + ">\r\n";
  out += "To: <" + mail.to + ">\r\n";
  out += "Subject: " + encoded(mail.subject) + "\r\n";
  out += "Message-ID: <" + mail.message_id + ">\r\n";
  // RFC 3834: no holiday notice comes back.
  out += "Auto-Submitted: auto-generated\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += "Content-Type: multipart/mixed; boundary=\"" + outer + "\"\r\n\r\n";
  out += "--" + outer + "\r\n";
  out += "Content-Type: multipart/alternative; boundary=\"" + inner + "\"\r\n\r\n";
  add_part(out, inner, "text/plain; charset=utf-8", mail.text);
  add_part(out, inner, "text/html; charset=utf-8", mail.html);
  out += "--" + inner + "--\r\n";
  for (const Attachment& attachment : mail.attachments) {
    add_part(out, outer, attachment.type, attachment.bytes,
             "attachment; filename=\"" + file_name(attachment.name) + "\"");
  }
  out += "--" + outer + "--\r\n";
  return out;
}

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
  if (text.size() > 254 || text.find('@', at + 1) != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '<' && c != '>'; });
}

}  // namespace notify
