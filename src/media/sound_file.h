#pragma once
// Reads sound files of any format that libsndfile knows, as mono at the rate that is asked for.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "media/codec.h"

namespace media {

class SoundFile final {
 public:
  // On failure a few words in English: "no such file", what libsndfile says of a broken one.
  [[nodiscard]] static base::Result<std::unique_ptr<SoundFile>, std::string> open(
      const std::string& path, Rate rate);
  ~SoundFile();
  SoundFile(const SoundFile&) = delete;
  SoundFile& operator=(const SoundFile&) = delete;

  // Fills `out` from the front; fewer samples only at the end of the file.
  [[nodiscard]] std::size_t read(std::span<std::int16_t> out);
  // The file could not be read to its end.
  [[nodiscard]] bool broken() const;
  // As its header says.
  [[nodiscard]] base::Duration length() const;

 private:
  struct State;
  explicit SoundFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether an uploaded file can be played, and for how long: reads all of it.
[[nodiscard]] base::Result<base::Duration, std::string> check_sound(const std::string& path);

}  // namespace media
