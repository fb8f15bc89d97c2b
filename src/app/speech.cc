#include "app/speech.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/result.h"
#include "config/file.h"

namespace app {
namespace {

constexpr const char* kProgram = "espeak-ng";
constexpr std::chrono::seconds kSpeakLimit{10};
constexpr const char* kWordsAMinute = "160";

const char* voice_of(std::string_view language) {
  if (language == "pl") return "pl";
  return language == "es" ? "es" : "en-gb";
}

// A file that goes away again.
class Meanwhile final {
 public:
  explicit Meanwhile(std::string path) : path_(std::move(path)) {}
  Meanwhile(const Meanwhile&) = delete;
  Meanwhile& operator=(const Meanwhile&) = delete;
  ~Meanwhile() {
    std::error_code error;
    std::filesystem::remove(path_, error);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool write(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  if (file == nullptr) return false;
  const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && whole;
}

// Files and signals of the child: nothing of ours.
struct Spawning final {
  Spawning() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
    sigset_t none{};
    ::sigemptyset(&none);
    ::posix_spawnattr_init(&how);
    ::posix_spawnattr_setsigmask(&how, &none);
    ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    ::posix_spawnattr_destroy(&how);
    ::posix_spawn_file_actions_destroy(&files);
  }

  posix_spawn_file_actions_t files{};
  posix_spawnattr_t how{};
};

base::Result<pid_t, SpeechTrouble> start(const std::string& text, const std::string& sound,
                                         const char* voice) {
  // The text is in a file, so that none of it is taken for an option.
  std::array<std::string, 11> words{kProgram, "-v", voice, "-s", kWordsAMinute, "-b",
                                    "1",      "-f", text,  "-w", sound};
  std::array<char*, words.size() + 1> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments.at(i) = words.at(i).data();
  std::string path = "PATH=/usr/bin:/bin";
  std::array<char*, 2> environment{path.data(), nullptr};
  const Spawning spawning;
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, kProgram, &spawning.files, &spawning.how,
                                   arguments.data(), environment.data());
  if (error == 0) return child;
  return base::Unexpected{error == ENOENT ? SpeechTrouble::NotInstalled : SpeechTrouble::Failed};
}

// True when `child` has ended within `limit`: its descriptor becomes readable then.
bool ends_within(pid_t child, std::chrono::milliseconds limit) {
  const long opened = ::syscall(SYS_pidfd_open, child, 0);
  if (opened < 0) return false;
  pollfd end{.fd = static_cast<int>(opened), .events = POLLIN, .revents = 0};
  const auto until = std::chrono::steady_clock::now() + limit;
  int ready = -1;
  do {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    ready = ::poll(&end, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  } while (ready < 0 && errno == EINTR);
  ::close(end.fd);
  return ready > 0;
}

base::Result<bool, SpeechTrouble> wait_for(pid_t child) {
  const bool ended = ends_within(child, kSpeakLimit);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)  // NOLINT(misc-include-cleaner)
    if (errno != EINTR) return base::Unexpected{SpeechTrouble::Failed};
  if (!ended) return base::Unexpected{SpeechTrouble::Slow};
  // <sys/wait.h> has them from headers of its own.  NOLINTNEXTLINE(misc-include-cleaner)
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  return base::Unexpected{SpeechTrouble::Failed};
}

}  // namespace

base::Result<std::string, SpeechTrouble> speak(const std::string& folder, std::string_view text,
                                               std::string_view language) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const Meanwhile written(folder + "/speech.txt");
  const Meanwhile spoken(folder + "/speech.wav");
  if (!write(written.path(), text)) return base::Unexpected{SpeechTrouble::Failed};
  const auto child = start(written.path(), spoken.path(), voice_of(language));
  if (!child) return base::Unexpected{child.error()};
  if (const auto ended = wait_for(*child); !ended) return base::Unexpected{ended.error()};
  auto sound = config::read_file(spoken.path());
  if (!sound.has_value()) return base::Unexpected{SpeechTrouble::Failed};
  return *std::move(sound);
}

}  // namespace app
