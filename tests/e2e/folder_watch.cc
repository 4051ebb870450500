#include "tests/e2e/folder_watch.h"

#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>

namespace wayside::e2e {

FolderWatch::FolderWatch(const fs::path& folder, std::uint32_t events) : watch_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  REQUIRE(::inotify_add_watch(watch_.get(), folder.c_str(), events) >= 0);
}

std::vector<std::string> FolderWatch::seen() {
  alignas(inotify_event) std::array<char, 4096> buffer{};
  std::vector<std::string> names;
  for (;;) {
    const ssize_t got = ::read(watch_.get(), buffer.data(), buffer.size());
    if (got <= 0) return names;
    for (const char* at = buffer.data(); at < buffer.data() + got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      names.emplace_back(event->len > 0 ? event->name : "");
      at += sizeof(inotify_event) + event->len;
    }
  }
}

}  // namespace wayside::e2e
