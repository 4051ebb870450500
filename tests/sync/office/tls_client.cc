#include "tests/sync/office/tls_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ec.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

namespace wayside::support {
namespace {

platform::UniqueCertificate self_signed(EVP_PKEY* key) {
  platform::UniqueCertificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

void use_certificate(SSL_CTX* context, const TlsClient::Options& options) {
  if (options.elliptic_certificate) {
    const platform::UniqueKey key(EVP_EC_gen("P-256"));
    const auto certificate = self_signed(key.get());
    SSL_CTX_use_certificate(context, certificate.get());
    SSL_CTX_use_PrivateKey(context, key.get());
  } else if (options.seed != nullptr) {
    const auto identity = platform::TlsIdentity::from_seed(*options.seed);
    SSL_CTX_use_certificate(context, identity->certificate.get());
    SSL_CTX_use_PrivateKey(context, identity->key.get());
  }
}

}  // namespace

TlsClient::TlsClient(std::uint16_t port, const Options& options)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), context_(SSL_CTX_new(TLS_client_method())) {
  std::signal(SIGPIPE, SIG_IGN);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  const int at_once = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  SSL_CTX_set_max_proto_version(context_, options.max_version);
  use_certificate(context_, options);
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, socket_.get());
  connected_ = SSL_connect(ssl_) == 1;
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

bool TlsClient::send(const std::string& bytes) {
  return connected_ && SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

std::string TlsClient::read(std::size_t size) {
  std::string all;
  std::array<char, 4096> piece{};
  while (connected_ && all.size() < size) {
    const int got = SSL_read(ssl_, piece.data(), static_cast<int>(std::min(piece.size(), size - all.size())));
    if (got <= 0) break;
    all.append(piece.data(), static_cast<std::size_t>(got));
  }
  return all;
}

std::string TlsClient::answer() {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const std::string next = read(1);
    if (next.empty()) return {};
    head += next;
  }
  const std::size_t length = head.find("Content-Length: ");
  return length == std::string::npos ? head : head + read(std::strtoul(head.c_str() + length + 16, nullptr, 10));
}

std::string TlsClient::read_to_end() { return read(SIZE_MAX); }

std::string http_post(const std::string& path, const std::string& body, const std::string& more_headers) {
  return "POST " + path + " HTTP/1.1\r\nHost: office\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more_headers + "\r\n" + body;
}

int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? static_cast<int>(std::strtol(answer.c_str() + 9, nullptr, 10)) : 0;
}

}  // namespace wayside::support
