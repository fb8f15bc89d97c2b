// No audio of one call is ever heard in another: calls come and go on ports that are used again at
// once, phones go on talking to ports that are no longer theirs, and whoever is connected hears its
// partner, its music, or nothing.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/rng.h"
#include "facts/media.h"
#include "media/testing/phone.h"
#include "media/testing/rig.h"
#include "media/testing/signal.h"
#include "media/worker.h"

namespace media {
namespace {

using facts::Codec;
using testing::Phone;
using testing::Rig;

constexpr double kMusicHz = 3'100;
constexpr int kPorts = 5;

// An office behind one NAT: every phone has the same address, and the SDP names a private one.
class Office {
 public:
  explicit Office(std::uint64_t seed) : random_(seed) {
    testing::write_sound(rig_.folder.path() + "/music/m.wav", testing::sine(kMusicHz, 8'000, 1'000),
                         8'000);
  }

  void step() {
    switch (base::below(random_, 6)) {
      case 0:
      case 1:
        arrive();
        break;
      case 2:
        leave();
        break;
      case 3:
        join();
        break;
      case 4:
        hold();
        break;
      default:
        agree_again();
        break;
    }
    const std::map<const Phone*, int> before = packets();
    for (int ms = 0; ms < 500; ms += 20) {
      // Those who hung up talk on for a while.
      for (const auto& ghost : ghosts_) {
        rig_.deliver(ghost->phone->at, ghost->to, ghost->phone->talk());
      }
      rig_.run(20);
    }
    if (ghosts_.size() > 6) ghosts_.erase(ghosts_.begin());
    for (const auto& leg : legs_) listen(*leg, before.at(leg->phone.get()));
  }
  void end() {
    while (!legs_.empty()) leave();
    EXPECT_TRUE(rig_.ports.empty());
    EXPECT_EQ(rig_.worker->streams(), 0U);
  }

 private:
  struct Leg {
    std::unique_ptr<Phone> phone;
    facts::StreamId stream{};
    std::uint16_t port = 0;
    Leg* partner = nullptr;
    bool music = false;
  };
  struct Ghost {
    std::unique_ptr<Phone> phone;
    base::Address to;
  };

  std::map<const Phone*, int> packets() const {
    std::map<const Phone*, int> counts;
    for (const auto& leg : legs_) counts[leg->phone.get()] = leg->phone->packets;
    return counts;
  }
  Leg* any() { return legs_.empty() ? nullptr : legs_[base::below(random_, legs_.size())].get(); }
  facts::SetStream agreement(const Leg& leg) {
    auto set = Rig::agreement(leg.stream, *leg.phone);
    if (leg.port % 4 == 0)
      set.remote = base::Address::parse("192.168.1.5:4000").value_or(base::Address{});
    return set;
  }
  void arrive() {
    std::set<std::uint16_t> free;
    for (std::uint16_t i = 0; i < kPorts; ++i)
      free.insert(static_cast<std::uint16_t>(30'000 + 2 * i));
    for (const auto& leg : legs_) free.erase(leg->port);
    if (free.empty()) return;
    ++made_;
    auto leg = std::make_unique<Leg>();
    // The port of the NAT comes again too, for another phone.
    const auto nat_port = std::to_string(61'000 + made_ % 7);
    leg->phone = std::make_unique<Phone>("198.51.100.7:" + nat_port,
                                         static_cast<Codec>(base::below(random_, 4)),
                                         300 + 130 * static_cast<double>(made_ % 20));
    leg->phone->ssrc = static_cast<std::uint32_t>(random_.next());
    leg->port = *free.begin();
    for (const auto& other : legs_) {
      if (other->phone->at == leg->phone->at) return;
    }
    std::erase_if(ghosts_, [&](const auto& ghost) { return ghost->phone->at == leg->phone->at; });
    leg->stream = rig_.connect(*leg->phone, leg->port);
    rig_.apply(agreement(*leg));
    legs_.push_back(std::move(leg));
  }
  void leave() {
    Leg* const leg = any();
    if (leg == nullptr) return;
    if (leg->partner != nullptr) leg->partner->partner = nullptr;
    rig_.hang_up(*leg->phone, leg->stream);
    ghosts_.push_back(std::make_unique<Ghost>(Ghost{std::move(leg->phone), Rig::local(leg->port)}));
    std::erase_if(legs_, [&](const auto& one) { return one.get() == leg; });
  }
  void join() {
    Leg* const a = any();
    Leg* const b = any();
    if (a == b) return;
    for (Leg* const leg : {a, b}) {
      if (leg->partner != nullptr) leg->partner->partner = nullptr;
      leg->partner = leg == a ? b : a;
      leg->music = false;
    }
    rig_.apply(facts::JoinStreams{a->stream, b->stream});
  }
  void hold() {
    Leg* const leg = any();
    if (leg == nullptr) return;
    (void)rig_.play(leg->stream, {{.name = "music/default", .tone = {}, .silence = {}}}, true);
    leg->music = true;
  }
  void agree_again() {
    Leg* const leg = any();
    if (leg == nullptr) return;
    leg->phone->codec = static_cast<Codec>(base::below(random_, 4));
    leg->phone->payloads = {{Phone::number_of(leg->phone->codec), leg->phone->codec}};
    rig_.apply(agreement(*leg));
  }
  // The tone that it is to hear; 0: none.
  static double expected(const Leg& leg) {
    if (leg.music) return kMusicHz;
    return leg.partner != nullptr ? leg.partner->phone->hz : 0;
  }
  static void listen(const Leg& leg, int packets_before) {
    if (leg.phone->packets - packets_before < 20) return;  // nothing is played to it
    const auto heard = leg.phone->last(160);
    const double wanted = expected(leg);
    for (int i = 0; i < 20; ++i) {
      const double hz = 300 + 130 * i;
      if (hz == wanted) continue;
      EXPECT_LT(testing::share_of(heard, hz, 8'000), 0.1) << hz;
    }
    EXPECT_TRUE(wanted == 0 || testing::is_tone(heard, wanted)) << wanted;
  }

  Rig rig_;
  base::SplitMix random_;
  std::vector<std::unique_ptr<Leg>> legs_;
  std::vector<std::unique_ptr<Ghost>> ghosts_;
  std::uint64_t made_ = 0;
};

TEST(Property, NoAudioOfOneCallIsHeardInAnother) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    Office office(seed);
    for (int i = 0; i < 40 && !HasFailure(); ++i) office.step();
    office.end();
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace media
