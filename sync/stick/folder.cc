#include "sync/stick/folder.h"

#include <algorithm>

#include "core/base/ids.h"
#include "core/crypto/crypto.h"
#include "sync/stick/sealed_letter.h"
#include "sync/stick/tuning.h"

namespace wayside::stick {
namespace {

using platform::OpenMode;

bool is_hex(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string random_name(std::size_t digits, platform::Random& random) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name;
  for (const char byte : crypto::random_bytes(random, digits / 2)) {
    const auto value = static_cast<unsigned char>(byte);
    (name += kDigits[value >> 4]) += kDigits[value & 15];
  }
  return name;
}

Result<void> fill(platform::Files& files, const platform::Path& path, BytesView content) {
  WAYSIDE_TRY(const auto file, files.open(path, OpenMode::create_carried));
  WAYSIDE_OK(file->write_at(0, content));
  return file->sync();
}

std::unexpected<Error> of_stick(std::string_view words, const platform::Path& path) {
  return fail(Errc::stick, std::string(words) + " (" + path.string() + ")");
}

/// What went wrong with a file concerns the whole stick.
std::unexpected<Error> in_words(const Error& error, const platform::Path& path) {
  switch (error.code) {
    case Errc::disk_full: return std::unexpected(error);
    case Errc::not_found: return of_stick("The folder is not there any more", path);
    case Errc::read_only:
    case Errc::not_permitted: return of_stick("Nothing may be written in that folder: the stick is locked, or somebody else's", path);
    default: return of_stick("The stick could not be read or written to the end", path);
  }
}

}  // namespace

Result<Folder> Folder::open(platform::Files& files, const platform::Path& path) {
  if (path.empty() || !files.exists(path)) return of_stick("That folder is not there. Plug the stick in, or name another folder", path);
  if (const auto listed = files.list(path); !listed) {
    return of_stick(listed.error().code == Errc::not_found ? "That is no folder" : "That folder may not be read", path);
  }
  return Folder(files, path);
}

Result<Folder::Names> Folder::names() {
  auto listed = files_->list(path_);
  if (!listed) return in_words(listed.error(), path_);
  auto& all = *listed;
  Names out;
  for (std::string& name : all) {
    if (!is_hex(name)) continue;
    std::vector<std::string>* const of = name.size() == kNameDigits ? &out.whole : name.size() == kUnfinishedDigits ? &out.unfinished : nullptr;
    if (of == nullptr) continue;
    if (of->size() == kMostFiles) out.more = true;
    else of->push_back(std::move(name));
  }
  return out;
}

Result<Bytes> Folder::first_bytes(const std::string& name) {
  WAYSIDE_TRY(const auto file, files_->open(path_ / name, OpenMode::read_plain));
  Bytes first(kHeadBytes, '\0');
  WAYSIDE_TRY(const std::size_t got, file->read_at(0, first));
  first.resize(got);
  return first;
}

bool Folder::has_size(const std::string& name, std::uint64_t bytes) {
  const auto file = files_->open(path_ / name, OpenMode::read_plain);
  return file && (*file)->size() == bytes;
}

Result<Bytes> Folder::read(const std::string& name, std::uint64_t bytes) {
  if (bytes > kMostFileBytes) return fail(Errc::corrupt, name);
  WAYSIDE_TRY(const auto file, files_->open(path_ / name, OpenMode::read_plain));
  WAYSIDE_TRY(const std::uint64_t size, file->size());
  if (size != bytes) return fail(Errc::corrupt, name);
  Bytes content(static_cast<std::size_t>(bytes), '\0');
  WAYSIDE_TRY(const std::size_t got, file->read_at(0, content));
  if (got != content.size()) return fail(Errc::corrupt, name);
  return content;
}

Result<std::string> Folder::write(BytesView content, platform::Random& random) {
  const std::string unfinished = random_name(kUnfinishedDigits, random), name = random_name(kNameDigits, random);
  Result<void> written = fill(*files_, path_ / unfinished, content);
  if (written) written = files_->rename(path_ / unfinished, path_ / name);
  if (written) return name;
  (void)files_->remove(path_ / unfinished);
  return in_words(written.error(), path_);
}

Result<void> Folder::remove(const std::string& name) {
  const auto removed = files_->remove(path_ / name);
  return removed ? removed : in_words(removed.error(), path_);
}

Result<void> Folder::sync() {
  const auto synced = files_->sync_folder(path_);
  return synced ? synced : in_words(synced.error(), path_);
}

}  // namespace wayside::stick
