#pragma once

namespace wayside {

/// Protobuf writes a line to stderr when text in a message is not UTF-8, and names the field. What a stranger sent is
/// told by our own errors, or not at all: every program calls this first.
void quiet_protobuf();

}  // namespace wayside
