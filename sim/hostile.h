#pragma once
// Datagrams as bytes of a fuzzer choose them: everybody around the engine at once, callers, phones
// and a trunk, who answer, ask, repeat, damage. What they say is made of what they heard, so that
// it reaches far into the engine.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "sim/text.h"

namespace sim {

// The input, byte by byte; zeros behind its end.
class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> left) : left_(left) {}
  [[nodiscard]] bool empty() const { return left_.empty(); }
  std::uint8_t next() {
    if (left_.empty()) return 0;
    const std::uint8_t byte = left_.front();
    left_ = left_.subspan(1);
    return byte;
  }
  std::size_t below(std::size_t bound) { return next() % bound; }
  template <class T, std::size_t N>
  const T& one_of(const std::array<T, N>& all) {
    return all.at(below(N));
  }

 private:
  std::span<const std::uint8_t> left_;
};

struct Party {
  base::Flow flow;
  std::string user;
  std::vector<Text> requests;   // that the engine sent here
  std::vector<Text> responses;  // finals and provisionals to its own requests
  std::vector<Text> invites;    // its own, as it sent them
  std::string challenge;        // the last of a 401
};

class Hostile {
 public:
  // A message, and whether it is whole; `from` is a place in parties().
  struct Said {
    std::size_t from = 0;
    std::string bytes;
    bool whole = true;
  };

  explicit Hostile(Bytes& bytes);
  // What somebody says now, if he finds anything to say.
  [[nodiscard]] std::optional<Said> say(base::Instant now);
  // The engine sent this.
  void hear(const base::Address& at, Text text, base::Instant now);

  [[nodiscard]] const std::vector<Party>& parties() const { return parties_; }
  [[nodiscard]] static std::string contact(const Party& party);
  // Somebody answered otherwise than before, or when nobody waited any more: what the wire then
  // shows proves nothing.
  [[nodiscard]] bool unclear() const { return unclear_; }

  static constexpr std::string_view kServer = "10.0.0.1:5060";
  static constexpr std::size_t kPhones =
      3;  // the first; 101 to 103. Two callers and a trunk follow.

 private:
  using Answer = std::optional<Said>;
  // What a party did with one request.
  struct Asked {
    base::Instant arrived{};
    std::optional<base::Instant> canceled;
    bool provisional = false;
    std::uint16_t final_code = 0;
  };

  Answer invite();
  Answer answer_invite(base::Instant now);
  Answer answer_other(base::Instant now);
  Answer respond(std::size_t who, const Text& request, base::Instant now);
  Answer acknowledge();
  Answer cancel();
  Answer inside();
  Answer register_phone();
  Answer repeat_or_damage();

  Answer said(std::size_t who, const Text& text);
  [[nodiscard]] Text of_dialog(const std::string& method, std::size_t who, const Text& end,
                               std::uint32_t cseq);
  void top(Text& text, const Party& party);
  void authorize(Text& text, const Party& party) const;
  [[nodiscard]] bool fits(const Text& request, std::uint16_t code, base::Instant now);
  [[nodiscard]] const Text* chosen(const std::vector<const Text*>& from);
  [[nodiscard]] std::string token() { return std::to_string(++tokens_); }

  // Given to us.
  Bytes& bytes_;
  // Owned.
  std::vector<Party> parties_;
  std::vector<Said> log_;               // all that was said whole
  std::map<std::string, Asked> asked_;  // by method and branch
  // Plain state.
  std::uint64_t tokens_ = 0;
  std::uint32_t cseq_ = 0;
  bool unclear_ = false;
};

}  // namespace sim
