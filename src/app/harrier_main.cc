#include "app/backend.h"
#include "app/serve.h"
#include "cli/main.h"

int main(int argc, char** argv) {
  const cli::Program program{
      app::version(), [](const cli::ServeArguments& given) {
        return app::serve({given.config_file, given.data_folder, given.office_file});
      }};
  return cli::run(argc, argv, program);
}
