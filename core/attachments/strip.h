#pragma once

#include "core/attachments/media.h"
#include "platform/result.h"

/// Takes out of a file where, when, by whom and with what it was made. What is left shows the same picture or pages.
///
/// Nothing is searched for and removed: the file is written anew by the library of its format, from the picture or the
/// pages alone. So what no list knows of goes too: a second picture behind the first, a video, a maker's own blocks.
///
/// Errors of all: bad_input (what is wrong with the file; nothing was made of it), too_large (too many pixels). Pure,
/// any thread. Peak memory besides input and output: 6 bytes a pixel (JPEG), a row (PNG), a few copies (PDF).
namespace wayside::attachments {

/// libjpeg: the coefficients are carried over, so no pixel changes. Kept: which side is up, since the picture would lie
/// on its side otherwise. Not kept: all APPn and COM blocks, the colour profile among them (it names the device's
/// maker), and whatever stands behind the picture. Refuses a picture that is damaged or ends early.
Result<Bytes> strip_jpeg(BytesView file);

/// libpng: pixels, palette, transparency, gamma and primaries. An animation becomes its first picture.
Result<Bytes> strip_png(BytesView file);

/// qpdf: without Info, XMP, private data of programs, thumbnails and earlier states of the file; JPEG pictures in it as
/// by `strip_jpeg`. Refuses what is signed (its signature would break) or needs a password. Words and names on the
/// pages stay, and so do files within the file.
Result<Bytes> strip_pdf(BytesView file);

/// By what `media` says can be done. Errc::bad_input with why for `impossible` and `misnamed`; the file itself for
/// `nothing_to_do`.
Result<Bytes> strip(const Media& media, Bytes file);

}  // namespace wayside::attachments
