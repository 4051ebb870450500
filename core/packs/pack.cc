#include "core/packs/pack.h"

#include <algorithm>
#include <array>

#include "core/packs/formats.pb.h"
#include "core/schema/toml_reader.h"
#include "platform/atomic_file.h"

namespace wayside::packs {
namespace {

constexpr std::string_view kHead = "pack.toml";
constexpr std::string_view kReadMe = "README.md";
constexpr std::size_t kMaxNameBytes = 24;
constexpr std::size_t kMaxTitleBytes = 2000;
constexpr std::int64_t kMaxVersion = 1'000'000;

struct Folder { std::string_view prefix, ending; };
constexpr std::array kFolders{Folder{"records/", ".toml"}, Folder{"fields/", ".toml"}, Folder{"codelists/", ".csv"},
                              Folder{"questionnaires/", ".toml"}};

bool is_stem(std::string_view stem) {
  return !stem.empty() && std::ranges::all_of(stem, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool is_name(std::string_view name) {
  return is_stem(name) && name.front() >= 'a' && name.front() <= 'z' && name.find('-') == std::string_view::npos &&
         name.size() <= kMaxNameBytes;
}

bool is_known_path(std::string_view path) {
  if (path == kHead) return true;
  return std::ranges::any_of(kFolders, [path](const Folder& folder) {
    return path.starts_with(folder.prefix) && path.ends_with(folder.ending) &&
           path.size() > folder.prefix.size() + folder.ending.size() &&
           is_stem(path.substr(folder.prefix.size(), path.size() - folder.prefix.size() - folder.ending.size()));
  });
}

/// A path may come from a stranger's file: what is shown of it is short and plain.
std::string shown(std::string_view path) {
  std::string out;
  for (const char c : path.substr(0, 80)) out += c > ' ' && c < 0x7F ? c : '?';
  return out;
}

Result<void> check_files(const std::vector<PackFile>& files) {
  if (files.size() > kMaxFiles) return fail(Errc::too_large, "a pack of more than 256 files");
  std::size_t bytes = 0;
  for (const PackFile& file : files) {
    if (!is_known_path(file.path)) {
      return fail(Errc::bad_input, shown(file.path) + " line 1: a pack holds pack.toml, records/*.toml, fields/*.toml, "
                                   "codelists/*.csv and questionnaires/*.toml, named in lower case");
    }
    bytes += file.text.size();
    if (bytes > kMaxPackBytes) return fail(Errc::too_large, file.path + " line 1: with it the pack's files are over 1 MiB");
  }
  const auto twice = std::ranges::adjacent_find(files, {}, &PackFile::path);
  if (twice != files.end()) return fail(Errc::bad_input, twice->path + " line 1: stands twice in the pack");
  return {};
}

Result<std::string> read(platform::Files& files, const platform::Path& path, const std::string& name, std::size_t room) {
  auto text = platform::read_all(files, path, room);
  if (!text && text.error().code == Errc::too_large) {
    return fail(Errc::too_large, name + " line 1: with it the pack's files are over 1 MiB");
  }
  return text;
}

}  // namespace

const PackFile* Pack::file(std::string_view path) const {
  const auto found = std::ranges::find(files, path, &PackFile::path);
  return found == files.end() ? nullptr : &*found;
}

std::vector<schema::SchemaFile> Pack::schema_files() const {
  std::vector<schema::SchemaFile> out;
  for (const PackFile& file : files) {
    if (file.path != kHead && !file.path.starts_with("questionnaires/")) out.push_back({file.path, file.text, name});
  }
  return out;
}

std::vector<const PackFile*> Pack::questionnaires() const {
  std::vector<const PackFile*> out;
  for (const PackFile& file : files) {
    if (file.path.starts_with("questionnaires/")) out.push_back(&file);
  }
  return out;
}

Result<Pack> make_pack(std::vector<PackFile> files) {
  std::ranges::sort(files, {}, &PackFile::path);
  WAYSIDE_OK(check_files(files));
  Pack pack;
  pack.files = std::move(files);
  const PackFile* const head = pack.file(kHead);
  if (head == nullptr) return fail(Errc::not_found, "pack.toml: it says the pack's name, version and title");
  WAYSIDE_TRY(const auto table, schema::read_toml(head->path, head->text));
  schema::TomlReader in(head->path, table);
  pack.name = in.text("name", true);
  const std::int64_t version = in.number("version", true).value_or(0);
  pack.title = in.text("title", true);
  pack.about = in.text("about");
  WAYSIDE_OK(in.finish());
  const auto bad = [&](const char* key, std::string_view what) {
    const auto* node = table.get(key);
    return fail(Errc::bad_input, schema::place_in(kHead, node->source().begin.line) + ": " + std::string(what));
  };
  if (!is_name(pack.name)) return bad("name", "name is at most 24 lower case letters, digits and underscores, a letter first");
  if (version < 1 || version > kMaxVersion) return bad("version", "version is 1 or more, and rises with every change");
  if (pack.title.empty() || pack.title.size() > kMaxTitleBytes) return bad("title", "title is a line for people");
  if (pack.about.size() > kMaxTitleBytes) return bad("about", "about is at most 2,000 bytes");
  pack.version = static_cast<std::uint32_t>(version);
  return pack;
}

Result<Pack> read_folder(platform::Files& files, const platform::Path& folder) {
  std::vector<PackFile> found;
  std::size_t room = kMaxPackBytes;
  const auto take = [&](const std::string& path) -> Result<void> {
    // Checked before it is opened, so that no odd name costs a read.
    if (!is_known_path(path)) return check_files({{path, {}}});
    if (found.size() == kMaxFiles) return fail(Errc::too_large, "a pack of more than 256 files");
    WAYSIDE_TRY(std::string text, read(files, folder / path, path, room));
    room -= text.size();
    found.push_back({path, std::move(text)});
    return {};
  };
  WAYSIDE_TRY(const auto names, files.list(folder));
  for (const std::string& name : names) {
    if (name == kReadMe) continue;
    const auto inner = std::ranges::find(kFolders, name + "/", &Folder::prefix);
    if (inner == kFolders.end()) {
      WAYSIDE_OK(take(name));
      continue;
    }
    WAYSIDE_TRY(const auto within, files.list(folder / name));
    for (const std::string& each : within) WAYSIDE_OK(take(name + "/" + each));
  }
  return make_pack(std::move(found));
}

Bytes encode(const Pack& pack) {
  pb::PackFiles out;
  for (const PackFile& file : pack.files) {
    out.add_files()->set_path(file.path);
    out.mutable_files()->rbegin()->set_text(file.text);
  }
  return out.SerializeAsString();
}

Result<Pack> decode(BytesView bytes) {
  pb::PackFiles in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return fail(Errc::bad_input, "a pack's files");
  std::vector<PackFile> files;
  for (const auto& file : in.files()) files.push_back({file.path(), file.text()});
  return make_pack(std::move(files));
}

}  // namespace wayside::packs
