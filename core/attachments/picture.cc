#include "core/attachments/picture.h"

#include <algorithm>

#include "core/attachments/jpeg.h"
#include "core/attachments/media.h"
#include "core/attachments/png.h"

namespace wayside::attachments {
namespace {

constexpr std::size_t kPixelBytes = 4;

/// Takes a picture row by row and keeps the mean of each box of pixels.
class Shrinker {
 public:
  void begin(unsigned width, unsigned height, unsigned max_side) {
    step_ = std::max(1U, (std::max(width, height) + max_side - 1) / max_side);
    width_ = width;
    out_.width = (width + step_ - 1) / step_;
    out_.height = (height + step_ - 1) / step_;
    out_.rgba.assign(std::size_t{out_.width} * out_.height * kPixelBytes, 0);
    sums_.assign(std::size_t{out_.width} * kPixelBytes, 0);
    row_.assign(std::size_t{width} * kPixelBytes, 0);
    height_ = height;
  }
  unsigned char* row() { return row_.data(); }   ///< where the next one goes; then `take_row`
  void take_row() { take_row(row_.data()); }
  void take_row(const unsigned char* row) {
    for (unsigned x = 0; x < width_; ++x) {
      for (std::size_t c = 0; c < kPixelBytes; ++c) sums_[x / step_ * kPixelBytes + c] += row[x * kPixelBytes + c];
    }
    ++y_;
    if (y_ % step_ == 0 || y_ == height_) finish_box_row();
  }
  Picture take() && { return std::move(out_); }

 private:
  void finish_box_row() {
    const unsigned line = (y_ - 1) / step_;
    const unsigned rows = y_ - line * step_;
    for (unsigned x = 0; x < out_.width; ++x) {
      const unsigned pixels = rows * (std::min(width_, (x + 1) * step_) - x * step_);
      for (std::size_t c = 0; c < kPixelBytes; ++c) {
        out_.rgba[(std::size_t{line} * out_.width + x) * kPixelBytes + c] =
            static_cast<unsigned char>(sums_[x * kPixelBytes + c] / pixels);
      }
    }
    std::ranges::fill(sums_, 0U);
  }

  unsigned step_ = 1, width_ = 0, height_ = 0, y_ = 0;
  std::vector<unsigned> sums_;
  std::vector<unsigned char> row_;
  Picture out_;
};

/// As EXIF counts: 2 mirrored, 3 turned by half, 4 upside down mirrored, 5 to 8 the same with rows and columns swapped.
Picture turned(Picture in, int orientation) {
  if (orientation == 1) return in;
  const bool swap = orientation >= 5;
  Picture out{swap ? in.height : in.width, swap ? in.width : in.height, std::vector<unsigned char>(in.rgba.size())};
  for (unsigned y = 0; y < out.height; ++y) {
    for (unsigned x = 0; x < out.width; ++x) {
      unsigned from_x = swap ? y : x, from_y = swap ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) from_x = in.width - 1 - from_x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) from_y = in.height - 1 - from_y;
      const auto* const from = &in.rgba[(std::size_t{from_y} * in.width + from_x) * kPixelBytes];
      std::copy_n(from, kPixelBytes, &out.rgba[(std::size_t{y} * out.width + x) * kPixelBytes]);
    }
  }
  return out;
}

bool read_jpeg(BytesView file, unsigned max_side, jpeg::Failure& failure, Shrinker& shrinker, int& orientation) {
  jpeg_decompress_struct read{};
  jpeg_progress_mgr progress{};
  read.err = &failure.manager;
  if (setjmp(failure.jump) != 0) {
    jpeg_destroy_decompress(&read);
    return false;
  }
  jpeg_create_decompress(&read);
  jpeg::prepare(read, progress, file);
  jpeg_read_header(&read, TRUE);
  jpeg::check_size(read);
  read.out_color_space = JCS_EXT_RGBA;
  read.scale_denom = 8;
  read.scale_num = 1;
  while (read.scale_num < 8 && std::max(read.image_width, read.image_height) * read.scale_num / 8 < 2 * max_side) read.scale_num *= 2;
  jpeg_start_decompress(&read);
  orientation = jpeg::orientation_of(read);
  shrinker.begin(read.output_width, read.output_height, max_side);
  while (read.output_scanline < read.output_height) {
    JSAMPROW row = shrinker.row();
    jpeg_read_scanlines(&read, &row, 1);
    shrinker.take_row();
  }
  jpeg_finish_decompress(&read);
  jpeg_destroy_decompress(&read);
  return true;
}

struct PngWork {
  png::Failure failure;
  png::Input input;
  std::vector<unsigned char> pixels;
  std::vector<png_bytep> rows;
  png_structp reader = nullptr;
  png_infop info = nullptr;
  ~PngWork() { png_destroy_read_struct(&reader, &info, nullptr); }
};

bool read_png(PngWork& work, unsigned max_side, Shrinker& shrinker) {
  if (setjmp(png_jmpbuf(work.reader)) != 0) return false;
  png::read_from(work.reader, work.input);
  png_read_info(work.reader, work.info);
  png::check_size(work.reader, work.info, work.failure);
  png_set_expand(work.reader);
  png_set_strip_16(work.reader);
  png_set_gray_to_rgb(work.reader);
  png_set_add_alpha(work.reader, 0xFF, PNG_FILLER_AFTER);
  const int passes = png_set_interlace_handling(work.reader);
  png_read_update_info(work.reader, work.info);
  const png_uint_32 height = png_get_image_height(work.reader, work.info);
  shrinker.begin(png_get_image_width(work.reader, work.info), height, max_side);
  if (passes == 1) {
    for (png_uint_32 y = 0; y < height; ++y) {
      png_read_row(work.reader, shrinker.row(), nullptr);
      shrinker.take_row();
    }
    return true;
  }
  const std::size_t stride = png_get_rowbytes(work.reader, work.info);
  work.pixels.assign(stride * height, 0);
  work.rows.resize(height);
  for (png_uint_32 y = 0; y < height; ++y) work.rows[y] = work.pixels.data() + y * stride;
  png_read_image(work.reader, work.rows.data());
  for (png_uint_32 y = 0; y < height; ++y) shrinker.take_row(work.rows[y]);
  return true;
}

Result<Picture> preview_png(BytesView file, unsigned max_side) {
  PngWork work;
  work.input.bytes = file;
  work.reader = png::new_reader(work.failure);
  if (work.reader == nullptr) return fail(Errc::out_of_memory, "PNG");
  work.info = png_create_info_struct(work.reader);
  if (work.info == nullptr) return fail(Errc::out_of_memory, "PNG");
  Shrinker shrinker;
  const bool done = read_png(work, max_side, shrinker);
  if (work.failure.too_large) return fail(Errc::too_large, "a picture of too many pixels");
  if (!done) return fail(Errc::bad_input, "this picture cannot be read (PNG)");
  return std::move(shrinker).take();
}

}  // namespace

Result<Picture> preview(BytesView file, unsigned max_side) {
  if (max_side == 0) return fail(Errc::bad_input, "a preview of no size");
  const Media media = media_of(file, {});
  if (media.stripping == Stripping::png) return preview_png(file, max_side);
  if (media.stripping != Stripping::jpeg) return fail(Errc::bad_input, "no picture that can be shown");
  jpeg::Failure failure;
  Shrinker shrinker;
  int orientation = 1;
  const bool done = read_jpeg(file, max_side, failure, shrinker, orientation);
  if (failure.too_large) return fail(Errc::too_large, "a picture of too many pixels");
  if (!done) return fail(Errc::bad_input, "this picture cannot be read (JPEG)");
  return turned(std::move(shrinker).take(), orientation);
}

}  // namespace wayside::attachments
