#include <string>

#include "app/backend.h"
#include "app/calendars.h"
#include "app/serve.h"
#include "app/sound.h"
#include "app/zone.h"
#include "cli/main.h"

int main(int argc, char** argv) {
  const cli::Program program{
      .version = app::version(),
      .serve =
          [](const cli::ServeArguments& given) {
            return app::serve({given.config_file, given.data_folder, given.office_file});
          },
      .load_zone = app::load_zone,
      .sound_exists = [](const std::string& data_folder,
                         const std::string& name) { return app::sound_exists(data_folder, name); },
      .calendar_troubles = app::missing_calendars};
  return cli::run(argc, argv, program);
}
