#include "core/attachments/media.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using namespace wayside::attachments;

namespace {
void is(BytesView file, std::string_view name, std::string_view type, Stripping stripping) {
  const Media media = media_of(file, name);
  CHECK(media.type == type);
  CHECK(media.stripping == stripping);
}
}  // namespace

TEST_CASE("a file is what its bytes say, whatever it is called") {
  is("\xFF\xD8\xFF\xE0", "holiday.txt", "image/jpeg", Stripping::jpeg);
  is("\x89PNG\r\n\x1A\n", "", "image/png", Stripping::png);
  is("rubbish before %PDF-1.4", "x", "application/pdf", Stripping::pdf);
}

TEST_CASE("formats that carry a place and cannot be rewritten are known") {
  is(BytesView("\0\0\0\x18" "ftypheic", 12), "IMG_1.HEIC", "image/heic", Stripping::impossible);
  is(BytesView("\0\0\0\x18" "ftypisom", 12), "a.mp4", "video/mp4", Stripping::impossible);
  is(BytesView("\0\0\0\x18" "ftypqt  ", 12), "a.mov", "video/quicktime", Stripping::impossible);
  is(BytesView("MM\0*", 4), "a.tif", "image/tiff", Stripping::impossible);
  is("RIFF....WEBPVP8 ", "a.webp", "image/webp", Stripping::impossible);
}

TEST_CASE("a name that promises a picture or a paper is held against the file") {
  is("rubbish", "injury.JPG", "application/octet-stream", Stripping::misnamed);
  is("", "injury.png", "application/octet-stream", Stripping::misnamed);
  is("PK\x03\x04", "order.pdf", "application/zip", Stripping::misnamed);
  is("rubbish", "IMG.heic", "application/octet-stream", Stripping::misnamed);
}

TEST_CASE("other files are kept as they are") {
  is("", "", "application/octet-stream", Stripping::nothing_to_do);
  is("hello", "note.txt", "text/plain", Stripping::nothing_to_do);
  is("\xFF\xFE", "note.txt", "application/octet-stream", Stripping::nothing_to_do);
  is("PK\x03\x04", "letter.docx", "application/zip", Stripping::nothing_to_do);
}
