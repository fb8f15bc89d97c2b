#include "net/dns.h"

#include <algorithm>
#include <arpa/nameser.h>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>
#include <resolv.h>
#include <span>
#include <string>
#include <sys/socket.h>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/address.h"
#include "net/socket_address.h"

namespace net {
namespace {

constexpr int kRecordsMax = 64;
constexpr std::size_t kPacketMax = 16'384;

// The data of one record, read from the front. The packet is at hand for names that point into it.
class Data final {
 public:
  Data(const ns_msg& message, const ns_rr& record)
      : base_(ns_msg_base(message)),
        end_(ns_msg_end(message)),
        at_(ns_rr_rdata(record)),
        left_(ns_rr_rdlen(record)) {}

  [[nodiscard]] bool good() const { return good_; }
  std::uint16_t number() {
    if (left_ < 2) return fail();
    const auto value = static_cast<std::uint16_t>(at_[0] << 8U | at_[1]);
    advance(2);
    return value;
  }
  // One byte says how many follow.
  std::string text() {
    if (left_ < 1 || left_ < std::size_t{1} + at_[0]) return fail(), std::string();
    std::string value(reinterpret_cast<const char*>(at_ + 1), at_[0]);
    advance(1 + value.size());
    return value;
  }
  // A domain name without its last dot; the root is ".".
  std::string name() {
    std::array<char, NS_MAXDNAME> out{};
    const int used = ns_name_uncompress(base_, end_, at_, out.data(), out.size());
    if (used < 0 || static_cast<std::size_t>(used) > left_) return fail(), std::string();
    advance(static_cast<std::size_t>(used));
    return out.at(0) == '\0' ? std::string(".") : std::string(out.data());
  }

 private:
  std::uint16_t fail() {
    good_ = false;
    left_ = 0;
    return 0;
  }
  void advance(std::size_t count) {
    at_ += count;
    left_ -= count;
  }

  const unsigned char* base_;
  const unsigned char* end_;
  const unsigned char* at_;
  std::size_t left_;
  bool good_ = true;
};

std::optional<SrvRecord> read_srv(Data data) {
  SrvRecord record;
  record.priority = data.number();
  record.weight = data.number();
  record.port = data.number();
  record.target = data.name();
  if (!data.good()) return std::nullopt;
  return record;
}

std::optional<NaptrRecord> read_naptr(Data data) {
  NaptrRecord record;
  record.order = data.number();
  record.preference = data.number();
  record.flags = data.text();
  record.service = data.text();
  (void)data.text();  // a regular expression: those of SIP have none (RFC 3263 4.1)
  record.replacement = data.name();
  if (!data.good()) return std::nullopt;
  return record;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

DnsAnswer ask_addresses(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  DnsAnswer answer;
  if (::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return answer;
  const std::unique_ptr<addrinfo, FreeAddresses> list{found};
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    sockaddr_storage storage{};
    std::memcpy(&storage, a->ai_addr, std::min<std::size_t>(a->ai_addrlen, sizeof(storage)));
    const base::IpAddress ip = from_kernel(storage).ip;
    if (std::ranges::find(answer.addresses, ip) == answer.addresses.end())
      answer.addresses.push_back(ip);
  }
  return answer;
}

// One state of the system's resolver, as resolv.conf is now. Each nameserver is asked twice and has
// about a second each time: one that is silent costs 2 s, three of them 6.
class Asking final {
 public:
  Asking() : state_(std::make_unique<std::remove_pointer_t<res_state>>()) {
    good_ = res_ninit(state_.get()) == 0;
    state_->retrans = 1;
    state_->retry = 2;
  }
  ~Asking() {
    if (good_) res_nclose(state_.get());
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  void use_only(const base::Address& nameserver) {
    const auto [name, size] = to_kernel(nameserver);
    std::memcpy(state_->nsaddr_list, &name, std::min<std::size_t>(size, sizeof(sockaddr_in)));
    state_->nscount = 1;
  }
  DnsAnswer ask(const DnsQuestion& question) {
    if (!good_) return {};
    const int type = question.type == DnsQuestion::Type::Srv ? ns_t_srv : ns_t_naptr;
    std::vector<unsigned char> packet(kPacketMax);
    const int size = res_nquery(state_.get(), question.name.c_str(), ns_c_in, type, packet.data(),
                                static_cast<int>(packet.size()));
    if (size <= 0) return {};
    packet.resize(std::min(packet.size(), static_cast<std::size_t>(size)));
    return read_answer(packet, question.type);
  }

 private:
  std::unique_ptr<std::remove_pointer_t<res_state>> state_;
  bool good_ = false;
};

}  // namespace

DnsAnswer read_answer(std::span<const unsigned char> packet, DnsQuestion::Type type) {
  DnsAnswer answer;
  ns_msg message{};
  if (ns_initparse(packet.data(), static_cast<int>(packet.size()), &message) != 0) return answer;
  const int count = std::min<int>(ns_msg_count(message, ns_s_an), kRecordsMax);
  for (int i = 0; i < count; ++i) {
    ns_rr record{};
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) break;
    bool taken = false;
    if (type == DnsQuestion::Type::Srv && ns_rr_type(record) == ns_t_srv) {
      auto srv = read_srv(Data(message, record));
      taken = srv.has_value();
      if (taken) answer.srv.push_back(*std::move(srv));
    } else if (type == DnsQuestion::Type::Naptr && ns_rr_type(record) == ns_t_naptr) {
      auto naptr = read_naptr(Data(message, record));
      taken = naptr.has_value();
      if (taken) answer.naptr.push_back(*std::move(naptr));
    }
    if (!taken) continue;
    const auto ttl_s = static_cast<std::uint32_t>(ns_rr_ttl(record));
    answer.ttl_s = std::min(answer.ttl_s.value_or(ttl_s), ttl_s);
  }
  return answer;
}

DnsAnswer ask_system(const DnsQuestion& question, const std::optional<base::Address>& nameserver) {
  if (question.type == DnsQuestion::Type::Address) return ask_addresses(question.name);
  Asking asking;
  if (nameserver.has_value()) asking.use_only(*nameserver);
  return asking.ask(question);
}

}  // namespace net
