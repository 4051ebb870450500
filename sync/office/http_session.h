#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <chrono>
#include <optional>

#include "sync/office/service.h"

namespace wayside::office {

/// One connection, from handshake to end. Lives in one coroutine on the server's thread.
class HttpSession {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, Service& service);

  boost::asio::awaitable<void> run();
  /// A request under way is finished, then the connection ends; an idle one ends now.
  void finish_soon();
  void abort();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  /// True while another request may follow.
  boost::asio::awaitable<bool> serve_one();
  /// A reply that ends the connection before its body was read; nothing when the body is complete.
  boost::asio::awaitable<std::optional<Reply>> read_body(Parser& parser);
  boost::asio::awaitable<bool> write(Reply reply, bool keep_alive);
  boost::asio::awaitable<void> say_goodbye();
  boost::asio::awaitable<void> linger();
  void arm();

  boost::beast::ssl_stream<boost::beast::tcp_stream> stream_;
  Service& service_;
  boost::beast::flat_buffer buffer_;
  PublicKey client_;
  std::chrono::steady_clock::time_point deadline_;
  bool in_request_ = false;
  bool finishing_ = false;
};

}  // namespace wayside::office
