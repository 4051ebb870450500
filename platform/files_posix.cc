#include "platform/files_posix.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "platform/descriptor.h"
#include "platform/system_error.h"

namespace wayside::platform {
namespace {

constexpr mode_t kOwnerFile = 0600;
constexpr mode_t kOwnerFolder = 0700;

/// Repeats a system call that a signal interrupted.
template <class Call>
auto uninterrupted(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

class PosixFile : public File {
 public:
  PosixFile(Descriptor fd, Path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const auto got = uninterrupted(
          [&] { return ::pread(fd_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done)); });
      if (got < 0) return system_failure(errno, Access::reading, "reading", path_);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<void> write_at(std::uint64_t offset, BytesView bytes) override {
    while (!bytes.empty()) {
      const auto put =
          uninterrupted([&] { return ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
      if (put < 0) return system_failure(errno, Access::writing, "writing", path_);
      bytes.remove_prefix(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
    return {};
  }

  Result<void> truncate(std::uint64_t size_bytes) override {
    if (uninterrupted([&] { return ::ftruncate(fd_.get(), static_cast<off_t>(size_bytes)); }) != 0) {
      return system_failure(errno, Access::writing, "truncating", path_);
    }
    return {};
  }

  Result<std::uint64_t> size() override {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return system_failure(errno, Access::reading, "measuring", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Result<void> sync() override {
    if (uninterrupted([&] { return ::fdatasync(fd_.get()); }) != 0) {
      return system_failure(errno, Access::writing, "syncing", path_);
    }
    return {};
  }

 private:
  Descriptor fd_;
  Path path_;
};

Descriptor open_existing(const Path& path, int flags) {
  return Descriptor(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC); }));
}

Descriptor make_file(const Path& path) {
  Descriptor fd(uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerFile); }));
  if (fd.is_open() && ::fchmod(fd.get(), kOwnerFile) != 0) fd.close();  // a umask may have taken our own bits away
  return fd;
}

/// A stick's file system refuses to be told who may read.
Descriptor make_carried_file(const Path& path) {
  Descriptor fd(uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerFile); }));
  if (fd.is_open()) (void)::fchmod(fd.get(), kOwnerFile);
  return fd;
}

Descriptor open_or_make(const Path& path) {
  for (;;) {
    Descriptor fd = open_existing(path, O_RDWR);
    if (fd.is_open() || errno != ENOENT) return fd;
    fd = make_file(path);
    if (fd.is_open() || errno != EEXIST) return fd;  // else somebody was quicker: open theirs
  }
}

/// A pipe would wait for a writer for ever, and a link may lead anywhere.
Result<std::unique_ptr<File>> open_plain(const Path& path) {
  Descriptor fd = open_existing(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  struct stat status {};
  const bool other = fd.is_open() ? ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) : errno == ELOOP || errno == ENXIO;
  if (other) return fail(Errc::not_permitted, path.string() + " is no plain file");
  if (!fd.is_open()) return system_failure(errno, Access::reading, "opening", path);
  return std::make_unique<PosixFile>(std::move(fd), path);
}

Descriptor open_by(const Path& path, OpenMode mode) {
  switch (mode) {
    case OpenMode::read: return open_existing(path, O_RDONLY);
    case OpenMode::read_write: return open_existing(path, O_RDWR);
    case OpenMode::create: return open_or_make(path);
    case OpenMode::create_new: return make_file(path);
    case OpenMode::create_carried: return make_carried_file(path);
    case OpenMode::read_plain: break;
  }
  return Descriptor();
}

Path parent_of(const Path& path) {
  const Path parent = path.parent_path();
  return parent.empty() ? Path(".") : parent;
}

}  // namespace

Result<std::unique_ptr<File>> PosixFiles::open(const Path& path, OpenMode mode) {
  if (mode == OpenMode::read_plain) return open_plain(path);
  Descriptor fd = open_by(path, mode);
  if (!fd.is_open()) {
    return system_failure(errno, mode == OpenMode::read ? Access::reading : Access::writing, "opening", path);
  }
  return std::make_unique<PosixFile>(std::move(fd), path);
}

Result<void> PosixFiles::remove(const Path& path) {
  if (std::remove(path.c_str()) != 0 && errno != ENOENT) {
    return system_failure(errno, Access::writing, "removing", path);
  }
  return {};
}

Result<void> PosixFiles::rename(const Path& from, const Path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return system_failure(errno, Access::writing, "renaming", from);
  return {};
}

Result<void> PosixFiles::make_folders(const Path& path) {
  struct stat status {};
  const Path folder = path.has_filename() ? path : path.parent_path();  // "a/b/" names the folder "a/b"
  if (folder.empty()) return {};
  if (::stat(folder.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    return system_failure(ENOTDIR, Access::writing, "making the folder", folder);
  }
  if (errno != ENOENT) return system_failure(errno, Access::writing, "making the folder", folder);
  WAYSIDE_OK(make_folders(parent_of(folder)));
  if (::mkdir(folder.c_str(), kOwnerFolder) == 0) {
    if (::chmod(folder.c_str(), kOwnerFolder) != 0) {
      return system_failure(errno, Access::writing, "making the folder", folder);
    }
  } else if (errno != EEXIST) {
    return system_failure(errno, Access::writing, "making the folder", folder);
  }
  return sync_folder(parent_of(folder));
}

Result<void> PosixFiles::sync_folder(const Path& path) {
  const Path folder = path.empty() ? Path(".") : path;
  const Descriptor fd = open_existing(folder, O_RDONLY | O_DIRECTORY);
  if (!fd.is_open()) return system_failure(errno, Access::writing, "syncing the folder", folder);
  // EINVAL: a file system that has no such sync, and nothing else that we could do.
  if (uninterrupted([&] { return ::fsync(fd.get()); }) != 0 && errno != EINVAL) {
    return system_failure(errno, Access::writing, "syncing the folder", folder);
  }
  return {};
}

bool PosixFiles::exists(const Path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

Result<std::vector<std::string>> PosixFiles::list(const Path& folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), ::closedir);
  if (!entries) {
    if (errno == ENOENT) return names;
    return system_failure(errno, Access::reading, "listing", folder);
  }
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(entries.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  if (errno != 0) return system_failure(errno, Access::reading, "listing", folder);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::unique_ptr<File>> PosixFiles::lock(const Path& path) {
  Descriptor fd = open_or_make(path);
  if (!fd.is_open()) return system_failure(errno, Access::writing, "locking", path);
  // flock belongs to this open file: a second open, be it in this process, is another holder; the kernel frees it.
  if (uninterrupted([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno == EWOULDBLOCK) return fail(Errc::busy, path.string());
    return system_failure(errno, Access::writing, "locking", path);
  }
  return std::make_unique<PosixFile>(std::move(fd), path);
}

}  // namespace wayside::platform
