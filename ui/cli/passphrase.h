#pragma once

#include <string>
#include <string_view>

#include "platform/env.h"

/// How a passphrase comes in: never as an argument, never echoed, and in guarded memory from the first byte on.
namespace wayside::cli {

inline constexpr std::size_t kShortestPassphraseBytes = 8;

/// The first line of a file. Errc::usage when it is empty, too_large over SecretString::kCapacity.
Result<SecretString> passphrase_from_file(platform::Files& files, const platform::Path& file);

/// Asks on the terminal, without echo. When standard input is no terminal and `or_first_line` is set, its first line is
/// taken instead, read byte by byte so that what follows it is left to others. Errc::usage when there is no way to ask.
Result<SecretString> ask_passphrase(std::string_view question, bool or_first_line);

/// As above, for one that is new: on a terminal asked for twice. Errc::usage when the two differ.
Result<SecretString> ask_new_passphrase(bool or_first_line);

/// What somebody should be told about a new passphrase; empty when there is nothing to say.
/// `guessable_offline`: the device's secret is a file, so that whoever has the disk has all but the passphrase.
std::string passphrase_advice(const SecretString& passphrase, bool guessable_offline);

}  // namespace wayside::cli
