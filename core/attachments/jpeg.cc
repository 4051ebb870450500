#include "core/attachments/jpeg.h"

#include <jerror.h>

#include <array>
#include <memory>
#include <string>

#include "core/attachments/limits.h"
#include "core/attachments/strip.h"

namespace wayside::attachments {
namespace jpeg {
namespace {

[[noreturn]] void jump_out(j_common_ptr info) {
  auto& failure = *reinterpret_cast<Failure*>(info->err);
  (*info->err->format_message)(info, failure.words);
  std::longjmp(failure.jump, 1);
}

/// libjpeg goes on after damage and fills up with grey. Some warnings are no damage: bytes between blocks, which many
/// telephones write.
void note(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_NOT_SEQUENTIAL: {
      auto& failure = *reinterpret_cast<Failure*>(info->err);
      if (!failure.damaged) (*info->err->format_message)(info, failure.words);
      failure.damaged = true;
      break;
    }
    default: break;
  }
}

void say_nothing(j_common_ptr) {}

void bound_scans(j_common_ptr info) {
  if (!info->is_decompressor) return;
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMaxJpegScans) return;
  info->err->msg_code = JERR_BAD_PROGRESSION;
  (*info->err->error_exit)(info);
}

constexpr int kExif = JPEG_APP0 + 1;
constexpr std::size_t kIfdAt = 6;         // behind "Exif\0\0"
constexpr std::size_t kEntryBytes = 12;
constexpr unsigned kOrientationTag = 0x0112;
constexpr unsigned kShort = 3;

/// Numbers of a TIFF block in its own byte order; nothing beyond its end.
class Tiff {
 public:
  explicit Tiff(BytesView block) : block_(block), little_(block.starts_with("II")) {}
  [[nodiscard]] bool good() const { return block_.size() >= 8 && (little_ || block_.starts_with("MM")) && number(2, 2) == 42; }
  [[nodiscard]] unsigned long number(std::size_t at, std::size_t size) const {
    if (at > block_.size() || size > block_.size() - at) return 0;
    unsigned long out = 0;
    for (std::size_t i = 0; i < size; ++i) {
      out = out << 8 | static_cast<unsigned char>(block_[at + (little_ ? size - 1 - i : i)]);
    }
    return out;
  }

 private:
  BytesView block_;
  bool little_;
};

}  // namespace

Failure::Failure() {
  jpeg_std_error(&manager);
  manager.error_exit = jump_out;
  manager.emit_message = note;
  manager.output_message = say_nothing;
}

int orientation_of(const jpeg_decompress_struct& read) {
  for (auto* marker = read.marker_list; marker != nullptr; marker = marker->next) {
    const BytesView block(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (marker->marker != kExif || !block.starts_with(BytesView("Exif\0\0", kIfdAt))) continue;
    const Tiff tiff(block.substr(kIfdAt));
    if (!tiff.good()) return 1;
    const std::size_t ifd = tiff.number(4, 4);
    const std::size_t entries = tiff.number(ifd, 2);
    for (std::size_t i = 0; i < entries; ++i) {
      const std::size_t at = ifd + 2 + i * kEntryBytes;
      if (tiff.number(at, 2) != kOrientationTag || tiff.number(at + 2, 2) != kShort) continue;
      const auto found = static_cast<int>(tiff.number(at + 8, 2));
      return found >= 1 && found <= 8 ? found : 1;
    }
  }
  return 1;
}

void prepare(jpeg_decompress_struct& read, jpeg_progress_mgr& progress, BytesView file) {
  progress.progress_monitor = bound_scans;
  read.progress = &progress;
  jpeg_mem_src(&read, as_uchar(file), static_cast<unsigned long>(file.size()));
  jpeg_save_markers(&read, kExif, 0xFFFF);
}

void check_size(jpeg_decompress_struct& read) {
  if (std::uint64_t{read.image_width} * read.image_height <= kMaxPixels) return;
  auto& failure = *reinterpret_cast<Failure*>(read.err);
  failure.too_large = true;
  std::longjmp(failure.jump, 1);
}

}  // namespace jpeg

namespace {

/// The only block that a stripped picture carries: EXIF with one entry, its orientation.
void write_orientation(jpeg_compress_struct& write, int orientation) {
  unsigned char block[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0,
                           0,   0,   0,   0};
  block[25] = static_cast<unsigned char>(orientation);
  jpeg_write_marker(&write, JPEG_APP0 + 1, block, sizeof block);
}

/// Where libjpeg writes to. Its own memory destination loses its buffer when a later step fails.
struct Sink {
  jpeg_destination_mgr manager{};
  Bytes* out = nullptr;
  std::array<unsigned char, 1 << 16> buffer{};

  static Sink& of(j_compress_ptr write) { return *reinterpret_cast<Sink*>(write->dest); }
  void rewind() { manager.next_output_byte = buffer.data(), manager.free_in_buffer = buffer.size(); }
  void flush(std::size_t bytes) { out->append(reinterpret_cast<const char*>(buffer.data()), bytes), rewind(); }
};

void attach(jpeg_compress_struct& write, Sink& sink) {
  sink.manager.init_destination = [](j_compress_ptr at) { Sink::of(at).rewind(); };
  sink.manager.empty_output_buffer = [](j_compress_ptr at) -> boolean { return Sink::of(at).flush(Sink::of(at).buffer.size()), TRUE; };
  sink.manager.term_destination = [](j_compress_ptr at) {
    Sink::of(at).flush(Sink::of(at).buffer.size() - Sink::of(at).manager.free_in_buffer);
  };
  write.dest = &sink.manager;
}

/// Only what libjpeg may jump over lives here.
bool carry_over(BytesView file, jpeg::Failure& failure, Sink& sink) {
  jpeg_decompress_struct read{};
  jpeg_compress_struct write{};
  jpeg_progress_mgr progress{};
  read.err = write.err = &failure.manager;
  if (setjmp(failure.jump) != 0) {
    jpeg_destroy_compress(&write);
    jpeg_destroy_decompress(&read);
    return false;
  }
  jpeg_create_decompress(&read);
  jpeg_create_compress(&write);
  jpeg::prepare(read, progress, file);
  jpeg_read_header(&read, TRUE);
  jpeg::check_size(read);
  jvirt_barray_ptr* const coefficients = jpeg_read_coefficients(&read);
  jpeg_copy_critical_parameters(&read, &write);
  write.optimize_coding = TRUE;   // the standard tables would make the file larger than it was
  attach(write, sink);
  jpeg_write_coefficients(&write, coefficients);
  if (const int orientation = jpeg::orientation_of(read); orientation != 1) write_orientation(write, orientation);
  jpeg_finish_compress(&write);
  jpeg_finish_decompress(&read);
  jpeg_destroy_compress(&write);
  jpeg_destroy_decompress(&read);
  return true;
}

}  // namespace

Result<Bytes> strip_jpeg(BytesView file) {
  jpeg::Failure failure;
  Bytes out;
  const auto sink = std::make_unique<Sink>();
  sink->out = &out;
  const bool done = carry_over(file, failure, *sink);
  if (failure.too_large) return fail(Errc::too_large, "a picture of more than 120 million pixels");
  if (!done || failure.damaged) return fail(Errc::bad_input, std::string("this picture cannot be read as a whole (JPEG): ") + failure.words);
  return out;
}

}  // namespace wayside::attachments
