#include "core/attachments/blobs.h"

#include "core/attachments/limits.h"
#include "core/attachments/sealed_file.h"
#include "platform/atomic_file.h"

namespace wayside::attachments {

platform::Path Blobs::path_of(const Digest& address) const {
  const std::string hex = to_hex(address.view());
  return folder_ / hex.substr(0, 2) / hex;
}

Result<Digest> Blobs::put(BytesView chunk) {
  const Digest address = address_of(chunk);
  const platform::Path path = path_of(address);
  WAYSIDE_OK(files_.make_folders(path.parent_path()));
  WAYSIDE_OK(platform::write_atomically(files_, path, chunk));
  return address;
}

Result<void> Blobs::put_for_now(const Digest& address, BytesView chunk) {
  const platform::Path path = path_of(address);
  WAYSIDE_OK(files_.make_folders(path.parent_path()));
  return platform::write_for_now(files_, path, chunk);
}

Result<Bytes> Blobs::get(const Digest& address) {
  auto chunk = platform::read_all(files_, path_of(address), kMaxSealedPartBytes);
  if (!chunk && chunk.error().code == Errc::not_found) {
    return fail(Errc::not_found, "a part of the attachment is not on this device: " + to_hex(address.view()));
  }
  const bool damaged = chunk ? address_of(*chunk) != address : chunk.error().code == Errc::too_large;
  if (damaged) return fail(Errc::corrupt, "a part of the attachment: " + to_hex(address.view()));
  return chunk;
}

Result<Blobs::Names> Blobs::list() {
  Names out;
  if (!files_.exists(folder_)) return out;
  for (int first = 0; first < 256; ++first) {
    const platform::Path folder = folder_ / to_hex(Bytes(1, static_cast<char>(first)));
    WAYSIDE_TRY(const auto names, files_.list(folder));
    for (const std::string& name : names) {
      const auto address = Digest::from(from_hex(name));
      if (address && path_of(*address) == folder / name) out.whole.push_back(*address);
      else out.others.push_back(folder / name);
    }
  }
  return out;
}

}  // namespace wayside::attachments
