#pragma once
// The service manager that started this program (systemd), if there is one.

namespace app {

// Sends it a state as sd_notify does ("READY=1"). Without a service manager nothing happens.
void tell_service_manager(const char* state);

}  // namespace app
