#include "app/sound.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "base/result.h"
#include "facts/media.h"
#include "media/engine.h"
#include "media/settings.h"
#include "net/clock.h"
#include "obs/log.h"
#include "obs/observer.h"

namespace app {
namespace {

obs::Level level_of(media::Level level) {
  switch (level) {
    case media::Level::Debug:
      return obs::Level::Debug;
    case media::Level::Info:
      return obs::Level::Info;
    case media::Level::Warning:
      return obs::Level::Warn;
    case media::Level::Error:
      return obs::Level::Error;
  }
  return obs::Level::Info;
}

}  // namespace

base::Result<std::unique_ptr<media::Engine>, std::string> start_sound(
    const std::string& data_folder, const std::string& media_folder, obs::Observer& observer,
    std::function<void(const facts::MediaEvent&)> events) {
  media::Settings settings;
  settings.media_folder = media_folder;
  for (const char* own : {"messages/", "greetings/"})
    settings.sounds.push_back({own, media_folder + "/" + own});
  for (auto& folder : media::usual_folders(data_folder + "/sounds"))
    settings.sounds.push_back(std::move(folder));
  settings.sounds.push_back({"", data_folder});
  // What Debian has no recording of stands beside the binary (tools/draft_prompts.py).
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string prompts = binary.parent_path().string() + "/prompts/";
  for (const char* language : {"en/", "es/", "pl/"}) {
    settings.sounds.push_back({language, prompts + language});
  }
  return media::Engine::start(
      std::move(settings), std::move(events), [&observer](const media::Note& note) {
        obs::Line line{
            level_of(note.level), "media.note", {{"what", note.event}, {"cause", note.text}}};
        if (!note.call.empty()) line.fields.emplace_back("call", note.call);
        observer.log(line, net::read_clocks().wall);
      });
}

}  // namespace app
