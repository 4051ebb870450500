#include "ui/app/plain_copy.h"

#include <charconv>

#include "ui/app/words.h"

namespace wayside::app {
namespace {

Result<void> write_part(platform::Files& files, const platform::Path& path, BytesView bytes) {
  WAYSIDE_OK(files.remove(path));  // of a copy that did not end
  WAYSIDE_TRY(const auto file, files.open(path, platform::OpenMode::create_new));
  WAYSIDE_OK(file->write_at(0, bytes));
  return file->sync();
}

std::string_view without_quotes(std::string_view text) {
  if (text.size() < 2 || text.front() != text.back() || (text.front() != '"' && text.front() != '\'')) return text;
  return text.substr(1, text.size() - 2);
}

/// "%20" is a blank; what is no such pair of digits stays.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* first = text.data() + i + 1;
    const bool escaped =
        text[i] == '%' && i + 2 < text.size() && std::from_chars(first, first + 2, byte, 16).ptr == first + 2;
    out += escaped ? static_cast<char>(byte) : text[i];
    if (escaped) i += 2;
  }
  return out;
}

}  // namespace

Result<void> write_plain_copy(platform::Files& files, const platform::Path& path, BytesView bytes) {
  if (files.exists(path)) return fail(Errc::already_exists, path.string());
  const platform::Path part = path.parent_path() / ("." + path.filename().string() + ".part");
  auto done = write_part(files, part, bytes);
  if (done) done = files.rename(part, path);
  if (!done) {
    (void)files.remove(part);  // the first failure is the one to tell
    return done;
  }
  return files.sync_folder(path.parent_path());
}

Result<platform::Path> typed_path(std::string_view text, const platform::Path& user_home) {
  constexpr std::string_view kFileAddress = "file://";
  text = without_quotes(trimmed(text));
  if (text.empty()) return fail(Errc::bad_input, "Write where the file is, or drop it on this window.");
  if (text.find('\0') != std::string_view::npos || text.find('\n') != std::string_view::npos) {
    return fail(Errc::bad_input, "Write one path, on one line.");
  }
  if (text.starts_with(kFileAddress)) return platform::Path(decoded(text.substr(kFileAddress.size())));
  if (text.starts_with("~/") && !user_home.empty()) return user_home / platform::Path(text.substr(2));
  platform::Path path(text);
  if (!path.is_absolute()) return fail(Errc::bad_input, "Write the whole path, beginning with / or ~/.");
  return path;
}

}  // namespace wayside::app
