#pragma once
// Digits that are sounds: spandsp's detector behind our interface.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace media {

class ToneDetector final {
 public:
  ToneDetector();
  ~ToneDetector();
  ToneDetector(const ToneDetector&) = delete;
  ToneDetector& operator=(const ToneDetector&) = delete;
  // Digits that were heard whole. pcm: int16 mono, 8 kHz.
  [[nodiscard]] std::string listen(std::span<const std::int16_t> pcm);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace media
