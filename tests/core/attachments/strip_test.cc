#include "core/attachments/strip.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/attachments/made_files.h"

using namespace wayside;
using namespace wayside::attachments;
using namespace wayside::attachments::testing;

namespace {

bool has_canary(const Bytes& file) {
  for (const auto* word : {"anary", "GPSLatitude", "photoshop", "D:2026", "xmpmeta"}) {
    if (file.find(word) != Bytes::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the place, the device, the author and the time are gone from a JPEG, and no pixel has changed") {
  for (const bool progressive : {false, true}) {
    const Bytes clear = plain_jpeg(pixels(), progressive);
    Bytes photo = tagged(clear);
    REQUIRE(has_canary(photo));
    REQUIRE(metadata_of(photo).find("GPSLatitude") != std::string::npos);
    photo += "MotionPhoto canary behind the picture";
    const auto out = strip_jpeg(photo);
    REQUIRE(out);
    CHECK(metadata_of(*out).empty());
    CHECK_FALSE(has_canary(*out));
    CHECK(decoded_jpeg(*out).rgb == decoded_jpeg(clear).rgb);
  }
}

TEST_CASE("of a JPEG's EXIF only its orientation is left") {
  for (int orientation = 2; orientation <= 8; ++orientation) {
    const auto out = strip_jpeg(tagged(plain_jpeg(pixels()), orientation));
    REQUIRE(out);
    CHECK(metadata_of(*out) == "Exif.Image.Orientation = " + std::to_string(orientation) + "\n");
    CHECK_FALSE(has_canary(*out));
  }
}

TEST_CASE("blocks that no list knows of are gone from a JPEG too") {
  const Bytes clear = plain_jpeg(pixels());
  const Bytes block = "\xFF\xE5" + Bytes("\0\x10", 2) + "maker canary !";   // APP5, 16 bytes with its length
  const auto out = strip_jpeg(clear.substr(0, 2) + block + clear.substr(2));
  REQUIRE(out);
  CHECK_FALSE(has_canary(*out));
}

TEST_CASE("the place, the device, the author and the time are gone from a PNG, and no pixel has changed") {
  for (const bool interlaced : {false, true}) {
    const Bytes clear = plain_png(pixels(), interlaced, true);
    REQUIRE(has_canary(clear));
    Bytes photo = tagged(clear);
    REQUIRE(metadata_of(photo).find("GPSLatitude") != std::string::npos);
    const auto out = strip_png(photo + "canary behind the picture");
    REQUIRE(out);
    CHECK(metadata_of(*out).empty());
    CHECK_FALSE(has_canary(*out));
    for (const auto* chunk : {"tEXt", "zTXt", "iTXt", "eXIf", "tIME", "iCCP"}) CHECK(out->find(chunk) == Bytes::npos);
    CHECK(decoded_png(*out).rgb == pixels().rgb);
  }
}

TEST_CASE("Info, XMP, private data and the metadata of pictures are gone from a PDF") {
  const Bytes photo = tagged(plain_jpeg(pixels()));
  const Bytes paper = pdf(photo);
  REQUIRE(has_canary(paper));
  const auto out = strip_pdf(paper);
  REQUIRE(out);
  CHECK_FALSE(has_canary(*out));
  CHECK(out->find("/Info") == Bytes::npos);
  CHECK(out->find("/Metadata") == Bytes::npos);
  CHECK(out->find("/DCTDecode") != Bytes::npos);   // the picture is there
  CHECK(*strip_pdf(paper) == *out);                 // and nothing of this machine or moment
}

TEST_CASE("an earlier state of a PDF that was changed does not stay in it") {
  const Bytes paper = pdf(plain_jpeg(pixels()));
  const auto out = strip_pdf(paper + "8 0 obj\n(canary of old)\nendobj\n");
  if (out) CHECK(out->find("canary of old") == Bytes::npos);
}

TEST_CASE("a signed PDF is refused, since its signature would not hold any more") {
  const auto out = strip_pdf(pdf(plain_jpeg(pixels()), "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>"));
  REQUIRE_FALSE(out);
  CHECK(out.error().code == Errc::bad_input);
  CHECK(out.error().detail.find("signed") != std::string::npos);
}

TEST_CASE("rubbish that claims to be a picture or a paper is named as such, at any length") {
  const Bytes jpeg = plain_jpeg(pixels()), png = plain_png(pixels()), paper = pdf(jpeg);
  CHECK(strip_jpeg("\xFF\xD8\xFF rubbish").error().code == Errc::bad_input);
  CHECK(strip_png("\x89PNG\r\n\x1A\n rubbish").error().code == Errc::bad_input);
  CHECK(strip_pdf("%PDF-1.7 rubbish").error().code == Errc::bad_input);
  CHECK_FALSE(strip_jpeg(""));
  CHECK_FALSE(strip_png(""));
  CHECK_FALSE(strip_pdf(""));
  for (std::size_t size = 0; size < jpeg.size(); ++size) CHECK_FALSE(strip_jpeg(BytesView(jpeg).substr(0, size)));
  for (std::size_t size = 0; size < png.size(); ++size) CHECK_FALSE(strip_png(BytesView(png).substr(0, size)));
}

TEST_CASE("a picture of more pixels than memory holds is refused by its head") {
  Bytes jpeg = plain_jpeg(pixels());
  const auto frame = jpeg.find("\xFF\xC0");
  REQUIRE(frame != Bytes::npos);
  jpeg.replace(frame + 5, 4, "\xFF\xDC\xFF\xDC");   // 65,500 each
  CHECK(strip_jpeg(jpeg).error().code == Errc::too_large);
}

TEST_CASE("what cannot be stripped is refused, and what has nothing to strip stays as it is") {
  CHECK(strip(media_of("II*\0 tiff", "scan.tif"), "II*").error().code == Errc::bad_input);
  CHECK(strip(media_of("rubbish", "photo.jpg"), "rubbish").error().code == Errc::bad_input);
  CHECK(*strip(media_of("words", "letter.txt"), "words") == "words");
}
