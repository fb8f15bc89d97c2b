#pragma once
// One sound in one codec: frames of 20 ms, encoded once and sent to all who hear it.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace media {

// Filled by one thread, a second at a time, while others play what is there already. Nothing that
// was published is changed or moved.
class Track final {
 public:
  static constexpr std::size_t kChunkFrames = 50;
  static constexpr std::size_t kChunksMax = 1'800;  // 30 minutes; the rest of a file is not played

  struct Chunk {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint32_t> ends;  // of each frame in `bytes`
    void add(std::span<const std::uint8_t> frame) {
      bytes.insert(bytes.end(), frame.begin(), frame.end());
      ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    }
  };

  // ---- the filling thread ----
  // All chunks but the last have kChunkFrames frames. False: it holds no more.
  bool publish(std::unique_ptr<const Chunk> chunk) {
    const std::size_t at = filled_;
    if (at == kChunksMax) return false;
    size_bytes_ += chunk->bytes.size() + chunk->ends.size() * 4;
    const std::size_t frames = chunk->ends.size();
    chunks_[at] = std::move(chunk);
    ++filled_;
    ready_.fetch_add(frames, std::memory_order_release);
    return true;
  }
  void finish(bool failed) {
    failed_.store(failed, std::memory_order_relaxed);
    finished_.store(true, std::memory_order_release);
  }
  [[nodiscard]] std::size_t size_bytes() const { return size_bytes_ + sizeof(*this); }

  // ---- any thread ----
  // Frames that can be played now; all of them once finished() was true before.
  [[nodiscard]] std::size_t ready() const { return ready_.load(std::memory_order_acquire); }
  [[nodiscard]] bool finished() const { return finished_.load(std::memory_order_acquire); }
  // Its file could not be read to the end.
  [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }
  // REQUIRES: i < ready().
  [[nodiscard]] std::span<const std::uint8_t> frame(std::size_t i) const {
    const Chunk& chunk = *chunks_[i / kChunkFrames];
    const std::size_t at = i % kChunkFrames;
    const std::size_t begin = at == 0 ? 0 : chunk.ends[at - 1];
    return std::span(chunk.bytes).subspan(begin, chunk.ends[at] - begin);
  }

 private:
  std::array<std::unique_ptr<const Chunk>, kChunksMax> chunks_{};
  std::size_t filled_ = 0;
  std::size_t size_bytes_ = 0;
  std::atomic<std::size_t> ready_{0};
  std::atomic<bool> finished_{false}, failed_{false};
};

}  // namespace media
