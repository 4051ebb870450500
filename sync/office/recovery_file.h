#pragma once

#include "core/base/ids.h"
#include "platform/env.h"

/// The two secrets that open everything, as a page of text to print and lock away. Nothing else holds them.
///
///     WAYSIDE RECOVERY 1
///     (sentences that say what this is)
///     organisation <UUID>
///     root <64 hex digits in groups of four>
///     recovery <the same>
///     check <16 hex digits: BLAKE2b over version ‖ organisation ‖ root ‖ recovery>
///     END
///
/// Typing it in again may change case, spaces and line ends; the check finds any other slip.
namespace wayside::office {

struct RecoverySecrets {
  OrganisationId organisation;
  SecretBytes root_seed;        ///< Ed25519: signs membership
  SecretBytes recovery_secret;  ///< X25519: opens every case key's recovery grant
};

SecretBytes recovery_text(const RecoverySecrets& secrets);
/// Errc::bad_input when it is no such page or a digit is wrong, Errc::newer_format for a later version.
Result<RecoverySecrets> parse_recovery(const SecretBytes& text);

/// Durable when it returns. Errc::already_exists rather than replacing anything.
Result<void> save_recovery(platform::Files& files, const platform::Path& path, const RecoverySecrets& secrets);

}  // namespace wayside::office
