// REGISTERs in any order, time, connections that end, restarts. Each piece of the input (cut by
// NUL) is one thing that happens: its first letter says what, the rest are header lines or a
// number.
//
// Promises: no binding lives past its expiry or longer than the most that is given; at most the
// limit an address of record; "*" works only with 0; a refusal changes nothing; facts and state
// agree; the answer is a message; a restart loses nothing but connections.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/assert.h"
#include "base/limits.h"
#include "base/time.h"
#include "facts/fact.h"
#include "registrar/registrar.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/writer.h"

namespace {

using facts::Binding;

constexpr std::string_view kUsers[] = {"101", "102"};

class World {
 public:
  void happen(std::string_view piece) {
    if (piece.empty()) return;
    const auto letter = static_cast<std::uint8_t>(piece.front());
    piece.remove_prefix(1);
    switch (letter % 5) {
      case 0:
      case 1:
        registers(letter, piece);
        return;
      case 2:
        wait(base::Duration{std::int64_t{1} << std::min<std::size_t>(piece.size(), 24)});
        return;
      case 3:
        disconnect(base::ConnectionId{letter / 5U % 4U});
        return;
      default:
        restart();
        return;
    }
  }
  void come_to_rest() {
    wait(base::Duration{std::int64_t{base::kExpiresMax} * 1000});
    ASSERT(registrar_.size() == 0 && registrar_.all().empty());
    ASSERT(!registrar_.deadline().has_value() && known_.empty());
  }

 private:
  void registers(std::uint8_t letter, std::string_view lines) {
    base::Flow flow;
    flow.peer = *base::Address::parse("198.51.100.4:5060");
    flow.connection = base::ConnectionId{letter / 5U % 4U};
    flow.transport =
        flow.connection == base::ConnectionId::None ? base::Transport::Udp : base::Transport::Tcp;
    const std::string user{kUsers[letter & 1U]};
    const std::string username = (letter & 2U) != 0 ? user : user + "-desk";
    std::string bytes =
        "REGISTER sip:office.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bK1\r\n"
        "From: <sip:101@office.example>;tag=a\r\nTo: <sip:101@office.example>\r\n";
    if (lines.find("CSeq") == std::string_view::npos)
      bytes += "Call-ID: c" + std::to_string(letter % 3) + "\r\nCSeq: " + std::to_string(++cseq_) +
               " REGISTER\r\n";
    bytes.append(lines).append("\r\n\r\n");
    const auto parsed = sip::Message::parse(bytes);
    if (parsed.reject.has_value()) return;
    const std::vector<Binding> before = sorted(registrar_.all());
    const registrar::Answer answer =
        registrar_.handle(parsed.message, {user, username}, flow, now_);
    apply(answer.facts);
    ASSERT(sorted(registrar_.all()) == sorted(known_list()));
    if (answer.code != 200) ASSERT(sorted(registrar_.all()) == before && !answer.why.empty());
    check_star(parsed.message, answer.code);
    check_answer(parsed.message, flow, answer);
    check();
  }

  static void check_star(const sip::Message& request, std::uint16_t code) {
    bool star = false;
    std::size_t count = 0;
    request.for_each_value(sip::Header::Contact, [&](std::string_view value) {
      ++count;
      star = star || value == "*";
    });
    if (star && code == 200)
      ASSERT(count == 1 && sip::trimmed(request.value(sip::Header::Expires)).starts_with('0'));
  }

  void check_answer(const sip::Message& request, const base::Flow& flow,
                    const registrar::Answer& answer) const {
    sip::Writer writer = sip::response_to(request, flow.peer, answer.code, "t");
    writer.lines(answer.lines).no_body();
    if (!writer.ok()) return;
    const std::string bytes = writer.take();
    const auto again = sip::Message::parse(bytes);
    std::size_t contacts = 0;
    again.message.for_each_value(sip::Header::Contact, [&](std::string_view) { ++contacts; });
    if (answer.code != 200) ASSERT(contacts == 0);
    ASSERT(contacts <= base::kBindingsPerAorMax);
  }

  void wait(base::Duration time) {
    now_.at += time;
    now_.wall.unix_ms += time.count();
    std::vector<facts::Fact> out;
    registrar_.expire(now_, out);
    apply(out);
    check();
  }

  void disconnect(base::ConnectionId connection) {
    std::vector<facts::Fact> out;
    registrar_.remove_connection(connection, out);
    apply(out);
    check();
    if (connection == base::ConnectionId::None) return;
    for (const Binding& binding : registrar_.all()) ASSERT(binding.flow.connection != connection);
  }

  void restart() {
    std::vector<Binding> kept = registrar_.all();
    registrar_ = registrar::Registrar{};
    for (const Binding& binding : kept) registrar_.restore(binding, now_);
    for (Binding& binding : kept) binding.flow.connection = base::ConnectionId::None;
    known_ = kept;
    ASSERT(sorted(registrar_.all()) == sorted(kept));
    check();
  }

  // Plays the facts: what a store would hold afterwards, one for each name.
  static std::string name_of(const Binding& binding) {
    const bool flow = !binding.instance.empty() && binding.reg_id != 0;
    return binding.user_id + '\n' + binding.username + '\n' +
           (flow ? binding.instance + '\n' + std::to_string(binding.reg_id) : binding.contact);
  }
  void apply(const std::vector<facts::Fact>& facts) {
    for (const facts::Fact& fact : facts) {
      if (const auto* removed = std::get_if<facts::RegistrationRemoved>(&fact)) {
        const auto found = std::ranges::find(known_, removed->binding);
        ASSERT(found != known_.end());
        known_.erase(found);
      } else if (const auto* added = std::get_if<facts::RegistrationAdded>(&fact)) {
        std::erase_if(known_,
                      [&](const Binding& old) { return name_of(old) == name_of(added->binding); });
        known_.push_back(added->binding);
      }
    }
  }
  [[nodiscard]] const std::vector<Binding>& known_list() const { return known_; }

  static std::vector<Binding> sorted(std::vector<Binding> bindings) {
    std::ranges::sort(bindings, {}, name_of);
    return bindings;
  }

  void check() const {
    const std::vector<Binding> all = registrar_.all();
    ASSERT(all.size() == registrar_.size());
    ASSERT(registrar_.deadline().has_value() == !all.empty());
    for (const Binding& binding : all) {
      ASSERT(binding.expires_at > now_.wall);
      ASSERT(binding.expires_at.unix_ms <=
             now_.wall.unix_ms + std::int64_t{base::kExpiresMax} * 1000);
      ASSERT(binding.contact.size() <= base::kContactBytesMax);
    }
    for (const std::string_view user : kUsers) {
      std::size_t bounds = 0;
      std::set<std::string> instances;
      for (const registrar::Device& device : registrar_.devices(user)) {
        bounds += device.size();
        const std::string& instance = device.front()->binding.instance;
        ASSERT(instance.empty() ? device.size() == 1 : instances.insert(instance).second);
      }
      ASSERT(bounds <= base::kBindingsPerAorMax);
    }
  }

  registrar::Registrar registrar_;
  std::vector<Binding> known_;
  base::Now now_{base::Instant{}, base::WallTime{1'790'000'000'000}};
  std::uint32_t cseq_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  std::string_view rest = text;
  World world;
  for (int i = 0; i < 64 && !rest.empty(); ++i) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    world.happen(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  world.come_to_rest();
  return 0;
}
