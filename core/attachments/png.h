#pragma once

#include <csetjmp>
#include <string>

#include <png.h>

#include "platform/bytes.h"

/// libpng's way of failing and of reading, for the files of this folder that call it.
namespace wayside::attachments::png {

struct Input {
  BytesView bytes;
  std::size_t at = 0;
};

/// Why it failed; libpng jumps, so only what lives outside of the call keeps it.
struct Failure {
  char words[128] = {};
  bool too_large = false;
};

/// A reader whose failures end at `setjmp(png_jmpbuf(reader))`. nullptr when there is no memory.
png_structp new_reader(Failure& failure);
void read_from(png_structp reader, Input& input);
/// After png_read_info: jumps when there are too many pixels.
void check_size(png_structp reader, png_infop info, Failure& failure);

[[noreturn]] void jump_out(png_structp at, png_const_charp words);
void say_nothing(png_structp at, png_const_charp words);

}  // namespace wayside::attachments::png
