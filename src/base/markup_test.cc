#include "base/markup.h"

#include <gtest/gtest.h>

namespace {

TEST(Markup, NothingThatAStrangerSendsBecomesATag) {
  EXPECT_EQ(base::escaped_markup("<a href=\"x\">A&B</a>"),
            "&lt;a href=&quot;x&quot;&gt;A&amp;B&lt;/a&gt;");
}

TEST(Markup, WhatXmlForbidsIsLeftOut) {
  EXPECT_EQ(base::escaped_markup("a\x01z\tb\r\nł"), "az\tb\r\nł");
}

}  // namespace
