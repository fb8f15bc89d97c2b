#pragma once
// A WAV file that grows: made with mode 0600 under another name, renamed when it is whole.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/socket_address.h"

namespace media::detail {

// What is put behind its name while it grows.
inline constexpr std::string_view kGrowing = ".part";

class WavFile final {
 public:
  // `name` is relative to `folder` and safe (sound_names.h); folders on the way are made with mode
  // 0700. The failure is the system's word for it.
  [[nodiscard]] static base::Result<WavFile, std::string> create(const std::string& folder,
                                                                 const std::string& name,
                                                                 int channels);
  WavFile(WavFile&&) noexcept = default;
  WavFile& operator=(WavFile&&) noexcept = default;

  // Interleaved samples; kept until a second of sound is together. An empty string is success.
  [[nodiscard]] std::string add(std::span<const std::int16_t> samples);
  // Writes what is kept and the header, syncs and renames. To be called once, also after a failure:
  // then what is there is made a whole file.
  [[nodiscard]] std::string finish();
  // Samples of each channel that are in the file, or kept for it.
  [[nodiscard]] std::uint64_t samples() const;

 private:
  WavFile() = default;
  [[nodiscard]] std::string flush();

  net::Descriptor file_;
  std::string path_;  // of the whole file
  int channels_ = 1;
  std::vector<std::uint8_t> kept_;
  std::uint64_t written_ = 0;  // bytes of samples
};

}  // namespace media::detail
