#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/secret_bytes.h"
#include "platform/tls_identity.h"

namespace wayside::support {

/// A small TLS server on a loopback port of its own that records what reaches it and answers byte for byte as told.
/// One connection at a time. An empty answer ends the connection.
class TlsPeer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  TlsPeer(const SecretBytes& seed, Answer answer, bool only_tls_1_2 = false);
  ~TlsPeer();
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] platform::Pin pin() const { return platform::spki_sha256(identity_.certificate.get()); }

  struct Seen {
    int handshakes = 0;  ///< completed
    int failed_handshakes = 0;
    std::vector<std::string> requests;                                      ///< head and body as they came
    std::vector<std::optional<std::array<unsigned char, 32>>> client_keys;  ///< of each connection, failed ones too
    std::uint64_t bytes_down = 0;                                           ///< of HTTP
  };
  /// Waits until `connections` have ended or are being served.
  Seen seen(int connections);
  /// Ends the present connection, as an office does that restarts.
  void drop_connection();

 private:
  void serve();
  void serve_connection(int fd);

  platform::TlsIdentity identity_;
  Answer answer_;
  bool only_tls_1_2_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;
  int connection_ = -1;
  bool stopping_ = false;
  std::thread thread_;
};

std::string http_answer(const std::string& body, const std::string& more_headers = {});

}  // namespace wayside::support
