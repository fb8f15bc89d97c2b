#pragma once
// One mail to one address by SMTP (RFC 5321), with libcurl.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace notify {

// Why a mail did not go out.
struct SmtpError {
  enum class What : std::uint8_t {
    Refused,  // this mail, for good (5xx)
    Later,    // this mail, for now (4xx)
    Server    // nobody is there, or who is there takes nothing from us
  };
  What what = What::Server;
  std::string text;  // what the server or the system said
  bool operator==(const SmtpError&) const = default;
};

struct Envelope {
  std::string from, to;
};

// Must be there while mail is sent: what libcurl needs, counted (safe with threads since 7.84).
class SmtpLibrary final {
 public:
  SmtpLibrary();
  ~SmtpLibrary();
  SmtpLibrary(const SmtpLibrary&) = delete;
  SmtpLibrary& operator=(const SmtpLibrary&) = delete;
};

// A password goes out in TLS only, but to this machine itself.
[[nodiscard]] bool must_use_tls(std::string_view url);

// Blocks, at most a minute and a half; ends early when `stop` becomes true. `url`: smtp://host:25,
// smtps://user:password@host:465. TLS is used where the server offers it, always where
// must_use_tls(); who it is must be proven where smtps or a password is written, else not (a mail
// server at home proves nothing).
[[nodiscard]] base::Status<SmtpError> send_by_smtp(const std::string& url, const Envelope& envelope,
                                                   const std::string& bytes,
                                                   const std::atomic<bool>& stop);

}  // namespace notify
