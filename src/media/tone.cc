#include "media/tone.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "facts/media.h"

namespace media {
namespace {

constexpr double kAmplitude = 5'500;  // of each frequency; two together stay at -10 dBm0

double next_sample(double& phase, int hz, int rate_hz) {
  if (hz == 0) return 0;
  const double value = std::sin(phase) * kAmplitude;
  phase = std::fmod(phase + 2 * std::numbers::pi * hz / rate_hz, 2 * std::numbers::pi);
  return value;
}

}  // namespace

std::vector<ToneStep> steps_of(facts::Tone tone) {
  constexpr int kHz = 425;
  switch (tone) {
    case facts::Tone::Ringback:
      return {{kHz, 0, 1'000}, {0, 0, 4'000}};
    case facts::Tone::Busy:
      return {{kHz, 0, 500}, {0, 0, 500}};
    case facts::Tone::Congestion:
      return {{kHz, 0, 260}, {0, 0, 240}};
    case facts::Tone::Beep:
      break;
  }
  return {{1'000, 0, 300}, {0, 0, 40}};
}

std::vector<ToneStep> missing_sound() {
  return {{440, 0, 160}, {0, 0, 80}, {350, 0, 240}, {0, 0, 1'520}};
}

ToneStep step_of(char digit, int ms) {
  constexpr std::string_view kKeys = "123A456B789C*0#D";
  constexpr std::array<int, 4> kRows{697, 770, 852, 941};
  constexpr std::array<int, 4> kColumns{1'209, 1'336, 1'477, 1'633};
  const std::size_t at = kKeys.find(digit);
  ASSERT(at != std::string_view::npos);
  return {kRows[at / 4], kColumns[at % 4], ms};
}

void ToneMaker::fill(const ToneStep& step, std::span<std::int16_t> out) {
  for (std::int16_t& sample : out) {
    const double value = next_sample(first_phase_, step.first_hz, rate_hz_) +
                         next_sample(second_phase_, step.second_hz, rate_hz_);
    sample = static_cast<std::int16_t>(value);
  }
}

std::vector<std::int16_t> pcm_of(std::span<const ToneStep> steps, int rate_hz) {
  std::vector<std::int16_t> pcm;
  for (const ToneStep& step : steps) {
    ToneMaker maker(rate_hz);
    const std::size_t begin = pcm.size();
    pcm.resize(begin +
               static_cast<std::size_t>(step.ms) * static_cast<std::size_t>(rate_hz) / 1'000);
    maker.fill(step, std::span(pcm).subspan(begin));
  }
  return pcm;
}

}  // namespace media
