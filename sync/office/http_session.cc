#include "sync/office/http_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

#include "platform/tls_identity.h"
#include "sync/office/tuning.h"
#include "sync/wire/tuning.h"

namespace wayside::office {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

std::optional<PublicKey> client_key(SSL* ssl) {
  const platform::UniqueCertificate certificate(SSL_get1_peer_certificate(ssl));
  if (!certificate) return std::nullopt;
  const auto key = platform::ed25519_public_key(certificate.get());
  if (!key) return std::nullopt;
  return PublicKey::from({reinterpret_cast<const char*>(key->data()), key->size()});
}

}  // namespace

HttpSession::HttpSession(asio::ip::tcp::socket socket, asio::ssl::context& tls, Service& service)
    : stream_(beast::tcp_stream(std::move(socket)), tls), service_(service), buffer_(kMaxHeaderBytes + (64U << 10)) {}

/// Every wait ends after a stall, and all of a request's together at its deadline.
void HttpSession::arm() {
  beast::get_lowest_layer(stream_).expires_at(std::min(std::chrono::steady_clock::now() + kIdleTimeout, deadline_));
}

asio::awaitable<void> HttpSession::run() {
  deadline_ = std::chrono::steady_clock::now() + kIdleTimeout;
  arm();
  const auto [failed] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
  if (failed) co_return;
  const auto key = client_key(stream_.native_handle());
  if (!key) co_return;
  client_ = *key;
  while (!finishing_) {
    const bool more = co_await serve_one();
    in_request_ = false;
    if (!more) break;
  }
  beast::get_lowest_layer(stream_).close();
}

asio::awaitable<bool> HttpSession::serve_one() {
  Parser parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(boost::none);  // decided below, when it is known who asks for what
  deadline_ = std::chrono::steady_clock::now() + kIdleTimeout;
  arm();
  const auto [failed, size] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
  if (failed) {
    const bool is_http_fault = failed.category() == http::make_error_code(http::error::bad_method).category();
    if (!is_http_fault || failed == http::error::end_of_stream || failed == http::error::partial_message)
      co_return false;
    (void)co_await write(Service::refuse(400, name_of(Errc::bad_input)), false);
    co_await linger();
    co_return false;
  }
  in_request_ = true;
  deadline_ = std::chrono::steady_clock::now() + kRequestTimeout;
  std::optional<Reply> refusal = co_await read_body(parser);
  if (refusal) {
    if (refusal->status != 0 && co_await write(*std::move(refusal), false)) co_await linger();
    co_return false;
  }
  const auto& request = parser.get();
  Reply reply = service_.answer(client_, {request.target().data(), request.target().size()}, request.body());
  const bool keep = request.keep_alive() && !finishing_;
  if (!co_await write(std::move(reply), keep)) co_return false;
  if (!keep) co_await say_goodbye();
  co_return keep;
}

asio::awaitable<std::optional<Reply>> HttpSession::read_body(Parser& parser) {
  const auto& request = parser.get();
  if (request.method() != http::verb::post) co_return Reply{405, {}};
  const Service::Welcome welcome = service_.welcome(client_, {request.target().data(), request.target().size()});
  if (welcome.refusal) co_return *welcome.refusal;
  if (parser.chunked() || !parser.content_length()) co_return Service::refuse(411, name_of(Errc::bad_input));
  if (*parser.content_length() > welcome.limit_bytes) co_return Service::refuse(413, name_of(Errc::too_large));

  if (beast::iequals(request[http::field::expect], "100-continue")) {
    http::response<http::empty_body> go_on(http::status::continue_, 11);
    arm();
    const auto [failed, size] = co_await http::async_write(stream_, go_on, kAwait);
    if (failed) co_return Reply{0, {}};
  }
  while (!parser.is_done()) {
    arm();
    const auto [failed, size] = co_await http::async_read_some(stream_, buffer_, parser, kAwait);
    if (failed) co_return Reply{0, {}};  // nobody is left to answer
  }
  co_return std::nullopt;
}

asio::awaitable<bool> HttpSession::write(Reply reply, bool keep_alive) {
  Response response(static_cast<http::status>(reply.status), 11);
  response.body() = std::move(reply.body);
  response.keep_alive(keep_alive);
  response.prepare_payload();
  http::response_serializer<http::string_body> serializer(response);
  while (!serializer.is_done()) {
    arm();
    const auto [failed, size] = co_await http::async_write_some(stream_, serializer, kAwait);
    if (failed) co_return false;
  }
  co_return true;
}

/// After an answer to a whole request: nothing more is under way.
asio::awaitable<void> HttpSession::say_goodbye() {
  beast::get_lowest_layer(stream_).expires_after(kLingerTimeout);
  (void)co_await stream_.async_shutdown(kAwait);
}

/// After a refusal of what is still being sent: says that nothing more will come from here, then reads and forgets
/// until the other end has read our answer and closes.
asio::awaitable<void> HttpSession::linger() {
  boost::system::error_code ignored;
  beast::get_lowest_layer(stream_).socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  beast::get_lowest_layer(stream_).expires_after(kLingerTimeout);
  std::size_t seen = 0;
  buffer_.clear();
  while (seen < 2 * wire::kMaxRequestBytes) {
    const auto [failed, size] = co_await stream_.async_read_some(buffer_.prepare(buffer_.max_size()), kAwait);
    if (failed) co_return;
    seen += size;
  }
}

void HttpSession::finish_soon() {
  finishing_ = true;
  if (!in_request_) abort();
}

void HttpSession::abort() { beast::get_lowest_layer(stream_).close(); }

}  // namespace wayside::office
