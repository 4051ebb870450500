#include "tests/core/attachments/made_files.h"

#include <cstdio>
#include <cstdlib>
#include <exiv2/exiv2.hpp>
#include <jpeglib.h>
#include <png.h>
#include <stdexcept>

namespace wayside::attachments::testing {

Pixels pixels(unsigned width, unsigned height) {
  Pixels out{width, height, {}};
  for (unsigned y = 0; y < height; ++y) {
    for (unsigned x = 0; x < width; ++x) {
      out.rgb.push_back(static_cast<unsigned char>(255 * x / width));
      out.rgb.push_back(64);
      out.rgb.push_back(static_cast<unsigned char>(255 - 255 * y / height));
    }
  }
  return out;
}

Bytes plain_jpeg(const Pixels& from, bool progressive) {
  jpeg_compress_struct write{};
  jpeg_error_mgr errors{};
  write.err = jpeg_std_error(&errors);
  jpeg_create_compress(&write);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&write, &out, &size);
  write.image_width = from.width;
  write.image_height = from.height;
  write.input_components = 3;
  write.in_color_space = JCS_RGB;
  jpeg_set_defaults(&write);
  jpeg_set_quality(&write, 95, TRUE);
  if (progressive) jpeg_simple_progression(&write);
  jpeg_start_compress(&write, TRUE);
  while (write.next_scanline < write.image_height) {
    auto* row = const_cast<unsigned char*>(&from.rgb[std::size_t{write.next_scanline} * from.width * 3]);
    jpeg_write_scanlines(&write, &row, 1);
  }
  jpeg_finish_compress(&write);
  jpeg_destroy_compress(&write);
  Bytes bytes(reinterpret_cast<char*>(out), size);
  std::free(out);
  return bytes;
}

Bytes plain_png(const Pixels& from, bool interlaced, bool with_texts) {
  Bytes out;
  png_structp write = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(write);
  if (setjmp(png_jmpbuf(write)) != 0) throw std::runtime_error("libpng");
  png_set_write_fn(
      write, &out,
      [](png_structp at, png_bytep bytes, std::size_t size) {
        static_cast<Bytes*>(png_get_io_ptr(at))->append(reinterpret_cast<char*>(bytes), size);
      },
      nullptr);
  png_set_IHDR(write, info, from.width, from.height, 8, PNG_COLOR_TYPE_RGB, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  png_set_sRGB(write, info, PNG_sRGB_INTENT_PERCEPTUAL);
  Bytes exif("MM\0*\0\0\0\x08\0\0 Canary Phone 12", 26);
  std::string key = "Author", words(kAuthor);
  png_text text{};
  if (with_texts) {
    text.compression = PNG_TEXT_COMPRESSION_NONE;
    text.key = key.data();
    text.text = words.data();
    png_set_text(write, info, &text, 1);
    png_set_eXIf_1(write, info, static_cast<png_uint_32>(exif.size()), reinterpret_cast<png_bytep>(exif.data()));
    png_time when{2026, 5, 4, 3, 2, 1};
    png_set_tIME(write, info, &when);
  }
  std::vector<png_bytep> rows;
  for (unsigned y = 0; y < from.height; ++y) rows.push_back(const_cast<png_bytep>(&from.rgb[std::size_t{y} * from.width * 3]));
  png_set_rows(write, info, rows.data());
  png_write_png(write, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&write, &info);
  return out;
}

Bytes tagged(Bytes picture, int orientation) {
  auto image = Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(picture.data()), static_cast<long>(picture.size()));
  image->readMetadata();
  Exiv2::ExifData exif;
  exif["Exif.Image.Make"] = "Canary";
  exif["Exif.Image.Model"] = std::string(kDevice);
  exif["Exif.Photo.BodySerialNumber"] = "canary-serial";
  exif["Exif.Photo.DateTimeOriginal"] = "2026:05:04 03:02:01";
  exif["Exif.GPSInfo.GPSLatitude"] = std::string(kPlace);
  exif["Exif.GPSInfo.GPSLatitudeRef"] = "N";
  exif["Exif.Image.Orientation"] = static_cast<std::uint16_t>(orientation);
  image->setExifData(exif);
  Exiv2::XmpData xmp;
  xmp["Xmp.dc.creator"] = std::string(kAuthor);
  xmp["Xmp.exif.GPSLatitude"] = "52,38.18N";
  image->setXmpData(xmp);
  Exiv2::IptcData iptc;
  iptc["Iptc.Application2.City"] = "canary-city";
  image->setIptcData(iptc);
  if (picture.starts_with("\xFF\xD8")) image->setComment("canary-comment");
  image->writeMetadata();
  auto& io = image->io();
  io.open();
  Exiv2::DataBuf all = io.read(static_cast<long>(io.size()));
  return Bytes(reinterpret_cast<char*>(all.pData_), static_cast<std::size_t>(all.size_));
}

std::string metadata_of(const Bytes& picture) {
  auto image = Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(picture.data()), static_cast<long>(picture.size()));
  image->readMetadata();
  std::string out;
  for (const auto& each : image->exifData()) out += each.key() + " = " + each.toString() + "\n";
  for (const auto& each : image->xmpData()) out += each.key() + " = " + each.toString() + "\n";
  for (const auto& each : image->iptcData()) out += each.key() + " = " + each.toString() + "\n";
  if (!image->comment().empty()) out += "comment = " + image->comment() + "\n";
  if (image->iccProfileDefined()) out += "colour profile\n";
  return out;
}

Bytes pdf(const Bytes& jpeg_on_page, std::string_view extra_objects) {
  Bytes out = "%PDF-1.7\n";
  std::vector<std::size_t> at;
  const auto object = [&](const Bytes& body) {
    at.push_back(out.size());
    out += std::to_string(at.size()) + " 0 obj\n" + body + "\nendobj\n";
  };
  const auto stream = [](const Bytes& keys, const Bytes& data) {
    return "<< " + keys + " /Length " + std::to_string(data.size()) + " >>\nstream\n" + data + "\nendstream";
  };
  const Bytes xmp = "<x:xmpmeta>" + std::string(kAuthor) + " GPSLatitude " + std::string(kPlace) + "</x:xmpmeta>";
  object("<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R >>");
  object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>"
         " /LastModified (D:20260504) /PieceInfo << /Canary << /Private (canary-private) >> >> >>");
  object(stream("", "q 200 0 0 200 0 0 cm /I Do Q"));
  object(stream("/Type /XObject /Subtype /Image /Width 48 /Height 32 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode"
                " /Metadata 6 0 R", jpeg_on_page));
  object(stream("/Type /Metadata /Subtype /XML", xmp));
  object("<< /Author (" + std::string(kAuthor) + ") /Producer (" + std::string(kDevice) + ") /CreationDate (D:20260504030201) >>");
  if (!extra_objects.empty()) object(Bytes(extra_objects));
  const std::size_t table = out.size();
  out += "xref\n0 " + std::to_string(at.size() + 1) + "\n0000000000 65535 f \n";
  for (const std::size_t each : at) {
    char line[32];
    std::snprintf(line, sizeof line, "%010zu 00000 n \n", each);
    out += line;
  }
  return out + "trailer\n<< /Size " + std::to_string(at.size() + 1) + " /Root 1 0 R /Info 7 0 R" +
         (extra_objects.empty() ? "" : " /Extra 8 0 R") + " >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

Pixels decoded_jpeg(const Bytes& file) {
  jpeg_decompress_struct read{};
  jpeg_error_mgr errors{};
  read.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&read);
  jpeg_mem_src(&read, as_uchar(file), file.size());
  jpeg_read_header(&read, TRUE);
  jpeg_start_decompress(&read);
  Pixels out{read.output_width, read.output_height, std::vector<unsigned char>(std::size_t{read.output_width} * read.output_height * 3)};
  while (read.output_scanline < read.output_height) {
    auto* row = &out.rgb[std::size_t{read.output_scanline} * out.width * 3];
    jpeg_read_scanlines(&read, &row, 1);
  }
  jpeg_finish_decompress(&read);
  jpeg_destroy_decompress(&read);
  return out;
}

Pixels decoded_png(const Bytes& file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) throw std::runtime_error(image.message);
  image.format = PNG_FORMAT_RGB;
  Pixels out{image.width, image.height, std::vector<unsigned char>(PNG_IMAGE_SIZE(image))};
  if (png_image_finish_read(&image, nullptr, out.rgb.data(), 0, nullptr) == 0) throw std::runtime_error(image.message);
  return out;
}

}  // namespace wayside::attachments::testing
