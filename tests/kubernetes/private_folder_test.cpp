// Folders for sockets: each is gone with its process, or with the next process.
#include "harness/kubernetes/private_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace nettest {
namespace {

namespace fs = std::filesystem;

class PrivateFolderTest : public testing::Test {
 protected:
  PrivateFolderTest() {
    std::string name = testing::TempDir() + "folders-XXXXXX";
    home_ = ::mkdtemp(name.data());
    const char* const before = std::getenv("XDG_RUNTIME_DIR");
    before_ = before == nullptr ? "" : before;
    ::setenv("XDG_RUNTIME_DIR", home_.c_str(), 1);
  }
  ~PrivateFolderTest() override {
    before_.empty() ? ::unsetenv("XDG_RUNTIME_DIR")
                    : ::setenv("XDG_RUNTIME_DIR", before_.c_str(), 1);
    fs::remove_all(home_);
  }
  std::string left(const std::string& name) const {
    const std::string path = home_ + "/" + name;
    fs::create_directory(path);
    std::ofstream(path + "/api") << "";
    return path;
  }

  std::string home_;
  std::string before_;
};

TEST_F(PrivateFolderTest, IsOursAloneAndGoes) {
  std::string path;
  {
    const auto folder = PrivateFolder::make();
    ASSERT_TRUE(folder);
    path = folder->path();
    EXPECT_EQ(fs::path(path).parent_path(), home_);
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(PrivateFolderTest, WhatWasLeftGoesWithTheNextAndWhatIsInUseStays) {
  const auto used = PrivateFolder::make();
  const auto killed = left("nettest-proxy-killed");
  const auto foreign = left("proxy-of-others");
  const auto next = PrivateFolder::make();
  ASSERT_TRUE(used);
  ASSERT_TRUE(next);
  EXPECT_TRUE(fs::exists(used->path()));
  EXPECT_TRUE(fs::exists(next->path()));
  EXPECT_TRUE(fs::exists(foreign));
  EXPECT_FALSE(fs::exists(killed));
}

TEST_F(PrivateFolderTest, WhereNoneCanBeMadeItSaysSo) {
  fs::remove_all(home_);
  ::setenv("XDG_RUNTIME_DIR", "/proc/self", 1);
  const auto folder = PrivateFolder::make();
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message.find(
                "make a folder for the socket of kubectl proxy: /proc/self/nettest-proxy-"),
            std::string::npos);
}

}  // namespace
}  // namespace nettest
