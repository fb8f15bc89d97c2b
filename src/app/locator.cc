#include "app/locator.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "base/time.h"
#include "net/dns.h"
#include "net/resolver.h"
#include "sip/locate.h"

namespace app {
namespace {

constexpr std::size_t kRoundsMax = 4;  // NAPTR, SRV, addresses; one to spare

net::DnsQuestion::Type type_of(sip::Question::Type type) {
  switch (type) {
    case sip::Question::Type::Naptr:
      return net::DnsQuestion::Type::Naptr;
    case sip::Question::Type::Srv:
      return net::DnsQuestion::Type::Srv;
    case sip::Question::Type::Address:
      return net::DnsQuestion::Type::Address;
  }
  return net::DnsQuestion::Type::Address;
}

}  // namespace

net::DnsQuestion dns_question(const sip::Question& question) {
  return {type_of(question.type), question.name};
}

sip::Answer sip_answer(const net::DnsAnswer& from) {
  sip::Answer answer;
  answer.addresses = from.addresses;
  for (const net::SrvRecord& srv : from.srv)
    answer.srv.push_back({srv.priority, srv.weight, srv.port, srv.target});
  for (const net::NaptrRecord& naptr : from.naptr)
    answer.naptr.push_back(
        {naptr.order, naptr.preference, naptr.flags, naptr.service, naptr.replacement});
  return answer;
}

void Locator::locate(const sip::Wanted& wanted, base::Now now, Answer answer) {
  const std::uint64_t number = ++last_;
  searches_.emplace(number, Search{wanted, {}, 0, 0, std::move(answer)});
  go_on(number, now);
}

void Locator::go_on(std::uint64_t number, base::Now now) {
  Search& search = searches_.at(number);
  const auto step = sip::locate(search.wanted, ours_, search.known, rng_);
  const auto* const questions = std::get_if<sip::Questions>(&step);
  if (questions != nullptr && ++search.rounds <= kRoundsMax) {
    search.missing = questions->size();
    for (const sip::Question& question : *questions) ask(number, question);
    return;
  }
  const auto* const places = std::get_if<sip::Locations>(&step);
  const auto over = searches_.extract(number);
  over.mapped().answer(places == nullptr ? sip::Locations() : *places, now);
}

void Locator::ask(std::uint64_t number, const sip::Question& question) {
  resolver_.ask(dns_question(question),
                [this, number, question](const net::DnsAnswer& came, base::Now now) {
                  Search& search = searches_.at(number);
                  search.known[question] = sip_answer(came);
                  if (--search.missing == 0) go_on(number, now);
                });
}

}  // namespace app
