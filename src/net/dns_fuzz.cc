// What a nameserver answers: records within bounds, or none.

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "net/dns.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto type : {net::DnsQuestion::Type::Srv, net::DnsQuestion::Type::Naptr}) {
    const net::DnsAnswer answer = net::read_answer(std::span(data, size), type);
    ASSERT(answer.srv.size() <= 64 && answer.naptr.size() <= 64);
    for (const auto& record : answer.srv) ASSERT(!record.target.empty());
  }
  return 0;
}
