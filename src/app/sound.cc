#include "app/sound.h"

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/result.h"
#include "facts/media.h"
#include "media/engine.h"
#include "media/settings.h"
#include "media/sound_names.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/validate.h"
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

// In the order of looking: what was recorded here, uploads, what Debian's packages have, the data
// folder, and what Debian has no recording of (tools/draft_prompts.py): beside the binary, or where
// the package puts it.
std::vector<media::SoundFolder> folders_of(const std::string& data_folder,
                                           const std::string& media_folder) {
  std::vector<media::SoundFolder> folders;
  for (const char* own : {"messages/", "greetings/", "prompts/"})
    folders.push_back({own, media_folder + "/" + own});
  for (auto& folder : media::usual_folders(data_folder + "/sounds"))
    folders.push_back(std::move(folder));
  folders.push_back({"", data_folder});
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const char* place : {"/prompts/", "/../share/harrier/prompts/"}) {
    const std::string prompts = binary.parent_path().string() + place;
    for (const char* language : {"en/", "es/", "pl/"})
      folders.push_back({language, prompts + language});
  }
  return folders;
}

}  // namespace

bool sound_exists(const std::string& data_folder, const std::string& name) {
  return !media::files_of(folders_of(data_folder, data_folder + "/media"), name).empty();
}

void print_missing_sounds(const model::Office& office, const std::string& data_folder) {
  const auto exists = [&](const std::string& name) { return sound_exists(data_folder, name); };
  for (const model::Finding& finding : model::missing_sounds(office, exists))
    (void)std::fprintf(stderr, "harrier: warning: %s\n", finding.message.c_str());
}

base::Result<std::unique_ptr<media::Engine>, std::string> start_sound(
    const std::string& data_folder, const std::string& media_folder, obs::Observer& observer,
    std::function<void(const facts::MediaEvent&)> events) {
  media::Settings settings;
  settings.media_folder = media_folder;
  settings.sounds = folders_of(data_folder, media_folder);
  return media::Engine::start(
      std::move(settings), std::move(events), [&observer](const media::Note& note) {
        obs::Line line{
            level_of(note.level), "media.note", {{"what", note.event}, {"cause", note.text}}};
        if (!note.call.empty()) line.fields.emplace_back("call", note.call);
        observer.log(line, net::read_clocks().wall);
      });
}

}  // namespace app
