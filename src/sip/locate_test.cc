// RFC 3263 as a function: what is asked, and where requests go.
#include "sip/locate.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/address.h"
#include "base/rng.h"

namespace sip {
namespace {

using base::Transport;
using Type = Question::Type;

class Counting final : public base::Rng {
 public:
  std::uint64_t next() override { return drawn_ += 0x9E3779B97F4A7C15ULL; }

 private:
  std::uint64_t drawn_ = 1;
};

const std::vector<Transport> kAll{Transport::Udp, Transport::Tcp, Transport::Tls};

base::IpAddress ip(const char* text) {
  return *base::IpAddress::parse(text);
}

Located at(Transport transport, const char* text, std::uint16_t port) {
  return {transport, {ip(text), port}};
}

// Answers the questions from `zone` until there are none; what was asked goes into `asked`.
struct Zone {
  Answers zone{};
  std::vector<Question> asked{};

  Locations find(const Wanted& wanted, const std::vector<Transport>& ours = kAll) {
    Answers known;
    Counting rng;
    for (int round = 0; round < 5; ++round) {
      const auto step = locate(wanted, ours, known, rng);
      if (const auto* places = std::get_if<Locations>(&step)) return *places;
      for (const Question& question : std::get<Questions>(step)) {
        asked.push_back(question);
        known[question] = zone.contains(question) ? zone[question] : Answer{};
      }
    }
    ADD_FAILURE() << "it never ends";
    return {};
  }
};

TEST(Locate, Rfc3263_4_1_AnAddressIsAskedOfNobody) {
  Zone zone;

  EXPECT_EQ(zone.find({"192.0.2.1"}), (Locations{at(Transport::Udp, "192.0.2.1", 5060)}));
  EXPECT_EQ(zone.find({"192.0.2.1", 5070, Transport::Tcp}),
            (Locations{at(Transport::Tcp, "192.0.2.1", 5070)}));
  EXPECT_EQ(zone.find({.host = "[2001:db8::1]", .sips = true}),
            (Locations{at(Transport::Tls, "2001:db8::1", 5061)}));
  EXPECT_TRUE(zone.asked.empty());
}

TEST(Locate, Rfc3263_4_2_APortMeansNoServiceRecords) {
  Zone zone{{{{Type::Address, "a.example"}, {.addresses = {ip("192.0.2.1"), ip("2001:db8::1")}}}}};

  EXPECT_EQ(zone.find({"a.example", 5070}), (Locations{at(Transport::Udp, "192.0.2.1", 5070),
                                                       at(Transport::Udp, "2001:db8::1", 5070)}));
  EXPECT_EQ(zone.find({.host = "a.example", .port = 5071, .sips = true}).front(),
            at(Transport::Tls, "192.0.2.1", 5071));
  EXPECT_EQ(zone.asked.front(), (Question{Type::Address, "a.example"}));
  EXPECT_EQ(zone.asked.size(), 2U);
}

TEST(Locate, Rfc3263_4_1_NaptrChoosesTheTransportAndSrvTheServers) {
  Zone zone{{
      {{Type::Naptr, "a.example"},
       {.naptr = {{90, 50, "s", "SIP+D2U", "_sip._udp.a.example"},
                  {50, 50, "s", "SIP+D2T", "tcp.elsewhere.example"},
                  {10, 50, "s", "E2U+sip", "nobody.example"},
                  {10, 50, "u", "SIP+D2U", "nobody.example"}}}},
      {{Type::Srv, "tcp.elsewhere.example"},
       {.srv = {{20, 0, 5071, "b.example"}, {10, 0, 5070, "c.example"}}}},
      {{Type::Srv, "_sip._udp.a.example"}, {.srv = {{1, 0, 5072, "c.example"}}}},
      {{Type::Address, "b.example"}, {.addresses = {ip("192.0.2.2")}}},
      {{Type::Address, "c.example"}, {.addresses = {ip("192.0.2.3")}}},
  }};

  EXPECT_EQ(zone.find({"a.example"}),
            (Locations{at(Transport::Tcp, "192.0.2.3", 5070), at(Transport::Tcp, "192.0.2.2", 5071),
                       at(Transport::Udp, "192.0.2.3", 5072)}));
}

TEST(Locate, Rfc3263_4_1_ASipsUriGoesOnlyByTls) {
  Zone zone{{
      {{Type::Naptr, "a.example"},
       {.naptr = {{10, 0, "s", "SIP+D2U", "u.example"}, {20, 0, "S", "sips+d2t", "t.example"}}}},
      {{Type::Srv, "t.example"}, {.srv = {{1, 0, 5061, "b.example"}}}},
      {{Type::Address, "b.example"}, {.addresses = {ip("192.0.2.2")}}},
  }};

  EXPECT_EQ(zone.find({.host = "a.example", .sips = true}),
            (Locations{at(Transport::Tls, "192.0.2.2", 5061)}));
  EXPECT_EQ(zone.find({.host = "a.example", .sips = true}, {Transport::Udp}), Locations{});
}

TEST(Locate, Rfc3263_4_2_WithoutNaptrEachTransportsServiceIsAskedFor) {
  Zone zone{{
      {{Type::Srv, "_sip._tcp.a.example"}, {.srv = {{1, 0, 5070, "b.example"}}}},
      {{Type::Address, "b.example"}, {.addresses = {ip("192.0.2.2")}}},
  }};

  EXPECT_EQ(zone.find({"a.example"}), (Locations{at(Transport::Tcp, "192.0.2.2", 5070)}));

  EXPECT_EQ(zone.asked, (Questions{{Type::Naptr, "a.example"},
                                   {Type::Srv, "_sip._udp.a.example"},
                                   {Type::Srv, "_sip._tcp.a.example"},
                                   {Type::Srv, "_sips._tcp.a.example"},
                                   {Type::Address, "b.example"}}));
}

TEST(Locate, Rfc3263_4_2_ANamedTransportAsksForItsServiceOnly) {
  Zone zone{{{{Type::Address, "a.example"}, {.addresses = {ip("192.0.2.1")}}}}};

  EXPECT_EQ(zone.find({"a.example", 0, Transport::Tls}),
            (Locations{at(Transport::Tls, "192.0.2.1", 5061)}));

  EXPECT_EQ(zone.asked,
            (Questions{{Type::Srv, "_sips._tcp.a.example"}, {Type::Address, "a.example"}}));
}

TEST(Locate, Rfc3263_4_2_WithoutAnyRecordTheHostItselfIsTried) {
  Zone zone{{{{Type::Address, "a.example"}, {.addresses = {ip("192.0.2.1")}}}}};

  EXPECT_EQ(zone.find({"a.example"}), (Locations{at(Transport::Udp, "192.0.2.1", 5060)}));
  EXPECT_EQ(zone.find({"nowhere.example"}), Locations{});
}

TEST(Locate, Rfc2782_ATargetOfADotIsNobody) {
  Zone zone{{
      {{Type::Srv, "_sip._udp.a.example"}, {.srv = {{0, 0, 0, "."}}}},
      {{Type::Address, "a.example"}, {.addresses = {ip("192.0.2.1")}}},
  }};

  EXPECT_EQ(zone.find({"a.example", 0, Transport::Udp}), Locations{});
}

TEST(Locate, Rfc2782_WeightsShareAPriorityAndNobodyIsForgotten) {
  Answers known{{{Type::Srv, "_sip._udp.a.example"},
                 {.srv = {{1, 3, 5060, "b.example"}, {1, 1, 5060, "c.example"}}}},
                {{Type::Address, "b.example"}, {.addresses = {ip("192.0.2.2")}}},
                {{Type::Address, "c.example"}, {.addresses = {ip("192.0.2.3")}}}};
  Counting rng;
  std::map<std::string, int> first;

  for (int i = 0; i < 10'000; ++i) {
    const auto step = locate({"a.example", 0, Transport::Udp}, kAll, known, rng);
    const Locations& places = std::get<Locations>(step);
    ASSERT_EQ(places.size(), 2U);
    ++first[places.front().address.ip.to_string()];
  }

  // RFC 2782's draw runs from 0 to the sum, 4: 0 and 1 are the smaller one's.
  EXPECT_NEAR(first["192.0.2.3"], 4'000, 200);
  EXPECT_NEAR(first["192.0.2.2"], 6'000, 200);
}

// Whatever DNS answers: it ends, within bounds, with transports that we have.
RC_GTEST_PROP(LocateProperty, EndsWithinBounds, ()) {
  const auto name = [] { return rc::gen::element<std::string>("a.example", "b.example", "."); };
  Answers known;
  for (const char* host : {"a.example", "b.example", "_sip._udp.a.example", "_sip._tcp.a.example",
                           "_sips._tcp.a.example", "."}) {
    Answer answer;
    const int count = *rc::gen::inRange(0, 30);
    for (int i = 0; i < count; ++i) {
      answer.srv.push_back({static_cast<std::uint16_t>(*rc::gen::inRange(0, 3)),
                            static_cast<std::uint16_t>(*rc::gen::inRange(0, 3)), 5060, *name()});
      answer.naptr.push_back({static_cast<std::uint16_t>(*rc::gen::inRange(0, 3)), 0, "s",
                              *rc::gen::element<std::string>("SIP+D2U", "SIP+D2T", "SIPS+D2T", "x"),
                              *name()});
      answer.addresses.push_back(ip("192.0.2.1"));
      answer.addresses.back().bytes[3] = static_cast<std::uint8_t>(i);
    }
    for (const Type type : {Type::Naptr, Type::Srv, Type::Address}) known[{type, host}] = answer;
  }
  Counting rng;

  const auto step = locate({"a.example"}, {Transport::Udp}, known, rng);

  const auto* const places = std::get_if<Locations>(&step);
  RC_ASSERT(places != nullptr);
  RC_ASSERT(places->size() <= 16U);
  for (const Located& place : *places) RC_ASSERT(place.transport == Transport::Udp);
}

}  // namespace
}  // namespace sip
