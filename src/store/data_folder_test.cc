#include "store/data_folder.h"

#include <fstream>
#include <optional>
#include <signal.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/result.h"
#include "store/secrets.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

TEST(DataFolder, ASecondServerIsToldWhoHasIt) {
  const TestFolder folder;
  const std::string path = folder.file("data/inner");
  const auto first = DataFolder::open(path);
  ASSERT_TRUE(first) << first.error();

  const auto second = DataFolder::open(path);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), "the data folder " + path + " is in use by another Harrier (pid " +
                                std::to_string(::getpid()) + ")");
}

TEST(DataFolder, Kill9FreesIt) {
  const TestFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = DataFolder::open(folder.path());
    (void)::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_TRUE(DataFolder::open(folder.path()));
}

TEST(DataFolder, SaysWhyItCannotBeMade) {
  const TestFolder folder;
  std::ofstream(folder.file("file")) << "x";

  const auto opened = DataFolder::open(folder.file("file/data"));

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(),
            "the data folder " + folder.file("file/data") + " cannot be made: Not a directory");
}

TEST(Secrets, EncryptsSoThatOnlyTheSameKeyReads) {
  const TestFolder folder;
  const auto one = Secrets::open(folder.file("key"));
  const auto again = Secrets::open(folder.file("key"));
  const auto other = Secrets::open(folder.file("other"));
  ASSERT_TRUE(one);
  ASSERT_TRUE(again);
  ASSERT_TRUE(other);

  const std::string sealed = one->encrypt("s3cret");

  EXPECT_EQ(again->decrypt(sealed), "s3cret");
  EXPECT_EQ(other->decrypt(sealed), std::nullopt);
  EXPECT_EQ(one->decrypt("AAAA"), std::nullopt);
  EXPECT_EQ(one->decrypt("not base64!"), std::nullopt);
  EXPECT_NE(sealed, one->encrypt("s3cret"));
  EXPECT_EQ(sealed.find("s3cret"), std::string::npos);
}

TEST(Secrets, TheKeyFileIsForItsOwnerOnly) {
  const TestFolder folder;
  ASSERT_TRUE(Secrets::open(folder.file("key")));
  struct stat about{};
  ASSERT_EQ(::stat(folder.file("key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0400U);

  ASSERT_EQ(::chmod(folder.file("key").c_str(), 0644), 0);
  const auto opened = Secrets::open(folder.file("key"));

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(),
            "the key file " + folder.file("key") + " can be read by others: make it mode 0400");
}

TEST(Secrets, AKeyOfAnotherSizeIsRefused) {
  const TestFolder folder;
  std::ofstream(folder.file("key")) << "short";

  const auto opened = Secrets::open(folder.file("key"));

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), "the key file " + folder.file("key") + " is not a key of 32 bytes");
}

TEST(Secrets, TokensAreRandomAndTheirHashIsNot) {
  const std::string token = new_token();

  EXPECT_EQ(token.size(), 32U);
  EXPECT_NE(token, new_token());
  EXPECT_EQ(token_hash("abc"), token_hash("abc"));
  EXPECT_NE(token_hash("abc"), token_hash("abd"));
  EXPECT_EQ(token_hash("abc").size(), 64U);
}

}  // namespace
}  // namespace store
