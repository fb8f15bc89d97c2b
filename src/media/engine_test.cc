// The engine with its threads and real sockets on loopback.

#include "media/engine.h"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <sys/poll.h>
#include <sys/socket.h>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/recording_writer.h"
#include "media/settings.h"
#include "media/testing/phone.h"
#include "media/testing/rig.h"
#include "media/testing/signal.h"
#include "net/clock.h"
#include "net/socket_address.h"

namespace media {
namespace {

using facts::Codec;
using testing::Phone;

constexpr int kPatienceMs = 20'000;  // of a test on a busy machine; what is tested takes far less

base::Address loopback(std::uint16_t port = 0) {
  base::Address address = base::Address::parse("127.0.0.1:0").value_or(base::Address{});
  address.port = port;
  return address;
}

net::Descriptor bound(const base::Address& local) {
  net::Descriptor made(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto [address, size] = net::to_kernel(local);
  if (bind(made.get(), net::name_of(address), size) != 0) return {};
  return made;
}

// An even port that was free a moment ago, with the one above.
base::Address free_pair() {
  for (;;) {
    const net::Descriptor first = bound(loopback());
    const base::Address at = net::local_of(first.get());
    if (at.port % 2 != 0) continue;
    base::Address above = at;
    above.port = static_cast<std::uint16_t>(at.port + 1);
    if (const net::Descriptor second = bound(above)) return at;
  }
}

// A phone with a socket.
struct Caller {
  explicit Caller(Codec codec, double hz) {
    socket = bound(loopback());
    phone = std::make_unique<Phone>(net::local_of(socket.get()).to_string(), codec, hz);
  }
  void talk(const base::Address& to) {
    const auto bytes = phone->talk();
    const auto [address, size] = net::to_kernel(to);
    (void)sendto(socket.get(), bytes.data(), bytes.size(), 0, net::name_of(address), size);
  }
  void listen() {
    std::array<std::uint8_t, 2'048> buffer{};
    for (;;) {
      const ssize_t size = recv(socket.get(), buffer.data(), buffer.size(), 0);
      if (size < 0) return;
      phone->receive(std::span(buffer).first(static_cast<std::size_t>(size)),
                     net::read_clocks().at);
    }
  }
  net::Descriptor socket;
  std::unique_ptr<Phone> phone;
};

struct Heard {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<facts::MediaEvent> events;
  Events sink() {
    return [this](facts::MediaEvent event) {
      const std::lock_guard lock(mutex);
      events.push_back(std::move(event));
      changed.notify_all();
    };
  }
  template <class T>
  T wait_for() {
    std::unique_lock lock(mutex);
    std::optional<T> found;
    changed.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [&] {
      for (const facts::MediaEvent& event : events) {
        if (const T* const one = std::get_if<T>(&event)) found = *one;
      }
      return found.has_value();
    });
    EXPECT_TRUE(found.has_value());
    return found.value_or(T{});
  }
};

Settings settings_in(const testing::TemporaryFolder& folder) {
  Settings settings;
  settings.media_folder = folder.path() + "/media";
  settings.sounds = {{"", folder.path() + "/sounds"}};
  return settings;
}

// Both talk every 20 ms until `done`.
template <class F>
bool talk_until(Caller& a, const base::Address& to_a, Caller& b, const base::Address& to_b,
                F done) {
  for (int ms = 0; ms < kPatienceMs; ms += 20) {
    a.talk(to_a);
    b.talk(to_b);
    (void)poll(nullptr, 0, 20);
    a.listen();
    b.listen();
    if (done()) return true;
  }
  return false;
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Engine, TwoPhonesOnRealSocketsHearEachOtherAndAreRecorded) {
  const testing::TemporaryFolder folder;
  Heard heard;
  auto engine = Engine::start(settings_in(folder), heard.sink(), [](const Note&) {});
  ASSERT_TRUE(engine);
  Caller alice(Codec::Pcma, 400), ben(Codec::G722, 700);
  const base::Address a = free_pair(), b = free_pair();
  const facts::StreamId one{1}, two{2};
  facts::StartRecording record;
  record.recording = facts::SoundId{9};
  record.stream = one;
  record.partner = two;
  record.file = "x.wav";

  EXPECT_TRUE((*engine)->submit({facts::OpenStream{one, "c", a}, facts::OpenStream{two, "c", b},
                                 testing::Rig::agreement(one, *alice.phone),
                                 testing::Rig::agreement(two, *ben.phone),
                                 facts::JoinStreams{one, two}, record}));

  EXPECT_TRUE(talk_until(alice, a, ben, b,
                         [&] { return alice.phone->hears(700) && ben.phone->hears(400); }));
  EXPECT_TRUE((*engine)->submit({facts::CloseStream{one}, facts::CloseStream{two}}));
  const auto ended = heard.wait_for<facts::RecordingEnded>();
  EXPECT_EQ(ended.why, facts::RecordingEnd::Closed);
  const auto sounded = testing::read_sound(folder.path() + "/media/x.wav");
  const auto left = sounded.channel(0);
  ASSERT_GT(left.size(), 2'000U);
  EXPECT_TRUE(testing::is_tone(std::span(left).last(2'000), 400));
  engine->reset();
  // The ports are free again.
  EXPECT_TRUE(bound(a));
  EXPECT_TRUE(bound(b));
}

TEST(Engine, APromptIsPlayedAndItsEndTold) {
  const testing::TemporaryFolder folder;
  testing::write_sound(folder.path() + "/sounds/p.wav", testing::sine(600, 8'000, 600), 8'000);
  Heard heard;
  auto engine = Engine::start(settings_in(folder), heard.sink(), [](const Note&) {});
  ASSERT_TRUE(engine);
  const Caller alice(Codec::Opus, 400);
  const facts::StreamId one{1};

  EXPECT_TRUE((*engine)->submit(
      {facts::OpenStream{one, "c", free_pair()}, testing::Rig::agreement(one, *alice.phone),
       facts::PlaySounds{
           one, facts::SoundId{5}, {{.name = "p", .tone = {}, .silence = {}}}, false}}));

  const auto ended = heard.wait_for<facts::PlayEnded>();
  EXPECT_FALSE(ended.failed);
}

TEST(Engine, APortThatIsTakenIsAStreamThatFailed) {
  const testing::TemporaryFolder folder;
  const base::Address at = free_pair();
  const net::Descriptor taken = bound(at);
  Heard heard;
  auto engine = Engine::start(settings_in(folder), heard.sink(), [](const Note&) {});
  ASSERT_TRUE(engine);

  EXPECT_TRUE((*engine)->submit({facts::OpenStream{facts::StreamId{1}, "c", at}}));

  const auto failed = heard.wait_for<facts::StreamFailed>();
  EXPECT_NE(failed.why.find("in use"), std::string::npos) << failed.why;
}

TEST(Engine, StoppingItClosesWhatIsRecorded) {
  const testing::TemporaryFolder folder;
  Heard heard;
  {
    auto engine = Engine::start(settings_in(folder), heard.sink(), [](const Note&) {});
    ASSERT_TRUE(engine);
    facts::StartRecording record;
    record.recording = facts::SoundId{9};
    record.stream = facts::StreamId{1};
    record.file = "x.wav";
    EXPECT_TRUE(
        (*engine)->submit({facts::OpenStream{facts::StreamId{1}, "c", free_pair()}, record}));
  }

  const auto ended = heard.wait_for<facts::RecordingEnded>();
  EXPECT_EQ(ended.why, facts::RecordingEnd::Closed);
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Engine, AFullQueueRefusesWhatBeginsAndTakesWhatEnds) {
  const testing::TemporaryFolder folder;
  Heard heard;
  // The media thread stands still inside its first event until we let it go on.
  std::mutex gate;
  std::unique_lock hold(gate);
  const Events sink = heard.sink();
  std::atomic<int> told{0};
  auto engine = Engine::start(
      settings_in(folder),
      [&](facts::MediaEvent event) {
        const bool first = told.fetch_add(1) == 0;
        if (first) const std::lock_guard wait(gate);
        sink(std::move(event));
      },
      [](const Note&) {});
  ASSERT_TRUE(engine);
  facts::StartRecording record;
  record.recording = facts::SoundId{1};
  EXPECT_TRUE((*engine)->submit({record}));  // of no stream: fails, and the thread waits
  while (told.load() == 0) (void)poll(nullptr, 0, 1);

  std::vector<facts::MediaCommand> many(Engine::kCommandsMax,
                                        facts::SendDigit{facts::StreamId{7}, '1', {}});
  EXPECT_TRUE((*engine)->submit(std::move(many)));
  EXPECT_FALSE((*engine)->submit({facts::OpenStream{facts::StreamId{2}, "c", loopback(9)}}));
  EXPECT_TRUE((*engine)->submit({facts::CloseStream{facts::StreamId{2}}}));
  hold.unlock();

  EXPECT_EQ(heard.wait_for<facts::StreamFailed>().stream, facts::StreamId{2});
  EXPECT_EQ((*engine)->figures().commands_refused, 1U);
}

}  // namespace
}  // namespace media
