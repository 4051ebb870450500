#pragma once

#include <string>

#include "platform/result.h"

namespace wayside::office {

struct Address {
  std::string host;  ///< a name, an IPv4 address, or an IPv6 address without its brackets
  std::uint16_t port = 0;
};

/// Reads HOST:PORT and [IPV6]:PORT. Errc::bad_input otherwise.
Result<Address> parse_address(std::string_view text);

}  // namespace wayside::office
