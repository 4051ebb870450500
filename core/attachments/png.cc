#include "core/attachments/png.h"

#include <cstring>
#include <vector>

#include "core/attachments/limits.h"
#include "core/attachments/strip.h"

namespace wayside::attachments {
namespace png {
namespace {

constexpr std::uint64_t kMostInflation = 1032;   // of deflate: 258 bytes from 2 bits

/// Chunks that libpng is to skip unread: we keep none of them, and it would take memory for whatever length they claim.
constexpr unsigned char kSkipped[] =
    "bKGD\0eXIf\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0tEXt\0tIME\0zTXt";
constexpr int kSkippedCount = sizeof kSkipped / 5;

void give(png_structp reader, png_bytep to, std::size_t wanted) {
  auto& input = *static_cast<Input*>(png_get_io_ptr(reader));
  if (wanted > input.bytes.size() - input.at) png_error(reader, "it ends too early");
  std::memcpy(to, input.bytes.data() + input.at, wanted);
  input.at += wanted;
}

}  // namespace

void jump_out(png_structp at, png_const_charp words) {
  auto& failure = *static_cast<Failure*>(png_get_error_ptr(at));
  std::strncpy(failure.words, words, sizeof failure.words - 1);
  png_longjmp(at, 1);
}

void say_nothing(png_structp, png_const_charp) {}

png_structp new_reader(Failure& failure) {
  png_structp reader = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure, jump_out, say_nothing);
  if (reader == nullptr) return nullptr;
  png_set_user_limits(reader, 1'000'000, 1'000'000);
  png_set_keep_unknown_chunks(reader, PNG_HANDLE_CHUNK_NEVER, kSkipped, kSkippedCount);
  return reader;
}

void read_from(png_structp reader, Input& input) { png_set_read_fn(reader, &input, give); }

void check_size(png_structp reader, png_infop info, Failure& failure) {
  const auto pixels = std::uint64_t{png_get_image_width(reader, info)} * png_get_image_height(reader, info);
  const bool whole = png_get_interlace_type(reader, info) != PNG_INTERLACE_NONE;
  failure.too_large = pixels > (whole ? kMaxInterlacedPixels : kMaxPixels);
  if (failure.too_large) png_error(reader, "too many pixels");
  // A head may promise gigabytes: memory is taken for what the file can hold.
  const auto raw = std::uint64_t{png_get_rowbytes(reader, info)} * png_get_image_height(reader, info);
  if (raw > (static_cast<Input*>(png_get_io_ptr(reader))->bytes.size() + 1) * kMostInflation) png_error(reader, "it ends too early");
}

}  // namespace png

namespace {

constexpr int kCompression = 4;   // a third of the time of 6, a few per cent larger

/// Everything that lives while libpng may jump: made before, gone after.
struct Work {
  png::Failure failure;
  png::Input input;
  Bytes out;
  std::vector<unsigned char> pixels;
  std::vector<png_bytep> rows;
  png_structp reader = nullptr, writer = nullptr;
  png_infop read_info = nullptr, write_info = nullptr;

  ~Work() {
    png_destroy_read_struct(&reader, &read_info, nullptr);
    png_destroy_write_struct(&writer, &write_info);
  }
};

/// What decides which colours a pixel has, and nothing else.
void copy_looks(Work& work) {
  png_structp reader = work.reader;
  png_colorp palette = nullptr;
  int colours = 0;
  if (png_get_PLTE(reader, work.read_info, &palette, &colours) != 0) png_set_PLTE(work.writer, work.write_info, palette, colours);
  png_bytep alpha = nullptr;
  png_color_16p clear = nullptr;
  int alphas = 0;
  if (png_get_tRNS(reader, work.read_info, &alpha, &alphas, &clear) != 0) png_set_tRNS(work.writer, work.write_info, alpha, alphas, clear);
  int intent = 0;
  if (png_get_sRGB(reader, work.read_info, &intent) != 0) {
    png_set_sRGB(work.writer, work.write_info, intent);
    return;   // it says both of the following
  }
  png_fixed_point gamma = 0;
  if (png_get_gAMA_fixed(reader, work.read_info, &gamma) != 0) png_set_gAMA_fixed(work.writer, work.write_info, gamma);
  png_fixed_point xy[8];
  if (png_get_cHRM_fixed(reader, work.read_info, &xy[0], &xy[1], &xy[2], &xy[3], &xy[4], &xy[5], &xy[6], &xy[7]) != 0) {
    png_set_cHRM_fixed(work.writer, work.write_info, xy[0], xy[1], xy[2], xy[3], xy[4], xy[5], xy[6], xy[7]);
  }
}

void write_head(Work& work) {
  const auto& info = work.read_info;
  png_set_write_fn(
      work.writer, &work.out,
      [](png_structp at, png_bytep bytes, std::size_t size) {
        static_cast<Bytes*>(png_get_io_ptr(at))->append(reinterpret_cast<const char*>(bytes), size);
      },
      nullptr);
  png_set_compression_level(work.writer, kCompression);
  png_set_IHDR(work.writer, work.write_info, png_get_image_width(work.reader, info), png_get_image_height(work.reader, info),
               png_get_bit_depth(work.reader, info), png_get_color_type(work.reader, info), PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  copy_looks(work);
  png_write_info(work.writer, work.write_info);
}

void carry_rows(Work& work) {
  const std::size_t stride = png_get_rowbytes(work.reader, work.read_info);
  const png_uint_32 height = png_get_image_height(work.reader, work.read_info);
  if (png_get_interlace_type(work.reader, work.read_info) == PNG_INTERLACE_NONE) {
    work.pixels.assign(stride, 0);
    for (png_uint_32 y = 0; y < height; ++y) {
      png_read_row(work.reader, work.pixels.data(), nullptr);
      png_write_row(work.writer, work.pixels.data());
    }
    return;
  }
  work.pixels.assign(stride * height, 0);
  work.rows.resize(height);
  for (png_uint_32 y = 0; y < height; ++y) work.rows[y] = work.pixels.data() + y * stride;
  png_read_image(work.reader, work.rows.data());
  png_write_image(work.writer, work.rows.data());
}

bool carry_over(Work& work) {
  if (setjmp(png_jmpbuf(work.reader)) != 0) return false;
  if (setjmp(png_jmpbuf(work.writer)) != 0) return false;
  png::read_from(work.reader, work.input);
  png_read_info(work.reader, work.read_info);
  png::check_size(work.reader, work.read_info, work.failure);
  write_head(work);
  carry_rows(work);
  png_read_end(work.reader, nullptr);
  png_write_end(work.writer, nullptr);
  return true;
}

}  // namespace

Result<Bytes> strip_png(BytesView file) {
  Work work;
  work.input.bytes = file;
  work.reader = png::new_reader(work.failure);
  work.writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, &work.failure, png::jump_out, png::say_nothing);
  if (work.reader == nullptr || work.writer == nullptr) return fail(Errc::out_of_memory, "PNG");
  work.read_info = png_create_info_struct(work.reader);
  work.write_info = png_create_info_struct(work.writer);
  if (work.read_info == nullptr || work.write_info == nullptr) return fail(Errc::out_of_memory, "PNG");
  const bool done = carry_over(work);
  if (work.failure.too_large) return fail(Errc::too_large, "a picture of too many pixels");
  if (!done) return fail(Errc::bad_input, std::string("this picture cannot be read as a whole (PNG): ") + work.failure.words);
  return std::move(work.out);
}

}  // namespace wayside::attachments
