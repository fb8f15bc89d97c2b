// Streams a core of the media engine: `./dev bench --media [STREAMS [SECONDS]]`.
//
// The engine runs with real sockets on loopback; one thread here sends 50 packets a second to every
// stream and throws away what comes back. What counts is the CPU time of the engine's own threads,
// read from /proc: streams / (CPU seconds a second) is what one core carries.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/address.h"
#include "facts/media.h"
#include "media/codec.h"
#include "media/engine.h"
#include "media/settings.h"
#include "media/tone.h"
#include "net/socket_address.h"
#include "rtp/packet.h"
#include "rtp/srtp.h"

namespace {

using facts::Codec;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kFirstPort = 20'000;

struct Scenario {
  const char* what;
  bool talks = true, joined = false, music = false, srtp = false, record = false;
  Codec codec = Codec::Pcma;
  Codec other = Codec::Pcma;  // of every second stream
};
constexpr std::array kScenarios{
    Scenario{.what = "relay, PCMA", .joined = true},
    Scenario{.what = "relay, PCMA, SRTP on both legs", .joined = true, .srtp = true},
    Scenario{.what = "relay, PCMA, stereo recording of each call", .joined = true, .record = true},
    Scenario{.what = "receive and record, PCMA, mono", .record = true},
    Scenario{.what = "music, PCMA", .talks = false, .music = true},
    Scenario{.what = "music, Opus",
             .talks = false,
             .music = true,
             .codec = Codec::Opus,
             .other = Codec::Opus},
    Scenario{.what = "PCMA joined with G.722", .joined = true, .other = Codec::G722},
    Scenario{.what = "PCMA joined with Opus", .joined = true, .other = Codec::Opus},
};

std::uint8_t number_of(Codec codec) {
  constexpr std::array<std::uint8_t, 4> kNumbers{0, 8, 9, 111};
  return kNumbers[static_cast<std::size_t>(codec)];
}
base::Address local(std::size_t port) {
  base::Address address = base::Address::parse("127.0.0.1").value_or(base::Address{});
  address.port = static_cast<std::uint16_t>(port);
  return address;
}

// CPU seconds that the engine's threads used so far, or those of one name.
double cpu_seconds(const std::string& name = "(media") {
  double sum = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "stat");
    const std::string line((std::istreambuf_iterator<char>(file)), {});
    if (line.find(name) == std::string::npos) continue;
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    const std::vector<std::string> values((std::istream_iterator<std::string>(fields)), {});
    sum += std::stod(values[11]) + std::stod(values[12]);
  }
  return sum / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// One peer of one stream: its next packet.
struct Peer {
  std::uint16_t sequence = 1;
  std::uint32_t time = 0;
  std::unique_ptr<rtp::SrtpSender> srtp;
  std::array<std::uint8_t, 400> bytes{};
};

class Run {
 public:
  Run(const Scenario& scenario, std::size_t streams) : scenario_(scenario), peers_(streams) {
    socket_ = net::Descriptor(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const auto [address, size] = net::to_kernel(local(0));
    if (bind(socket_.get(), net::name_of(address), size) != 0) std::abort();
    folder_ =
        std::filesystem::temp_directory_path() / ("harrier-bench-" + std::to_string(getpid()));
    media::Settings settings;
    settings.media_folder = folder_.string();
    settings.sounds = media::usual_folders("/nonexistent");
    auto engine = media::Engine::start(
        std::move(settings), [](const facts::MediaEvent&) {},
        [](const media::Note& note) {
          (void)std::fprintf(stderr, "%s %s\n", note.event.c_str(), note.text.c_str());
        });
    if (!engine) std::abort();
    engine_ = std::move(*engine);
    for (const Codec codec : {scenario.codec, scenario.other}) encode(codec);
    connect();
  }
  ~Run() {
    engine_.reset();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // CPU seconds a second of the engine.
  double measure(int seconds) {
    // Music is encoded once, at the beginning: that is not counted.
    for (double last = -1; cpu_seconds("(media-sounds)") - last > 0.05;) {
      last = cpu_seconds("(media-sounds)");
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    const int warm_up = 100;
    double before = 0;
    Clock::time_point begin;
    Clock::time_point due = Clock::now();
    for (int tick = 0; tick < seconds * 50 + warm_up;
         ++tick, due += std::chrono::milliseconds(20)) {
      if (tick == warm_up) {
        before = cpu_seconds();
        begin = Clock::now();
      }
      if (scenario_.talks) talk(due);
      std::this_thread::sleep_until(due);
    }
    const double took = std::chrono::duration<double>(Clock::now() - begin).count();
    return (cpu_seconds() - before) / took;
  }
  [[nodiscard]] media::Figures figures() const { return engine_->figures(); }

 private:
  [[nodiscard]] Codec codec_of(std::size_t i) const {
    return i % 2 == 0 ? scenario_.codec : scenario_.other;
  }
  static std::array<std::uint8_t, 30> key() { return {1, 2, 3}; }
  // One frame of a tone, sent again and again.
  void encode(Codec codec) {
    const media::Rate rate = media::rate_of(codec);
    std::vector<std::int16_t> pcm(media::frame_samples(rate));
    media::ToneMaker(rate == media::Rate::Wide ? 16'000 : 8'000).fill({400, 0, 0}, pcm);
    std::array<std::uint8_t, media::kFrameBytesMax> bytes{};
    const std::size_t size = media::Encoder::make(codec, rate)->encode(pcm, bytes);
    frames_[static_cast<std::size_t>(codec)].assign(bytes.begin(), bytes.begin() + size);
  }
  void connect() {
    std::vector<facts::MediaCommand> commands;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      const auto stream = static_cast<facts::StreamId>(i + 1);
      commands.emplace_back(facts::OpenStream{stream, "bench", local(kFirstPort + 2 * i)});
      facts::SetStream set;
      set.stream = stream;
      set.remote = net::local_of(socket_.get());
      set.remote_rtcp = local(9);
      set.signalled_from = set.remote.ip;
      set.payloads = {{number_of(codec_of(i)), codec_of(i)}};
      if (scenario_.srtp) {
        const auto bytes = key();
        set.send_key = facts::SrtpKey{.suite = facts::SrtpSuite::AesCm128HmacSha1_80,
                                      .key_and_salt = {bytes.begin(), bytes.end()}};
        set.receive_key = set.send_key;
        peers_[i].srtp =
            std::make_unique<rtp::SrtpSender>(rtp::SrtpSuite::AesCm128HmacSha1_80, bytes);
      }
      commands.emplace_back(set);
      if (scenario_.music) {
        facts::PlaySounds play{stream, static_cast<facts::SoundId>(i + 1), {}, true};
        play.sounds.push_back({.name = "music/default", .tone = {}, .silence = {}});
        commands.emplace_back(play);
      }
      if (i % 2 == 0) continue;
      const auto partner = static_cast<facts::StreamId>(i);
      if (scenario_.joined) commands.emplace_back(facts::JoinStreams{partner, stream});
      if (!scenario_.record) continue;
      facts::StartRecording record;
      record.stream = stream;
      record.file = std::to_string(i) + ".wav";
      record.recording = static_cast<facts::SoundId>(i);
      if (scenario_.joined) {
        record.partner = partner;
      } else {
        commands.emplace_back(record);
        record.stream = partner;
        record.file = std::to_string(i) + "b.wav";
        record.recording = static_cast<facts::SoundId>(i + 1);
      }
      commands.emplace_back(record);
    }
    (void)engine_->submit(std::move(commands));
  }
  // A packet to each stream, spread over the 20 ms.
  void talk(Clock::time_point begin) {
    constexpr std::size_t kBatch = 50;
    for (std::size_t first = 0; first < peers_.size(); first += kBatch) {
      const std::size_t count = std::min(kBatch, peers_.size() - first);
      std::array<mmsghdr, kBatch> messages{};
      std::array<iovec, kBatch> pieces{};
      std::array<std::pair<sockaddr_storage, socklen_t>, kBatch> addresses;
      for (std::size_t i = 0; i < count; ++i) {
        pieces[i] = {peers_[first + i].bytes.data(), make_packet(first + i)};
        addresses[i] = net::to_kernel(local(kFirstPort + 2 * (first + i)));
        messages[i].msg_hdr.msg_name = &addresses[i].first;
        messages[i].msg_hdr.msg_namelen = addresses[i].second;
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
      }
      (void)sendmmsg(socket_.get(), messages.data(), static_cast<unsigned>(count), 0);
      std::this_thread::sleep_until(begin +
                                    std::chrono::microseconds(19'000 * first / peers_.size()));
    }
  }
  std::size_t make_packet(std::size_t i) {
    Peer& peer = peers_[i];
    const Codec codec = codec_of(i);
    const auto& frame = frames_[static_cast<std::size_t>(codec)];
    rtp::write_header({.payload_type = number_of(codec),
                       .marker = false,
                       .sequence = peer.sequence++,
                       .timestamp = peer.time += media::clock_hz(codec) / 50,
                       .ssrc = static_cast<std::uint32_t>(i)},
                      peer.bytes);
    std::copy(frame.begin(), frame.end(), peer.bytes.begin() + rtp::kHeaderBytes);
    const std::size_t length = rtp::kHeaderBytes + frame.size();
    if (peer.srtp == nullptr) return length;
    const auto sealed = peer.srtp->protect(peer.bytes, length);
    return sealed ? *sealed : length;
  }

  Scenario scenario_;
  net::Descriptor socket_;
  std::filesystem::path folder_;
  std::unique_ptr<media::Engine> engine_;
  std::vector<Peer> peers_;
  std::array<std::vector<std::uint8_t>, 4> frames_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t streams = argc > 1 ? std::stoul(argv[1]) : 1'000;
  const int seconds = argc > 2 ? std::stoi(argv[2]) : 5;
  rlimit files{};
  (void)getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &files);
  std::printf(
      "| %zu streams, 50 packets/s each | CPU of the engine | streams a core | lost |\n"
      "| --- | --- | --- | --- |\n",
      streams);
  for (const Scenario& scenario : kScenarios) {
    Run run(scenario, streams);
    const double share = run.measure(seconds);
    const media::Figures figures = run.figures();
    const unsigned long long lost = figures.sends_failed + figures.blocks_lost;
    std::printf("| %s | %.1f %% | %.0f | %llu |\n", scenario.what, share * 100,
                static_cast<double>(streams) / share, lost);
    (void)std::fflush(stdout);
  }
  return 0;
}
