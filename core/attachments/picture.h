#pragma once

#include <vector>

#include "core/attachments/limits.h"
#include "platform/result.h"
#include "platform/bytes.h"

namespace wayside::attachments {

/// A small picture, made in memory and never written anywhere: whoever shows it drops it when the screen changes.
struct Picture {
  unsigned width = 0, height = 0;
  std::vector<unsigned char> rgba;   ///< 4 bytes a pixel, rows from the top; alpha is not multiplied in
};

/// Of a JPEG or a PNG, right side up, no side longer than `max_side`; never larger than the picture is. Damaged parts
/// of a JPEG are grey. Errc::bad_input for anything else, too_large over the limits of `limits.h`.
Result<Picture> preview(BytesView file, unsigned max_side = kPreviewSide);

}  // namespace wayside::attachments
