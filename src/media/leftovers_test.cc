// Files in the media folder: what a killed process left, and what gets another name.

#include "media/leftovers.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "facts/media.h"
#include "media/testing/rig.h"
#include "media/testing/signal.h"

namespace media {
namespace {

namespace fs = std::filesystem;

void write(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path) << text;
}

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  return text;
}

TEST(Leftovers, OnlyWhatNeverBecameWholeIsRemoved) {
  const testing::TemporaryFolder folder;
  write(folder.path() + "/recordings/a.wav", "whole");
  write(folder.path() + "/recordings/b.wav.part", "half");
  write(folder.path() + "/messages/c.wav.part", "half");

  EXPECT_EQ(remove_leftovers(folder.path()), 2U);

  EXPECT_TRUE(fs::exists(folder.path() + "/recordings/a.wav"));
  EXPECT_FALSE(fs::exists(folder.path() + "/recordings/b.wav.part"));
  EXPECT_EQ(remove_leftovers(folder.path()), 0U);
  EXPECT_EQ(remove_leftovers(folder.path() + "/nowhere"), 0U);
}

TEST(Leftovers, AMovedFileTakesThePlaceOfTheOldOneAndNeverLeavesTheFolder) {
  testing::Rig rig;
  const std::string media = rig.settings.media_folder;
  write(media + "/prompts/new.wav", "new");
  write(media + "/prompts/7.wav", "old");
  write(rig.folder.path() + "/outside.wav", "outside");

  rig.apply(facts::MoveFile{"prompts/new.wav", "prompts/7.wav"});
  rig.apply(facts::MoveFile{"prompts/7.wav", "../outside.wav"});
  rig.apply(facts::MoveFile{"prompts/none.wav", "prompts/7.wav"});
  rig.run(5);

  EXPECT_EQ(read(media + "/prompts/7.wav"), "new");
  EXPECT_FALSE(fs::exists(media + "/prompts/new.wav"));
  EXPECT_EQ(read(rig.folder.path() + "/outside.wav"), "outside");
  EXPECT_TRUE(rig.noted("recording.not_moved"));
}

}  // namespace
}  // namespace media
