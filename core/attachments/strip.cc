#include "core/attachments/strip.h"

namespace wayside::attachments {

Result<Bytes> strip(const Media& media, Bytes file) {
  switch (media.stripping) {
    case Stripping::jpeg: return strip_jpeg(file);
    case Stripping::png: return strip_png(file);
    case Stripping::pdf: return strip_pdf(file);
    case Stripping::impossible:
      return fail(Errc::bad_input, "place and device cannot be taken out of " + std::string(media.type) + "; save it as JPEG, PNG or PDF");
    case Stripping::misnamed: return fail(Errc::bad_input, "it is not what its name says: damaged, or another kind of file");
    case Stripping::nothing_to_do: return file;
  }
  return fail(Errc::bad_input, "unknown kind of file");
}

}  // namespace wayside::attachments
