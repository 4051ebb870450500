#include <libsecret/secret.h>
#include <sodium.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "platform/key_store.h"

namespace wayside::platform {
namespace {

constexpr auto kProbeLimit = std::chrono::seconds(3);     // a service that is there answers in milliseconds
constexpr auto kPersonLimit = std::chrono::seconds(120);  // it may ask a person to unlock the key ring

const SecretSchema kSchema = {"org.wayside.Key",
                              SECRET_SCHEMA_NONE,
                              {{"name", SECRET_SCHEMA_ATTRIBUTE_STRING}, {nullptr, SecretSchemaAttributeType{}}},
                              0,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr};

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(SecretValue* value) const { secret_value_unref(value); }
  void operator()(GHashTable* table) const { g_hash_table_unref(table); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

/// Cancels a call that takes too long: libsecret's synchronous calls have no time limit of their own.
class Deadline {
 public:
  explicit Deadline(std::chrono::seconds limit)
      : cancel_(g_cancellable_new()), watch_([this, limit](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          ended_.wait_for(lock, stop, limit, [] { return false; });
          if (!stop.stop_requested()) g_cancellable_cancel(cancel_.get());
        }) {}
  [[nodiscard]] GCancellable* get() const { return cancel_.get(); }

 private:
  Owned<GCancellable> cancel_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::jthread watch_;  // last: it ends before what it uses
};

/// `detail` takes numbers only: a service may repeat in its message what it was given.
std::unexpected<Error> service_failure(GError* raw) {
  const Owned<GError> error(raw);
  if (!error) return fail(Errc::io, "key store");
  return fail(Errc::io,
              std::string("key store: ") + g_quark_to_string(error->domain) + " " + std::to_string(error->code));
}

SecretBytes to_hex_text(const SecretBytes& secret) {
  SecretBytes text(secret.size() * 2 + 1);
  sodium_bin2hex(reinterpret_cast<char*>(text.data()), text.size(), secret.data(), secret.size());
  return text;
}

Result<SecretBytes> from_hex_text(const char* text, std::size_t size) {
  SecretBytes secret(size / 2);
  std::size_t length = 0;
  if (size % 2 != 0 || sodium_hex2bin(secret.data(), secret.size(), text, size, nullptr, &length, nullptr) != 0 ||
      length != secret.size()) {
    return fail(Errc::corrupt, "key store");
  }
  return secret;
}

Result<SecretBytes> load_from_service(const std::string& name) {
  const Deadline deadline(kPersonLimit);
  GError* error = nullptr;
  const Owned<SecretValue> value(
      secret_password_lookup_binary_sync(&kSchema, deadline.get(), &error, "name", name.c_str(), nullptr));
  if (error != nullptr) return service_failure(error);
  if (!value) return fail(Errc::not_found, "key store");
  gsize size = 0;
  const char* text = secret_value_get(value.get(), &size);
  return from_hex_text(text, size);
}

Result<void> save_to_service(const std::string& name, const SecretBytes& secret) {
  const SecretBytes text = to_hex_text(secret);
  const Owned<SecretValue> value(secret_value_new_full(reinterpret_cast<char*>(const_cast<unsigned char*>(text.data())),
                                                       static_cast<gssize>(text.size() - 1), "text/plain", nullptr));
  const Deadline deadline(kPersonLimit);
  GError* error = nullptr;
  const bool saved = secret_password_store_binary_sync(&kSchema, SECRET_COLLECTION_DEFAULT, "Wayside", value.get(),
                                                       deadline.get(), &error, "name", name.c_str(), nullptr) != FALSE;
  if (!saved || error != nullptr) return service_failure(error);
  return {};
}

Result<void> remove_from_service(const std::string& name) {
  const Deadline deadline(kPersonLimit);
  GError* error = nullptr;
  secret_password_clear_sync(&kSchema, deadline.get(), &error, "name", name.c_str(), nullptr);
  if (error != nullptr) return service_failure(error);
  return {};
}

bool has_session_bus(const Environment& environment) {
  if (environment("DBUS_SESSION_BUS_ADDRESS")) return true;
  const auto runtime = environment("XDG_RUNTIME_DIR");
  return runtime && ::access((Path(*runtime) / "bus").c_str(), R_OK | W_OK) == 0;
}

bool service_answers(const Environment& environment) {
  if (keys_are_files(environment) || !has_session_bus(environment)) return false;
  const Deadline deadline(kProbeLimit);
  GError* error = nullptr;
  const Owned<SecretService> service(secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, deadline.get(), &error));
  if (error != nullptr) g_error_free(error);
  return service != nullptr;
}

class LinuxKeyStore : public KeyStore {
 public:
  LinuxKeyStore(Files& files, Path folder, Environment environment)
      : environment_(std::move(environment)), folder_(files, std::move(folder)) {}

  Result<SecretBytes> load(std::string_view name) override {
    // The folder first: a save removes what lies there once the service has it, so what is there is the newest.
    auto secret = folder_.load(name);
    if (secret || secret.error().code != Errc::not_found || !is_system_store()) return secret;
    return load_from_service(std::string(name));
  }

  Result<void> save(std::string_view name, const SecretBytes& secret) override {
    if (!is_system_store()) return folder_.save(name, secret);
    if (save_to_service(std::string(name), secret)) return folder_.remove(name);  // no older copy beside it
    // A service without a key ring to write to, or a person who declined to unlock it.
    uses_service_ = false;
    return folder_.save(name, secret);
  }

  Result<void> remove(std::string_view name) override {
    if (is_system_store()) WAYSIDE_OK(remove_from_service(std::string(name)));
    return folder_.remove(name);
  }

  bool is_system_store() const override {
    if (!uses_service_) uses_service_ = service_answers(environment_);
    return *uses_service_;
  }

 private:
  Environment environment_;
  FileKeyStore folder_;
  mutable std::optional<bool> uses_service_;  // nothing: not asked yet
};

}  // namespace

std::unique_ptr<KeyStore> make_linux_key_store(Files& files, Path folder, Environment environment) {
  return std::make_unique<LinuxKeyStore>(files, std::move(folder), std::move(environment));
}

}  // namespace wayside::platform
