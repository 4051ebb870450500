#pragma once

#include <string_view>

#include "platform/bytes.h"

namespace wayside::attachments {

/// What can be done about the place and the device that a file may name.
enum class Stripping {
  jpeg, png, pdf,   ///< taken out, by rewriting the file
  impossible,       ///< a format that names them, and that nothing here can rewrite (HEIC, TIFF, WebP, video)
  misnamed,         ///< called .jpg, .png or .pdf, and something else: damaged, or not what it says
  nothing_to_do,    ///< text, sound, office papers … are kept as they are
};

struct Media {
  std::string_view type;   ///< "image/jpeg"; "application/octet-stream" when nobody knows
  Stripping stripping = Stripping::nothing_to_do;
};

/// By the first bytes of the file; by its name only where the two contradict each other, and for plain text.
Media media_of(BytesView file, std::string_view file_name);

}  // namespace wayside::attachments
