#pragma once

#include <memory>

#include "platform/env.h"
#include "platform/paths.h"

namespace wayside::platform {

/// One 0600 file per name in a folder of its own: where no system store answers, and for tests.
/// Names are 1 to 100 of a-z 0-9 . _ - and do not begin with a point; else Errc::bad_input.
class FileKeyStore : public KeyStore {
 public:
  FileKeyStore(Files& files, Path folder) : files_(files), folder_(std::move(folder)) {}
  Result<SecretBytes> load(std::string_view name) override;
  Result<void> save(std::string_view name, const SecretBytes& secret) override;
  Result<void> remove(std::string_view name) override;
  bool is_system_store() const override { return false; }

 private:
  [[nodiscard]] Result<Path> file_of(std::string_view name) const;
  Files& files_;
  Path folder_;
};

/// The Secret Service of the desktop (libsecret), when one answers within seconds; else files in `folder`.
/// Asked only once it is needed, and never without a session bus, where it would hang. The folder is
/// read in any case: the vault may have been made on a bare console, or the service may have refused to keep a secret.
/// Secrets go to the service as hex text, since some services keep text only.
std::unique_ptr<KeyStore> make_linux_key_store(Files& files, Path folder, Environment environment);

}  // namespace wayside::platform
