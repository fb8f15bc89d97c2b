#include "media/sound_names.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "media/settings.h"
#include "media/testing/signal.h"

namespace media {
namespace {

void touch(const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << "x";
}

TEST(SoundNames, NoNameLeadsOutOfTheFolders) {
  const testing::TemporaryFolder folder;
  touch(folder.path() + "/secret.wav");
  touch(folder.path() + "/sounds/ok.wav");
  touch(folder.path() + "/sounds/.hidden.wav");
  const std::vector<SoundFolder> folders{{"", folder.path() + "/sounds"},
                                         {"en/", folder.path() + "/sounds"}};

  EXPECT_EQ(files_of(folders, "ok").size(), 1U);
  EXPECT_EQ(files_of(folders, "ok.wav").size(), 1U);
  EXPECT_EQ(files_of(folders, "en/ok").size(), 1U);
  const std::string zero("ok\0.wav", 7);
  for (const std::string& name :
       {std::string("../secret"), std::string("../secret.wav"), std::string("en/../../secret"),
        std::string("en/..\\secret"), folder.path() + "/secret.wav", std::string("./ok"),
        std::string("/ok"), std::string("ok/"), std::string("en//ok"), std::string(".hidden"),
        std::string(""), std::string("en/"), zero, std::string(300, 'a')}) {
    EXPECT_TRUE(files_of(folders, name).empty()) << name;
  }
}

TEST(SoundNames, UploadsGoBeforePackagesAndMusicIsAFolder) {
  const testing::TemporaryFolder folder;
  const std::string& at = folder.path();
  touch(at + "/uploads/en/hello.flac");
  touch(at + "/package/hello.wav");
  touch(at + "/package/bye.wav");
  touch(at + "/moh/b.wav");
  touch(at + "/moh/a.ogg");
  touch(at + "/moh/notes.txt");
  touch(at + "/uploads/music/ours/1.mp3");
  const std::vector<SoundFolder> folders{
      {"", at + "/uploads"}, {"en/", at + "/package"}, {"music/default", at + "/moh"}};

  EXPECT_EQ(files_of(folders, "en/hello"), std::vector{at + "/uploads/en/hello.flac"});
  EXPECT_EQ(files_of(folders, "en/bye"), std::vector{at + "/package/bye.wav"});
  EXPECT_EQ(files_of(folders, "music/default"),
            (std::vector{at + "/moh/a.ogg", at + "/moh/b.wav"}));
  EXPECT_EQ(files_of(folders, "music/ours"), std::vector{at + "/uploads/music/ours/1.mp3"});
  EXPECT_TRUE(files_of(folders, "music/default2").empty());
  EXPECT_TRUE(files_of(folders, "en/none").empty());
}

}  // namespace
}  // namespace media
