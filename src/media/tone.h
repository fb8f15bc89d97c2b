#pragma once
// Tones of our own: call progress as Europe hears it (ITU-T E.180), the beep before a recording,
// digits in band (Q.23), and what is heard in place of a sound that is missing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "facts/media.h"

namespace media {

// One stretch: two frequencies (0: none) for a time.
struct ToneStep {
  int first_hz = 0, second_hz = 0;
  int ms = 0;
};
// One turn of a tone; to be repeated where it goes on (all but Beep).
[[nodiscard]] std::vector<ToneStep> steps_of(facts::Tone tone);
[[nodiscard]] std::vector<ToneStep> missing_sound();
// The two frequencies of a digit. REQUIRES: one of 0-9 * # A-D.
[[nodiscard]] ToneStep step_of(char digit, int ms);

// Makes samples of steps, one after another, without a click between frames.
class ToneMaker {
 public:
  explicit ToneMaker(int rate_hz) : rate_hz_(rate_hz) {}
  // Fills `out` with `step`; call again for its continuation.
  void fill(const ToneStep& step, std::span<std::int16_t> out);

 private:
  int rate_hz_;
  double first_phase_ = 0, second_phase_ = 0;
};

// pcm: int16 mono at `rate_hz`.
[[nodiscard]] std::vector<std::int16_t> pcm_of(std::span<const ToneStep> steps, int rate_hz);

}  // namespace media
