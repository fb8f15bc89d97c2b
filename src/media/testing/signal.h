#pragma once
// Tests hear: how much of a sound is a sine of a given frequency, and how loud it is. And files to
// play, made on the spot.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numbers>
#include <span>
#include <string>
#include <unistd.h>
#include <vector>

#include <sndfile.h>

namespace media::testing {

// pcm: int16 mono at `rate_hz`.
inline std::vector<std::int16_t> sine(double hz, int rate_hz, int ms, double amplitude = 8'000,
                                      std::size_t from = 0) {
  std::vector<std::int16_t> pcm(static_cast<std::size_t>(rate_hz) * static_cast<std::size_t>(ms) /
                                1'000);
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const double at = static_cast<double>(from + i) * 2 * std::numbers::pi * hz / rate_hz;
    pcm[i] = static_cast<std::int16_t>(std::sin(at) * amplitude);
  }
  return pcm;
}

// The root of the mean square.
inline double loudness(std::span<const std::int16_t> pcm) {
  double sum = 0;
  for (const std::int16_t sample : pcm) sum += static_cast<double>(sample) * sample;
  return pcm.empty() ? 0 : std::sqrt(sum / static_cast<double>(pcm.size()));
}

// The share of the power that is at `hz`, 0 to 1 (Goertzel); 0 where it is quiet.
inline double share_of(std::span<const std::int16_t> pcm, double hz, int rate_hz) {
  if (loudness(pcm) < 50) return 0;
  double real = 0, imaginary = 0, total = 0;
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const double at = static_cast<double>(i) * 2 * std::numbers::pi * hz / rate_hz;
    real += std::cos(at) * pcm[i];
    imaginary += std::sin(at) * pcm[i];
    total += static_cast<double>(pcm[i]) * pcm[i];
  }
  return 2 * (real * real + imaginary * imaginary) / (total * static_cast<double>(pcm.size()));
}
inline bool is_tone(std::span<const std::int16_t> pcm, double hz, int rate_hz = 8'000) {
  return share_of(pcm, hz, rate_hz) > 0.8;
}

// A folder that goes away with the test.
class TemporaryFolder final {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "harrier-media-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Writes interleaved samples as `format` of libsndfile; makes folders.
inline void write_sound(const std::string& path, std::span<const std::int16_t> pcm, int rate_hz,
                        int channels = 1, int format = SF_FORMAT_WAV | SF_FORMAT_PCM_16) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  SF_INFO about{};
  about.samplerate = rate_hz;
  about.channels = channels;
  about.format = format;
  SNDFILE* const file = sf_open(path.c_str(), SFM_WRITE, &about);
  if (file == nullptr) return;
  (void)sf_write_short(file, pcm.data(), static_cast<sf_count_t>(pcm.size()));
  (void)sf_close(file);
}

struct Sounded {
  int rate_hz = 0, channels = 0;
  std::vector<std::int16_t> pcm;
  // One channel of it.
  [[nodiscard]] std::vector<std::int16_t> channel(std::size_t which) const {
    std::vector<std::int16_t> one;
    for (std::size_t i = which; i < pcm.size(); i += static_cast<std::size_t>(channels)) {
      one.push_back(pcm[i]);
    }
    return one;
  }
};
inline Sounded read_sound(const std::string& path) {
  SF_INFO about{};
  SNDFILE* const file = sf_open(path.c_str(), SFM_READ, &about);
  if (file == nullptr) return {};
  Sounded sounded{.rate_hz = about.samplerate, .channels = about.channels, .pcm = {}};
  sounded.pcm.resize(static_cast<std::size_t>(about.frames * about.channels));
  (void)sf_read_short(file, sounded.pcm.data(), static_cast<sf_count_t>(sounded.pcm.size()));
  (void)sf_close(file);
  return sounded;
}

}  // namespace media::testing
