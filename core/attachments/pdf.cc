#include <array>
#include <memory>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFLogger.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>
#include <string>

#include "core/attachments/strip.h"

namespace wayside::attachments {
namespace {

// ISO 32000-1: 14.3.2 Metadata, 14.5 PieceInfo, 14.11 and 12.3.4 Thumb, 14.3.3 Info. Any object may have the first two.
constexpr std::array kOutOfEveryObject{"/Metadata", "/PieceInfo", "/LastModified", "/Thumb"};
// Dates and names of embedded files are kept by 7.11.4 in their Params.
constexpr std::array kOutOfFiles{"/CreationDate", "/ModDate", "/Mac"};

bool is_signature(QPDFObjectHandle& dictionary) { return dictionary.hasKey("/ByteRange") && dictionary.hasKey("/Contents"); }

/// The filters of a stream, when JPEG is among them.
enum class Holds { no_jpeg, jpeg, jpeg_within };
Holds jpeg_in(QPDFObjectHandle& dictionary) {
  QPDFObjectHandle filter = dictionary.getKey("/Filter");
  if (filter.isName()) return filter.getName() == "/DCTDecode" || filter.getName() == "/DCT" ? Holds::jpeg : Holds::no_jpeg;
  if (!filter.isArray()) return Holds::no_jpeg;
  const int count = filter.getArrayNItems();
  for (int i = 0; i < count; ++i) {
    QPDFObjectHandle each = filter.getArrayItem(i);
    if (each.isName() && (each.getName() == "/DCTDecode" || each.getName() == "/DCT")) return count == 1 ? Holds::jpeg : Holds::jpeg_within;
  }
  return Holds::no_jpeg;
}

Result<void> clean_picture(QPDFObjectHandle& stream) {
  QPDFObjectHandle dictionary = stream.getDict();
  const Holds holds = jpeg_in(dictionary);
  if (holds == Holds::no_jpeg) return {};
  if (holds == Holds::jpeg_within) return fail(Errc::bad_input, "a picture in this PDF is packed twice, so its place cannot be taken out");
  const std::shared_ptr<Buffer> raw = stream.getRawStreamData();
  auto clean = strip_jpeg({reinterpret_cast<const char*>(raw->getBuffer()), raw->getSize()});
  if (!clean) return fail(clean.error().code, "in this PDF: " + clean.error().detail);
  stream.replaceStreamData(*clean, dictionary.getKey("/Filter"), dictionary.getKey("/DecodeParms"));
  return {};
}

Result<void> clean(QPDFObjectHandle& object) {
  if (!object.isDictionary() && !object.isStream()) return {};
  QPDFObjectHandle dictionary = object.isStream() ? object.getDict() : object;
  if (is_signature(dictionary)) return fail(Errc::bad_input, "this PDF is signed, and without its metadata the signature would not hold");
  for (const char* key : kOutOfEveryObject) {
    if (dictionary.hasKey(key)) dictionary.removeKey(key);
  }
  if (QPDFObjectHandle params = dictionary.getKey("/Params"); params.isDictionary()) {
    for (const char* key : kOutOfFiles) {
      if (params.hasKey(key)) params.removeKey(key);
    }
  }
  if (!object.isStream()) return {};
  if (dictionary.isDictionaryOfType("/Metadata")) {   // wherever it is named from
    object.replaceStreamData("", QPDFObjectHandle::newNull(), QPDFObjectHandle::newNull());
    return {};
  }
  return clean_picture(object);
}

Result<Bytes> rewrite(BytesView file) {
  QPDF pdf;
  const auto silent = QPDFLogger::create();
  silent->discard();
  pdf.setLogger(silent);
  pdf.setSuppressWarnings(true);
  pdf.processMemoryFile("file", file.data(), file.size());
  if (pdf.getAllPages().empty()) return fail(Errc::bad_input, "this PDF has no pages: it is damaged");
  for (QPDFObjectHandle& object : pdf.getAllObjects()) WAYSIDE_OK(clean(object));
  QPDFObjectHandle trailer = pdf.getTrailer();
  if (trailer.hasKey("/Info")) trailer.removeKey("/Info");
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setPreserveEncryption(false);   // an empty password protects nothing; the file is sealed by us
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.setDeterministicID(true);       // else it holds the moment of writing
  writer.write();
  const std::shared_ptr<Buffer> out = writer.getBufferSharedPointer();
  return Bytes(reinterpret_cast<const char*>(out->getBuffer()), out->getSize());
}

}  // namespace

Result<Bytes> strip_pdf(BytesView file) {
  try {
    return rewrite(file);
  } catch (const QPDFExc& broken) {
    if (broken.getErrorCode() == qpdf_e_password) return fail(Errc::bad_input, "this PDF asks for a password; take it off first");
    return fail(Errc::bad_input, "this PDF is damaged");   // qpdf's own words may quote the file
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return fail(Errc::bad_input, "this PDF is damaged");
  }
}

}  // namespace wayside::attachments
