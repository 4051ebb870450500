#include "sync/office/http_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <list>

#include "platform/tls_identity.h"
#include "sync/office/http_session.h"
#include "sync/office/tuning.h"

namespace wayside::office {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kAcceptPause{100};  // when the system has no file descriptor left

/// The certificate says nothing: the handshake proves that the client holds its key, and the Service knows the key.
int accept_any_certificate(X509_STORE_CTX*, void*) { return 1; }

Result<void> configure(asio::ssl::context& tls, const platform::TlsIdentity& identity) {
  SSL_CTX* native = tls.native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(native, accept_any_certificate, nullptr);
  SSL_CTX_set_max_cert_list(native, kMaxCertificateBytes);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  const bool good = SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_max_proto_version(native, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_num_tickets(native, 0) == 1 && SSL_CTX_set1_sigalgs_list(native, "ed25519") == 1 &&
                    SSL_CTX_set1_client_sigalgs_list(native, "ed25519") == 1 &&
                    SSL_CTX_use_certificate(native, identity.certificate.get()) == 1 &&
                    SSL_CTX_use_PrivateKey(native, identity.key.get()) == 1;
  return good ? Result<void>{} : fail(Errc::io, "TLS cannot be set up");
}

Errc errc_of(const boost::system::error_code& error) {
  if (error == asio::error::address_in_use) return Errc::busy;
  if (error == boost::system::errc::address_not_available || error.category() == asio::error::get_netdb_category() ||
      error.category() == asio::error::get_addrinfo_category()) {
    return Errc::unreachable;
  }
  return error == asio::error::access_denied ? Errc::not_permitted : Errc::io;
}

}  // namespace

struct HttpServer::Parts {
  explicit Parts(Service& which) : service(which) {}

  Result<void> bind(const Address& address);
  asio::awaitable<void> accept();
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<void> tick(std::function<std::chrono::milliseconds()> each_interval);
  void begin_stop();

  Service& service;
  asio::io_context io{1};
  asio::ssl::context tls{asio::ssl::context::tls_server};
  tcp::acceptor acceptor{io};
  asio::signal_set signals{io};
  asio::steady_timer ticker{io};
  asio::steady_timer last_call{io};
  std::list<HttpSession*> sessions;
  bool stopping = false;
};

Result<void> HttpServer::Parts::bind(const Address& address) {
  boost::system::error_code error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(address.host, std::to_string(address.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) return fail(Errc::unreachable, address.host);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error ? fail(errc_of(error), address.host + ":" + std::to_string(address.port)) : Result<void>{};
}

asio::awaitable<void> HttpServer::Parts::accept() {
  while (!stopping) {
    auto [error, socket] = co_await acceptor.async_accept(kAwait);
    if (error == asio::error::operation_aborted) break;
    if (error) {
      asio::steady_timer pause(io, kAcceptPause);
      (void)co_await pause.async_wait(kAwait);
      continue;
    }
    if (sessions.size() >= kMaxConnections || stopping) continue;  // closes it
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    // A session that fails in a way that nobody foresaw ends alone.
    asio::co_spawn(io, serve(std::move(socket)), [](const std::exception_ptr&) {});
  }
}

asio::awaitable<void> HttpServer::Parts::serve(tcp::socket socket) {
  HttpSession session(std::move(socket), tls, service);
  struct Registration {
    std::list<HttpSession*>& all;
    std::list<HttpSession*>::iterator place;
    ~Registration() { all.erase(place); }
  } const registration{sessions, sessions.insert(sessions.end(), &session)};
  co_await session.run();
  if (stopping && sessions.size() == 1) last_call.cancel();
}

asio::awaitable<void> HttpServer::Parts::tick(std::function<std::chrono::milliseconds()> each_interval) {
  std::chrono::milliseconds pause = kFiguresInterval;
  while (!stopping) {
    ticker.expires_after(pause);
    const auto [error] = co_await ticker.async_wait(kAwait);
    if (!error && each_interval) pause = each_interval();
  }
}

void HttpServer::Parts::begin_stop() {
  if (stopping) return;
  stopping = true;
  boost::system::error_code ignored;
  acceptor.close(ignored);
  signals.cancel(ignored);
  ticker.cancel();
  for (HttpSession* session : sessions) session->finish_soon();
  if (sessions.empty()) return;
  last_call.expires_after(kStopTimeout);
  last_call.async_wait([this](const boost::system::error_code&) {
    for (HttpSession* session : sessions) session->abort();
  });
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const Address& address, Service& service) {
  auto parts = std::make_unique<Parts>(service);
  WAYSIDE_TRY(const platform::TlsIdentity identity, platform::TlsIdentity::from_seed(service.keys().tls_seed));
  WAYSIDE_OK(configure(parts->tls, identity));
  WAYSIDE_OK(parts->bind(address));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

std::uint16_t HttpServer::port() const { return parts_->acceptor.local_endpoint().port(); }

std::string HttpServer::endpoint() const {
  const tcp::endpoint endpoint = parts_->acceptor.local_endpoint();
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

void HttpServer::stop_on_signals() {
  parts_->signals.add(SIGTERM);
  parts_->signals.add(SIGINT);
  parts_->signals.async_wait([parts = parts_.get()](const boost::system::error_code& error, int) {
    if (!error) parts->begin_stop();
  });
}

void HttpServer::run(std::function<std::chrono::milliseconds()> each_interval) {
  asio::co_spawn(parts_->io, parts_->accept(), asio::detached);
  asio::co_spawn(parts_->io, parts_->tick(std::move(each_interval)), asio::detached);
  parts_->io.run();
}

void HttpServer::stop() {
  asio::post(parts_->io, [parts = parts_.get()] { parts->begin_stop(); });
}

}  // namespace wayside::office
