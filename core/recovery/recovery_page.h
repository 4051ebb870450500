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
namespace wayside::recovery {

struct OrganisationSecrets {
  OrganisationId organisation;
  SecretBytes root_seed;        ///< Ed25519: signs membership
  SecretBytes recovery_secret;  ///< X25519: opens every case key's recovery grant
};

/// The key of the organisation's names, made from the recovery secret: paper alone opens them too. `init` founds with it.
SecretBytes member_key_of(const OrganisationSecrets& secrets);

SecretBytes page_text(const OrganisationSecrets& secrets);
/// Errc::bad_input when it is no such page or a digit is wrong, Errc::newer_format for a later version.
Result<OrganisationSecrets> parse_page(const SecretBytes& text);

/// Any page of this folder to a new file (0600). Durable when it returns; on a failure nothing is left of it.
/// Errc::already_exists rather than replacing anything.
Result<void> save_page(platform::Files& files, const platform::Path& path, const SecretBytes& text);

}  // namespace wayside::recovery
