// A shard whose queue is full.
#include "app/shard.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/media.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "store/journal.h"
#include "store/store_test_kit.h"

namespace app {
namespace {

std::shared_ptr<const model::Snapshot> snapshot_of(const std::string& tenant) {
  model::Office office;
  office.tenant = tenant;
  return model::Snapshot::build(std::move(office), {});
}

TEST(Shard, AFullQueueDelaysAConfigurationAndDoesNotLoseIt) {
  const store::TestFolder folder;
  const auto journal = store::Journal::open(folder.file("journal-0"), 1 << 20);
  ASSERT_TRUE(journal);
  obs::Observer observer{{.sink = [](const std::string&) {}}};
  auto first = snapshot_of("first.example");
  const std::weak_ptr<const model::Snapshot> old = first;
  Shard shard{call::Settings{}, std::move(first),
              Shard::Parts{**journal, observer, [](std::vector<facts::MediaCommand>) {},
                           [](const call::OpenMailbox&) {}, [](const call::ChangeOffice&) {}}};
  while (shard.post([](call::Engine&, base::Now, call::Actions&) {})) continue;
  const std::weak_ptr<const model::Snapshot> between = [&] {
    auto snapshot = snapshot_of("second.example");
    shard.install(snapshot);
    return std::weak_ptr{snapshot};
  }();
  const auto last = snapshot_of("third.example");

  shard.install(last);
  shard.start();
  // The first answer comes after a turn with room; the second after what was posted at its end.
  for (int answers = 0; answers < 2;) {
    if (shard.ask<int>([](call::Engine&, base::Now, call::Actions&) { return 0; })) ++answers;
  }

  EXPECT_TRUE(old.expired()) << "the engine still has the first configuration";
  EXPECT_TRUE(between.expired());
  EXPECT_EQ(last.use_count(), 2) << "ours and the engine's";
}

}  // namespace
}  // namespace app
