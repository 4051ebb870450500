#include "core/attachments/media.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/value.h"

namespace wayside::attachments {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  Media media;
};

// First fit. ISO media files say at 8 which of many they are; those that are not named are video.
constexpr std::array kMagic{
    Magic{0, "\xFF\xD8\xFF"sv, {"image/jpeg", Stripping::jpeg}},
    Magic{0, "\x89PNG\r\n\x1A\n"sv, {"image/png", Stripping::png}},
    Magic{4, "ftyphei"sv, {"image/heic", Stripping::impossible}},
    Magic{4, "ftyphev"sv, {"image/heic", Stripping::impossible}},
    Magic{4, "ftypmif1"sv, {"image/heif", Stripping::impossible}},
    Magic{4, "ftypmsf1"sv, {"image/heif", Stripping::impossible}},
    Magic{4, "ftypavi"sv, {"image/avif", Stripping::impossible}},
    Magic{4, "ftypqt"sv, {"video/quicktime", Stripping::impossible}},
    Magic{4, "ftypM4A"sv, {"audio/mp4", Stripping::impossible}},
    Magic{4, "ftyp3g"sv, {"video/3gpp", Stripping::impossible}},
    Magic{4, "ftyp"sv, {"video/mp4", Stripping::impossible}},
    Magic{4, "moov"sv, {"video/quicktime", Stripping::impossible}},
    Magic{0, "II*\0"sv, {"image/tiff", Stripping::impossible}},
    Magic{0, "MM\0*"sv, {"image/tiff", Stripping::impossible}},
    Magic{8, "WEBP"sv, {"image/webp", Stripping::impossible}},
    Magic{0, "\x1A\x45\xDF\xA3"sv, {"video/webm", Stripping::impossible}},
    Magic{0, "GIF8"sv, {"image/gif", Stripping::nothing_to_do}},
    Magic{0, "ID3"sv, {"audio/mpeg", Stripping::nothing_to_do}},
    Magic{0, "OggS"sv, {"audio/ogg", Stripping::nothing_to_do}},
    Magic{8, "WAVE"sv, {"audio/wav", Stripping::nothing_to_do}},
    Magic{0, "PK\x03\x04"sv, {"application/zip", Stripping::nothing_to_do}},
};

/// Readers of PDF take what stands before the head for rubbish, up to here.
constexpr std::size_t kPdfHeadWithin = 1024;

std::string ending_of(std::string_view name) {
  const auto dot = name.rfind('.');
  std::string ending(dot == std::string_view::npos ? std::string_view() : name.substr(dot));
  std::ranges::transform(ending, ending.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return ending;
}

Media by_content(BytesView file) {
  for (const Magic& each : kMagic) {
    if (file.size() >= each.offset && file.substr(each.offset).starts_with(each.bytes)) return each.media;
  }
  if (file.substr(0, kPdfHeadWithin).find("%PDF-") != BytesView::npos) return {"application/pdf", Stripping::pdf};
  return {"application/octet-stream", Stripping::nothing_to_do};
}

}  // namespace

Media media_of(BytesView file, std::string_view file_name) {
  const Media found = by_content(file);
  const bool rewritten = found.stripping == Stripping::jpeg || found.stripping == Stripping::png || found.stripping == Stripping::pdf;
  if (rewritten || found.stripping == Stripping::impossible) return found;
  const std::string ending = ending_of(file_name);
  constexpr std::array kPromises{".jpg"sv, ".jpeg"sv, ".jpe"sv, ".jfif"sv, ".png"sv, ".pdf"sv, ".heic"sv, ".heif"sv, ".tif"sv, ".tiff"sv};
  if (std::ranges::find(kPromises, ending) != kPromises.end()) return {found.type, Stripping::misnamed};
  if (found.type == "application/octet-stream" && (ending == ".txt" || ending == ".csv" || ending == ".md") && is_clean_utf8(file)) {
    return {"text/plain", Stripping::nothing_to_do};
  }
  return found;
}

}  // namespace wayside::attachments
