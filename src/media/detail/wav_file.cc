#include "media/detail/wav_file.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/result.h"
#include "net/socket_address.h"

namespace media::detail {
namespace {

constexpr std::size_t kHeaderBytes = 44;
constexpr std::uint32_t kRateHz = 8'000;
constexpr std::size_t kSampleBytes = 2;
// RIFF counts 32 bits: eighteen hours of stereo. Above, the header says as much as it can.
constexpr std::uint64_t kDataMax = 0xFFFFFFFFU - kHeaderBytes;

std::string words_of(int error) {
  return std::generic_category().message(error);
}

void put(std::span<std::uint8_t> out, std::size_t at, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    out[at + i] = static_cast<std::uint8_t>(value >> (8U * i));
  }
}
void put(std::span<std::uint8_t> out, std::size_t at, std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    out[at + i] = static_cast<std::uint8_t>(word[i]);
  }
}

std::array<std::uint8_t, kHeaderBytes> header_of(int channels, std::uint64_t data_bytes) {
  const auto data = static_cast<std::uint32_t>(data_bytes < kDataMax ? data_bytes : kDataMax);
  const auto block =
      static_cast<std::uint32_t>(channels) * static_cast<std::uint32_t>(kSampleBytes);
  std::array<std::uint8_t, kHeaderBytes> header{};
  put(header, 0, "RIFF");
  put(header, 4, data + static_cast<std::uint32_t>(kHeaderBytes) - 8, 4);
  put(header, 8, "WAVEfmt ");
  put(header, 16, 16, 4);
  put(header, 20, 1, 2);  // PCM
  put(header, 22, static_cast<std::uint32_t>(channels), 2);
  put(header, 24, kRateHz, 4);
  put(header, 28, kRateHz * block, 4);
  put(header, 32, block, 2);
  put(header, 34, 16, 2);
  put(header, 36, "data");
  put(header, 40, data, 4);
  return header;
}

// All bytes, or the error.
std::string write_all(int file, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return words_of(errno);
    if (count == 0) return "nothing was written";
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

// Makes the folders of `path`, mode 0700; those that are there stay as they are.
void make_folders(const std::string& path) {
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    (void)mkdir(path.substr(0, at).c_str(), 0700);
  }
}

// Never over a file that is there. Where the file system cannot promise that, it is looked at
// first.
std::string rename_to(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno != EINVAL && errno != ENOSYS) return words_of(errno);
  if (access(to.c_str(), F_OK) == 0) return words_of(EEXIST);
  return std::rename(from.c_str(), to.c_str()) == 0 ? std::string{} : words_of(errno);
}

}  // namespace

base::Result<WavFile, std::string> WavFile::create(const std::string& folder,
                                                   const std::string& name, int channels) {
  WavFile wav;
  wav.path_ = folder + "/" + name;
  wav.channels_ = channels;
  make_folders(wav.path_);
  if (access(wav.path_.c_str(), F_OK) == 0) return base::Unexpected{words_of(EEXIST)};
  const std::string growing = wav.path_ + std::string(kGrowing);
  wav.file_ = net::Descriptor(
      open(growing.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!wav.file_) return base::Unexpected{words_of(errno)};
  // Room for the header, so that a file of a full disk can still be made whole.
  if (std::string why = write_all(wav.file_.get(), header_of(channels, 0)); !why.empty()) {
    (void)unlink(growing.c_str());
    return base::Unexpected{std::move(why)};
  }
  return wav;
}

std::string WavFile::add(std::span<const std::int16_t> samples) {
  for (const std::int16_t sample : samples) {
    const auto bits = static_cast<std::uint16_t>(sample);
    kept_.push_back(static_cast<std::uint8_t>(bits));
    kept_.push_back(static_cast<std::uint8_t>(bits >> 8U));
  }
  const std::size_t second = kRateHz * kSampleBytes * static_cast<std::size_t>(channels_);
  return kept_.size() >= second ? flush() : std::string{};
}

std::string WavFile::flush() {
  std::string why = write_all(file_.get(), kept_);
  if (why.empty()) written_ += kept_.size();
  kept_.clear();
  return why;
}

std::string WavFile::finish() {
  std::string why = flush();
  const auto header = header_of(channels_, written_);
  // What a failed write left behind the last whole piece goes away.
  if (ftruncate(file_.get(), static_cast<off_t>(kHeaderBytes + written_)) != 0 && why.empty()) {
    why = words_of(errno);
  }
  if (pwrite(file_.get(), header.data(), header.size(), 0) != static_cast<ssize_t>(header.size()) &&
      why.empty()) {
    why = words_of(errno);
  }
  if (fdatasync(file_.get()) != 0 && why.empty()) why = words_of(errno);
  file_.reset();
  const std::string renamed = rename_to(path_ + std::string(kGrowing), path_);
  return why.empty() ? renamed : why;
}

std::uint64_t WavFile::samples() const {
  return (written_ + kept_.size()) / (kSampleBytes * static_cast<std::size_t>(channels_));
}

}  // namespace media::detail
