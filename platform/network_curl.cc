#include "platform/network_curl.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "platform/tls_identity.h"

namespace wayside::platform {
namespace {

constexpr std::int64_t kConnectLimitMs = 20'000;
constexpr std::size_t kHeaderLimitBytes = 64 * 1024;

struct CurlFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What one answer may still be, while it comes in.
struct Incoming {
  Bytes body;
  std::size_t body_limit = 0;
  std::size_t header_bytes = 0;
  bool too_large = false;
};

std::size_t receive_body(char* data, std::size_t, std::size_t size, void* context) {
  auto& in = *static_cast<Incoming*>(context);
  if (size > in.body_limit - in.body.size()) {
    in.too_large = true;
    return 0;  // libcurl ends the connection
  }
  in.body.append(data, size);
  return size;
}

std::size_t receive_header(char*, std::size_t, std::size_t size, void* context) {
  auto& in = *static_cast<Incoming*>(context);
  in.header_bytes += size;
  in.too_large = in.too_large || in.header_bytes > kHeaderLimitBytes;
  return in.too_large ? 0 : size;
}

/// libcurl's own figures count the body of a small request twice or not at all; what it shows its log is what it sends.
int count_sent(CURL*, curl_infotype kind, char*, std::size_t size, void* sent_bytes) {
  if (kind == CURLINFO_HEADER_OUT || kind == CURLINFO_DATA_OUT) *static_cast<std::uint64_t*>(sent_bytes) += size;
  return 0;
}

std::string host_of(const std::string& address) { return address.substr(0, address.rfind(':')); }

bool is_loopback(const std::string& address) {
  const std::string host = host_of(address);
  return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

/// The address becomes part of a URL: nothing in it may end the host or begin something else.
bool is_address(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == address.size() || address.size() - colon > 6)
    return false;
  const auto is_port = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_host = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '_';
  };
  const auto is_ipv6 = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  };
  const std::string host = address.substr(0, colon);
  const std::string port = address.substr(colon + 1);
  if (!std::all_of(port.begin(), port.end(), is_port)) return false;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return std::all_of(host.begin() + 1, host.end() - 1, is_ipv6);
  return std::all_of(host.begin(), host.end(), is_host);
}

bool is_path(const std::string& path) {
  return path.starts_with('/') && std::all_of(path.begin(), path.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '-' ||
                  c == '_' || c == '.';
         });
}

std::string base64_of(const Pin& pin) {
  std::string text(sodium_base64_ENCODED_LEN(pin.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), pin.data(), pin.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating NUL that libsodium writes
  return text;
}

std::string proxy_for(const HttpCall& call, const Environment& environment) {
  if (is_loopback(call.address)) return {};
  for (const char* name : {"https_proxy", "HTTPS_PROXY"}) {
    if (const auto proxy = environment(name)) return *proxy;
  }
  return {};  // an empty proxy also keeps libcurl from reading all_proxy and the like
}

}  // namespace

/// One libcurl handle for one (address, pin, client key): two devices never share a connection.
class CurlNetwork::Session {
 public:
  static Result<std::unique_ptr<Session>> open(const HttpCall& call, const std::string& proxy);
  [[nodiscard]] bool fits(const HttpCall& call, const std::string& proxy) const;
  Result<HttpAnswer> post(const HttpCall& call);

 private:
  static CURLcode shape_tls(CURL*, void* ssl_context, void* self);
  static int verify_office(X509_STORE_CTX* store, void* self);
  template <class T>
  void set(CURLoption option, T value) {
    // These options exist in every libcurl that CMake lets pass; refusing one would be a bug of ours.
    if (curl_easy_setopt(handle_.get(), option, value) != CURLE_OK) std::abort();
  }
  void set_fixed_options();
  [[nodiscard]] std::unexpected<Error> failure(CURLcode code, const Incoming& in) const;

  std::string address_;
  std::string proxy_;
  Pin pin_{};
  TlsIdentity identity_;                           // empty: no client certificate
  std::array<unsigned char, 32> client_public_{};  // zero: none
  bool wrong_office_ = false;
  std::uint64_t sent_bytes_ = 0;
  std::unique_ptr<curl_slist, CurlFree> headers_;
  std::unique_ptr<CURL, CurlFree> handle_;  // last: it ends before what its callbacks use
};

Result<std::unique_ptr<CurlNetwork::Session>> CurlNetwork::Session::open(const HttpCall& call,
                                                                         const std::string& proxy) {
  auto session = std::make_unique<Session>();
  session->address_ = call.address;
  session->proxy_ = proxy;
  session->pin_ = call.office_pin;
  if (call.client_key != nullptr) {
    WAYSIDE_TRY(session->identity_, TlsIdentity::from_seed(*call.client_key));
    session->client_public_ = *ed25519_public_key(session->identity_.certificate.get());
  }
  session->handle_.reset(curl_easy_init());
  if (!session->handle_) return fail(Errc::out_of_memory, "libcurl");
  session->set_fixed_options();
  return session;
}

bool CurlNetwork::Session::fits(const HttpCall& call, const std::string& proxy) const {
  if (call.address != address_ || call.office_pin != pin_ || proxy != proxy_) return false;
  std::array<unsigned char, 32> wanted{};
  if (call.client_key != nullptr) {
    if (call.client_key->size() != crypto_sign_SEEDBYTES) return false;
    SecretBytes secret(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(wanted.data(), secret.data(), call.client_key->data());
  }
  return wanted == client_public_;
}

void CurlNetwork::Session::set_fixed_options() {
  for (const char* line : {"Content-Type: application/octet-stream", "Accept:", "Expect:", "User-Agent:"}) {
    headers_.reset(curl_slist_append(headers_.release(), line));
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, proxy_.c_str());
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectLimitMs));
  // Trust: the pinned key and nothing else. libcurl checks it after the handshake, shape_tls already within it.
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
  set(CURLOPT_SSL_VERIFYPEER, 0L);
  set(CURLOPT_SSL_VERIFYHOST, 0L);
  set(CURLOPT_PINNEDPUBLICKEY, ("sha256//" + base64_of(pin_)).c_str());
  set(CURLOPT_SSL_SESSIONID_CACHE, 0L);  // a resumed session would skip our own look at the office's key
  set(CURLOPT_SSL_CTX_FUNCTION, &Session::shape_tls);
  set(CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &receive_body);
  set(CURLOPT_HEADERFUNCTION, &receive_header);
  set(CURLOPT_DEBUGFUNCTION, &count_sent);
  set(CURLOPT_VERBOSE, 1L);  // without this, count_sent is not called; nothing is printed
}

CURLcode CurlNetwork::Session::shape_tls(CURL*, void* ssl_context, void* self) {
  auto* context = static_cast<SSL_CTX*>(ssl_context);
  auto& session = *static_cast<Session*>(self);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &Session::verify_office, self);
  if (!session.identity_.key) return CURLE_OK;
  if (SSL_CTX_use_certificate(context, session.identity_.certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, session.identity_.key.get()) != 1) {
    return CURLE_SSL_CERTPROBLEM;
  }
  return CURLE_OK;
}

int CurlNetwork::Session::verify_office(X509_STORE_CTX* store, void* self) {
  auto& session = *static_cast<Session*>(self);
  const X509* certificate = X509_STORE_CTX_get0_cert(store);
  session.wrong_office_ = certificate == nullptr || spki_sha256(certificate) != session.pin_;
  if (session.wrong_office_) X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
  return session.wrong_office_ ? 0 : 1;
}

Result<HttpAnswer> CurlNetwork::Session::post(const HttpCall& call) {
  Incoming in;
  in.body_limit = call.answer_limit_bytes;
  sent_bytes_ = 0;
  wrong_office_ = false;
  set(CURLOPT_URL, ("https://" + call.address + call.path).c_str());
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  set(CURLOPT_POSTFIELDS, call.body.data());
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(call.timeout_ms, 1)));  // 0 would mean none
  set(CURLOPT_MAX_SEND_SPEED_LARGE, static_cast<curl_off_t>(call.bytes_per_s));   // 0: none
  set(CURLOPT_MAX_RECV_SPEED_LARGE, static_cast<curl_off_t>(call.bytes_per_s));
  set(CURLOPT_WRITEDATA, static_cast<void*>(&in));
  set(CURLOPT_HEADERDATA, static_cast<void*>(&in));
  set(CURLOPT_DEBUGDATA, static_cast<void*>(&sent_bytes_));

  const CURLcode code = curl_easy_perform(handle_.get());
  if (code != CURLE_OK) return failure(code, in);

  long status = 0;
  long connections = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connections);
  HttpAnswer answer;
  answer.status = static_cast<int>(status);
  answer.bytes_up = sent_bytes_;
  answer.bytes_down = in.header_bytes + in.body.size();
  answer.new_connection = connections > 0;
  answer.body = std::move(in.body);
  return answer;
}

std::unexpected<Error> CurlNetwork::Session::failure(CURLcode code, const Incoming& in) const {
  if (wrong_office_ || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH) return fail(Errc::wrong_office, address_);
  if (in.too_large) return fail(Errc::too_large, "answer of " + address_);
  if (code == CURLE_OUT_OF_MEMORY) return fail(Errc::out_of_memory, "libcurl");
  return fail(Errc::unreachable, address_ + ": " + curl_easy_strerror(code));
}

CurlNetwork::CurlNetwork(const Environment& environment) : environment_(environment) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK && sodium_init() >= 0;
  if (!ready) std::abort();
}

CurlNetwork::~CurlNetwork() = default;

Result<void> CurlNetwork::prepare_session(const HttpCall& call) {
  if (!is_address(call.address)) return fail(Errc::bad_input, "office address, HOST:PORT wanted");
  if (!is_path(call.path)) return fail(Errc::bad_input, "path of a request");
  if (call.office_pin == Pin{}) return fail(Errc::bad_input, "no pin for the office");
  const std::string proxy = proxy_for(call, environment_);
  if (session_ && session_->fits(call, proxy)) return {};
  WAYSIDE_TRY(session_, Session::open(call, proxy));
  return {};
}

Result<HttpAnswer> CurlNetwork::post(const HttpCall& call) {
  WAYSIDE_OK(prepare_session(call));
  return session_->post(call);
}

}  // namespace wayside::platform
