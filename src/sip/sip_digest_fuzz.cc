// Digest on both sides. The first byte chooses: bytes as credentials, bytes as challenges for a
// client, or a play of right and spoiled credentials in virtual time.
//
// Promises: no crash; nobody gets in without the password; a nonce count is taken once, rising, and
// no nonce outlives its time; no secret stands in anything that is sent; a header line is one line.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/rng.h"
#include "base/time.h"
#include "sip/digest.h"

namespace {

using sip::Verdict;

constexpr std::string_view kRealm = "office.example";
constexpr std::string_view kPassword = "correct horse battery";
constexpr base::Duration kLifetime{300'000};

base::Now at(base::Duration since_start) {
  return {base::Instant{since_start}, {}};
}

void check_line(std::string_view line) {
  ASSERT(line.ends_with("\r\n"));
  ASSERT(line.find_first_of(std::string_view{"\r\n\0", 3}) == line.size() - 2);
  ASSERT(line.find(kPassword) == std::string_view::npos);
}

// The two values of a challenge without name and CRLF.
std::vector<std::string> challenges_of(const std::string& lines) {
  std::vector<std::string> values;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find("\r\n", begin);
    check_line(std::string_view{lines}.substr(begin, end + 2 - begin));
    const std::size_t colon = lines.find(": ", begin);
    values.push_back(lines.substr(colon + 2, end - colon - 2));
    begin = end + 2;
  }
  return values;
}

void strangers_credentials(std::string_view text) {
  const auto params = sip::DigestParams::parse(text);
  if (!params.has_value()) return;
  sip::DigestServer server({1, 2}, kLifetime);
  const Verdict known = server.verify(*params, params->realm, kPassword, "INVITE", at(kLifetime));
  const Verdict unknown = server.verify(*params, params->realm, {}, "INVITE", at(kLifetime));
  ASSERT(known != Verdict::Good && known == unknown);
  ASSERT(server.remembered() == 0);
}

void strangers_challenges(std::string_view text) {
  sip::DigestClient client("101", std::string{kPassword});
  base::SplitMix rng{7};
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < 16) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!client.take_challenge(lines, false)) {
    ASSERT(client.authorization("INVITE", "sip:600@x.example", rng).empty());
    return;
  }
  const std::string line = client.authorization("INVITE", "sip:600@x.example", rng);
  ASSERT(line.find(kPassword) == std::string::npos);
  ASSERT(!client.take_challenge(lines, false) || line.find("stale") == std::string::npos);
}

// A phone with the right password, and somebody who spoils what it sends.
class Play {
 public:
  void next(std::uint8_t byte) {
    const std::uint8_t choice = byte & 7U;
    const std::uint8_t rest = byte >> 3U;
    switch (choice) {
      case 0:
        challenge();
        return;
      case 1:
        now_ += base::Duration{std::int64_t{1} << rest % 20U};
        return;
      case 2:
        replay(rest);
        return;
      default:
        send(choice, rest);
        return;
    }
  }

 private:
  void challenge() {
    const std::string lines = server_.challenge({"WWW-Authenticate", kRealm}, rng_, at(now_));
    ASSERT(lines.find(kPassword) == std::string::npos);
    const std::vector<std::string> values = challenges_of(lines);
    const std::vector<std::string_view> views{values.begin(), values.end()};
    ASSERT(client_.take_challenge(views, false));
    const auto params = sip::DigestParams::parse(views.front());
    ASSERT(params.has_value());
    issued_[params->nonce] = now_;
  }

  void send(std::uint8_t choice, std::uint8_t rest) {
    const std::string line = client_.authorization("REGISTER", "sip:office.example", rng_);
    if (line.empty()) return;
    check_line(line);
    auto params = sip::DigestParams::parse(line.substr(line.find(": ") + 2, line.size() - 17));
    ASSERT(params.has_value());
    if (choice >= 6) {
      spoil(*params, rest);
      judge(*params);
      return;
    }
    if (sent_.size() < 64) sent_.push_back(*params);
    const Verdict verdict = judge(*params);
    // Fresh, right and in time: nobody is kept out.
    if (now_ - issued_[params->nonce] <= kLifetime) ASSERT(verdict == Verdict::Good);
  }

  void replay(std::uint8_t which) {
    if (sent_.empty()) return;
    ASSERT(judge(sent_[which % sent_.size()]) != Verdict::Good);
  }

  static void spoil(sip::DigestParams& params, std::uint8_t how) {
    const std::array<std::string*, 8> parts{&params.username, &params.nonce,     &params.uri,
                                            &params.response, &params.algorithm, &params.cnonce,
                                            &params.qop,      &params.nc};
    std::string& part = *parts.at(how % parts.size());
    if ((how & 8U) != 0)
      part.clear();
    else if ((how & 16U) != 0)
      part += 'x';
    else if (!part.empty())
      part.front() = part.front() == '1' ? '2' : '1';
  }

  // What the server says, and whether it may say so.
  Verdict judge(const sip::DigestParams& params) {
    const bool known = params.username == "101";
    const Verdict verdict = server_.verify(
        params, kRealm, known ? std::optional{kPassword} : std::nullopt, "REGISTER", at(now_));
    if (verdict != Verdict::Good) return verdict;
    ASSERT(known && issued_.contains(params.nonce));
    ASSERT(now_ - issued_[params.nonce] <= kLifetime);
    const unsigned long count = std::stoul(params.nc, nullptr, 16);
    unsigned long& last = last_count_[params.nonce];
    ASSERT(count > last);
    last = count;
    return verdict;
  }

  base::SplitMix rng_{1};
  sip::DigestServer server_{{1, 2}, kLifetime};
  sip::DigestClient client_{"101", std::string{kPassword}};
  base::Duration now_{};
  std::map<std::string, base::Duration> issued_;
  std::map<std::string, unsigned long> last_count_;
  std::vector<sip::DigestParams> sent_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(data + 1, data + size);
  switch (data[0] % 3) {
    case 0:
      strangers_credentials(text);
      return 0;
    case 1:
      strangers_challenges(text);
      return 0;
    default:
      break;
  }
  Play play;
  for (const std::uint8_t byte : std::span(data, std::min<std::size_t>(size, 256)).subspan(1))
    play.next(byte);
  return 0;
}
