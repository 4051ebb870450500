#pragma once

#include <openssl/ssl.h>

#include <optional>
#include <string>

#include "platform/descriptor.h"
#include "platform/tls_identity.h"

namespace wayside::support {

/// A blocking TLS client that says exactly what a test tells it to, right or wrong. Loopback only.
class TlsClient {
 public:
  struct Options {
    const SecretBytes* seed = nullptr;  ///< Ed25519 client certificate; none without
    bool elliptic_certificate = false;  ///< a P-256 one instead
    int max_version = TLS1_3_VERSION;
  };
  TlsClient(std::uint16_t port, const Options& options);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  bool send(const std::string& bytes);
  /// Up to `size` bytes; fewer at the end of the connection.
  std::string read(std::size_t size);
  /// One HTTP answer: head and, by its Content-Length, body. Empty when the connection ended.
  std::string answer();
  std::string read_to_end();

 private:
  platform::Descriptor socket_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  bool connected_ = false;
};

std::string http_post(const std::string& path, const std::string& body, const std::string& more_headers = {});
int status_of(const std::string& answer);  ///< 0 when there is none

}  // namespace wayside::support
