#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>

#include "platform/bytes.h"

/// libjpeg's way of failing, for the files of this folder that call it.
namespace wayside::attachments::jpeg {

/// libjpeg jumps out of a call that fails: between `setjmp` and it no C++ object may live.
struct Failure {
  jpeg_error_mgr manager{};
  std::jmp_buf jump{};
  bool damaged = false;                     ///< it went on, but what it made up is not the picture
  bool too_large = false;
  char words[JMSG_LENGTH_MAX] = {};

  Failure();
};

/// Which side is up, from the EXIF block: 1 to 8 as EXIF counts them; 1 when it does not say.
int orientation_of(const jpeg_decompress_struct& read);

/// Keeps the EXIF block for `orientation_of`, and bounds what a made-up file can cost. After jpeg_create_decompress.
void prepare(jpeg_decompress_struct& read, jpeg_progress_mgr& progress, BytesView file);
/// After jpeg_read_header: fails when there are too many pixels.
void check_size(jpeg_decompress_struct& read);

}  // namespace wayside::attachments::jpeg
