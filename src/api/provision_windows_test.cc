#include "api/provision_windows.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace api {
namespace {

constexpr base::WallTime kNow{1'000'000};

TEST(ProvisionWindows, OfTwoWhoLookAtTheSameTimeOneTakes) {
  ProvisionWindows windows;
  ProvisionWindow window;
  window.user_id = "u1";
  window.expires = {2'000'000};
  const auto secret = windows.open(window, kNow);
  ASSERT_TRUE(secret.has_value());
  ASSERT_TRUE(windows.look(*secret, "192.0.2.1", kNow).has_value());
  ASSERT_TRUE(windows.look(*secret, "192.0.2.2", kNow).has_value());

  EXPECT_TRUE(windows.take(*secret, "192.0.2.1", kNow));

  EXPECT_FALSE(windows.take(*secret, "192.0.2.2", kNow));
  EXPECT_TRUE(windows.take(*secret, "192.0.2.1", {kNow.unix_ms + 1'000}));
  EXPECT_FALSE(windows.take(*secret, "192.0.2.1", {kNow.unix_ms + 60'000}));
}

}  // namespace
}  // namespace api
