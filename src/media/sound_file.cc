#include "media/sound_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <samplerate.h>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <sndfile.h>

#include "base/result.h"
#include "base/time.h"
#include "media/codec.h"

namespace media {
namespace {

constexpr int kChannelsMax = 16;
constexpr int kRateMin = 1'000, kRateMax = 384'000;
constexpr std::size_t kFramesARead = 2'048;

}  // namespace

struct SoundFile::State {
  SNDFILE* file = nullptr;
  SF_INFO about{};
  SRC_STATE* resampler = nullptr;
  double ratio = 1;
  std::vector<float> read;  // interleaved, as it comes from the file
  std::vector<float> mono;  // mixed, waiting to be resampled
  std::size_t used = 0;     // of mono
  bool at_end = false, broken = false;
  std::array<float, kFramesARead> out{};

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (resampler != nullptr) (void)src_delete(resampler);
    if (file != nullptr) (void)sf_close(file);
  }
  void refill();
  std::size_t resample(std::size_t wanted);
};

// Reads the next piece and mixes its channels.
void SoundFile::State::refill() {
  const auto frames = sf_readf_float(file, read.data(), kFramesARead);
  if (frames <= 0) {
    at_end = true;
    broken = broken || sf_error(file) != SF_ERR_NO_ERROR;
  }
  const auto channels = static_cast<std::size_t>(about.channels);
  mono.clear();
  used = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max<sf_count_t>(frames, 0)); ++i) {
    float sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += read[i * channels + c];
    mono.push_back(std::isfinite(sum) ? sum / static_cast<float>(channels) : 0);
  }
}

// At most `wanted` samples into `out`; 0 at the end.
std::size_t SoundFile::State::resample(std::size_t wanted) {
  for (;;) {
    if (used == mono.size() && !at_end) refill();
    SRC_DATA step{};
    step.data_in = mono.data() + used;
    step.input_frames = static_cast<long>(mono.size() - used);
    step.data_out = out.data();
    step.output_frames = static_cast<long>(std::min(wanted, out.size()));
    step.end_of_input = at_end ? 1 : 0;
    step.src_ratio = ratio;
    if (src_process(resampler, &step) != 0) {
      broken = true;
      return 0;
    }
    used += static_cast<std::size_t>(step.input_frames_used);
    if (step.output_frames_gen > 0) return static_cast<std::size_t>(step.output_frames_gen);
    if (at_end && step.input_frames_used == 0) return 0;
  }
}

SoundFile::SoundFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
SoundFile::~SoundFile() = default;

base::Result<std::unique_ptr<SoundFile>, std::string> SoundFile::open(const std::string& path,
                                                                      Rate rate) {
  auto state = std::make_unique<State>();
  state->file = sf_open(path.c_str(), SFM_READ, &state->about);
  if (state->file == nullptr) return base::Unexpected{std::string(sf_strerror(nullptr))};
  const SF_INFO& about = state->about;
  if (about.channels < 1 || about.channels > kChannelsMax || about.samplerate < kRateMin ||
      about.samplerate > kRateMax) {
    return base::Unexpected{std::string("channels or rate out of range")};
  }
  const int hz = rate == Rate::Narrow ? 8'000 : 16'000;
  state->ratio = static_cast<double>(hz) / about.samplerate;
  int error = 0;
  state->resampler = src_new(SRC_SINC_FASTEST, 1, &error);
  if (state->resampler == nullptr || src_is_valid_ratio(state->ratio) == 0) {
    return base::Unexpected{std::string("its rate cannot be converted")};
  }
  state->read.resize(kFramesARead * static_cast<std::size_t>(about.channels));
  state->mono.reserve(kFramesARead);
  return std::unique_ptr<SoundFile>(new SoundFile(std::move(state)));
}

std::size_t SoundFile::read(std::span<std::int16_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const std::size_t count = state_->resample(out.size() - filled);
    if (count == 0) break;
    for (std::size_t i = 0; i < count; ++i) {
      const float value = std::clamp(state_->out[i], -1.0F, 1.0F) * 32'767.0F;
      out[filled++] = static_cast<std::int16_t>(std::lround(value));
    }
  }
  return filled;
}

bool SoundFile::broken() const {
  return state_->broken;
}

base::Duration SoundFile::length() const {
  return base::Duration{state_->about.frames * 1'000 / state_->about.samplerate};
}

base::Result<base::Duration, std::string> check_sound(const std::string& path) {
  TRY(const std::unique_ptr<SoundFile> file, SoundFile::open(path, Rate::Narrow));
  std::array<std::int16_t, 8'000> second{};
  std::int64_t samples = 0;
  for (;;) {
    const std::size_t count = file->read(second);
    samples += static_cast<std::int64_t>(count);
    if (count < second.size()) break;
  }
  if (file->broken()) return base::Unexpected{std::string("it cannot be read to its end")};
  if (samples == 0) return base::Unexpected{std::string("there is no sound in it")};
  return base::Duration{samples / 8};
}

}  // namespace media
