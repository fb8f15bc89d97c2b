#include <string>

#include "app/backend.h"
#include "app/serve.h"
#include "app/zone.h"
#include "cli/main.h"

int main(int argc, char** argv) {
  const cli::Program program{
      .version = app::version(),
      .serve =
          [](const cli::ServeArguments& given) {
            return app::serve({given.config_file, given.data_folder, given.office_file});
          },
      .zone_trouble =
          [](const std::string& name) {
            const auto zone = app::load_zone(name);
            return zone ? std::string{} : zone.error();
          }};
  return cli::run(argc, argv, program);
}
