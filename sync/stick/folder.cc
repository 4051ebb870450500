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

}  // namespace

Result<Folder> Folder::open(platform::Files& files, const platform::Path& path) {
  if (!files.exists(path)) return fail(Errc::not_found, path.string());
  if (const auto listed = files.list(path); !listed) {
    return fail(listed.error().code == Errc::not_found ? Errc::bad_input : listed.error().code, path.string());
  }
  return Folder(files, path);
}

Result<Folder::Names> Folder::names() {
  WAYSIDE_TRY(auto all, files_->list(path_));
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
  return std::unexpected(written.error());
}

Result<void> Folder::remove(const std::string& name) { return files_->remove(path_ / name); }

Result<void> Folder::sync() { return files_->sync_folder(path_); }

}  // namespace wayside::stick
