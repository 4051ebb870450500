#pragma once

#include <string>
#include <vector>

#include "platform/bytes.h"

/// Pictures and papers that the tests make themselves, with the place and the device in them.
namespace wayside::attachments::testing {

inline constexpr std::string_view kDevice = "Canary Phone 12";
inline constexpr std::string_view kPlace = "52/1 38/1 11/1";       ///< GPS latitude, as EXIF writes it
inline constexpr std::string_view kAuthor = "canary-author";

struct Pixels {
  unsigned width = 48, height = 32;
  std::vector<unsigned char> rgb;
};
/// Blue at the top, red to the right.
Pixels pixels(unsigned width = 48, unsigned height = 32);

Bytes plain_jpeg(const Pixels& from, bool progressive = false);
Bytes plain_png(const Pixels& from, bool interlaced = false, bool with_texts = false);
/// With EXIF (device, place, orientation), XMP, IPTC and a comment, written by exiv2.
Bytes tagged(Bytes picture, int orientation = 1);
/// One page with a JPEG on it; Info, XMP, private data and a thumbnail.
Bytes pdf(const Bytes& jpeg_on_page, std::string_view extra_objects = {});

/// Everything that exiv2 finds in it, one item a line.
std::string metadata_of(const Bytes& picture);
Pixels decoded_jpeg(const Bytes& file);
Pixels decoded_png(const Bytes& file);

}  // namespace wayside::attachments::testing
