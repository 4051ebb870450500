#include "tests/platform/tls_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace wayside::support {
namespace {

struct SslFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

int take_any_certificate(X509_STORE_CTX*, void*) { return 1; }

/// One HTTP request as it came; empty at the end of the connection.
std::string read_request(SSL* ssl) {
  std::string request;
  std::size_t wanted = std::string::npos;
  while (wanted == std::string::npos || request.size() < wanted) {
    char chunk[16 * 1024];
    const int got = SSL_read(ssl, chunk, sizeof chunk);
    if (got <= 0) return {};
    request.append(chunk, static_cast<std::size_t>(got));
    const auto head = request.find("\r\n\r\n");
    if (head == std::string::npos || wanted != std::string::npos) continue;
    const auto length = request.find("Content-Length: ");
    wanted = head + 4 + (length < head ? std::stoul(request.substr(length + 16)) : 0);
  }
  return request;
}

}  // namespace

TlsPeer::TlsPeer(const SecretBytes& seed, Answer answer, bool only_tls_1_2)
    : answer_(std::move(answer)), only_tls_1_2_(only_tls_1_2) {
  std::signal(SIGPIPE, SIG_IGN);
  identity_ = platform::TlsIdentity::from_seed(seed).value();
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
      ::listen(listener_, 16) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
    throw std::runtime_error("no loopback port");
  }
  port_ = ntohs(here.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TlsPeer::~TlsPeer() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
    if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
    ::shutdown(listener_, SHUT_RDWR);  // wakes accept
  }
  thread_.join();
  ::close(listener_);
}

void TlsPeer::drop_connection() {
  std::unique_lock lock(mutex_);
  if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
  changed_.wait(lock, [this] { return connection_ < 0; });
}

TlsPeer::Seen TlsPeer::seen(int connections) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return seen_.handshakes + seen_.failed_handshakes >= connections; });
  return seen_;
}

void TlsPeer::serve() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    {
      const std::lock_guard guard(mutex_);
      if (fd < 0 || stopping_) {
        if (fd >= 0) ::close(fd);
        return;
      }
      connection_ = fd;
    }
    serve_connection(fd);
    const std::lock_guard guard(mutex_);
    connection_ = -1;
    ::close(fd);
    changed_.notify_all();
  }
}

void TlsPeer::serve_connection(int fd) {
  const std::unique_ptr<SSL_CTX, SslFree> context(SSL_CTX_new(TLS_server_method()));
  if (only_tls_1_2_) SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_use_certificate(context.get(), identity_.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity_.key.get());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), &take_any_certificate, nullptr);
  const std::unique_ptr<SSL, SslFree> ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), fd);
  const bool accepted = SSL_accept(ssl.get()) == 1;
  {
    const platform::UniqueCertificate theirs(SSL_get1_peer_certificate(ssl.get()));
    const std::lock_guard guard(mutex_);
    ++(accepted ? seen_.handshakes : seen_.failed_handshakes);
    seen_.client_keys.push_back(theirs ? platform::ed25519_public_key(theirs.get()) : std::nullopt);
    changed_.notify_all();
  }
  if (!accepted) return;
  for (;;) {
    std::string request = read_request(ssl.get());
    if (request.empty()) return;
    const std::string answer = answer_(request);
    {
      const std::lock_guard guard(mutex_);
      seen_.requests.push_back(std::move(request));
      seen_.bytes_down += answer.size();
      changed_.notify_all();
    }
    if (answer.empty() || SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size())) <= 0) return;
  }
}

std::string http_answer(const std::string& body, const std::string& more_headers) {
  return "HTTP/1.1 200 OK\r\n" + more_headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace wayside::support
