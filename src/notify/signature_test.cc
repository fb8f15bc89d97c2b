#include "notify/signature.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/base64.h"

namespace notify {
namespace {

// The example of the specification of Standard Webhooks: key, id, time, body and signature.
TEST(Signature, IsThatOfTheSpecification) {
  const auto key = base::from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key);

  EXPECT_EQ(
      signature_of(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1'614'265'330, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, EveryKeySigns) {
  const std::vector<std::string> headers = signed_headers({"one", "two"}, "id", 7, "{}");

  EXPECT_EQ(headers,
            (std::vector<std::string>{"webhook-id: id", "webhook-timestamp: 7",
                                      "webhook-signature: " + signature_of("one", "id", 7, "{}") +
                                          " " + signature_of("two", "id", 7, "{}")}));
}

}  // namespace
}  // namespace notify
