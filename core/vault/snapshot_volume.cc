#include "core/vault/snapshot_volume.h"

namespace wayside::vault {

Result<pb::SnapshotVolume> read_volume(BytesView file) {
  pb::SnapshotVolume out;
  if (file.size() > kMostVolumeBytes || !out.ParseFromArray(file.data(), static_cast<int>(file.size()))) {
    return fail(Errc::corrupt, "a volume of the snapshot");
  }
  return out;
}

}  // namespace wayside::vault
