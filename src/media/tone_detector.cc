#include "media/tone_detector.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <spandsp.h>

#include "base/assert.h"

namespace media {

struct ToneDetector::State {
  dtmf_rx_state_t* detector = dtmf_rx_init(nullptr, nullptr, nullptr);
};

ToneDetector::ToneDetector() : state_(std::make_unique<State>()) {
  ASSERT(state_->detector != nullptr);
}
ToneDetector::~ToneDetector() {
  (void)dtmf_rx_free(state_->detector);
}

std::string ToneDetector::listen(std::span<const std::int16_t> pcm) {
  (void)dtmf_rx(state_->detector, pcm.data(), static_cast<int>(pcm.size()));
  std::array<char, 33> digits{};  // 32 and the zero that it appends
  const std::size_t count = dtmf_rx_get(state_->detector, digits.data(), 32);
  return {digits.data(), count};
}

}  // namespace media
