#include "model/phone_kinds.h"

#include <optional>

#include <gtest/gtest.h>

namespace model {
namespace {

TEST(PhoneKinds, AreKnownByNameInAnyCase) {
  EXPECT_EQ(phone_kind_from("yealink"), PhoneKind::Yealink);
  EXPECT_EQ(phone_kind_from("FANVIL"), PhoneKind::Fanvil);
  EXPECT_EQ(phone_kind_from("yealink t46"), std::nullopt);
  EXPECT_EQ(phone_kind_from(""), std::nullopt);
}

TEST(PhoneKinds, AreKnownByWhatAPhoneCallsItself) {
  EXPECT_EQ(phone_kind_of_agent("Yealink SIP-T46U 108.86.0.20"), PhoneKind::Yealink);
  EXPECT_EQ(phone_kind_of_agent("snomD735/10.1.64.14"), PhoneKind::Snom);
  EXPECT_EQ(phone_kind_of_agent("Grandstream GXP2170 1.0.11.39"), PhoneKind::Grandstream);
  EXPECT_EQ(phone_kind_of_agent("PolycomVVX-VVX_411-UA/6.3.1"), PhoneKind::Polycom);
  EXPECT_EQ(phone_kind_of_agent("PolyVVX-VVX_450-UA/6.4"), PhoneKind::Polycom);
  EXPECT_EQ(phone_kind_of_agent("Cisco/SPA504G-7.6.2"), PhoneKind::Cisco);
  EXPECT_EQ(phone_kind_of_agent("Linphone/5.1"), PhoneKind::Other);
  EXPECT_EQ(phone_kind_of_agent(""), PhoneKind::Other);
}

}  // namespace
}  // namespace model
