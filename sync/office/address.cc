#include "sync/office/address.h"

#include <algorithm>
#include <charconv>

namespace wayside::office {
namespace {

constexpr std::size_t kMaxHostChars = 253;  // RFC 1035, as text

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}
bool is_ipv6_char(char c) { return is_host_char(c) || c == ':' || c == '%'; }

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const auto bad = [text] {
    return fail(Errc::bad_input, "\"" + std::string(text.substr(0, 300)) + "\" is not HOST:PORT");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad();
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.size() > kMaxHostChars) return bad();
  if (!std::all_of(host.begin(), host.end(), bracketed ? is_ipv6_char : is_host_char)) return bad();
  Address address{std::string(host), 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return bad();
  return address;
}

}  // namespace wayside::office
