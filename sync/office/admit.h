#pragma once

#include <string>

#include "core/membership/ticket.h"
#include "core/recovery/recovery_page.h"
#include "sync/office/ledger_store.h"

namespace wayside::office {

struct Admission {
  membership::Ticket ticket;
  bool names_readable = true;   ///< false: the organisation was founded by a version whose names paper does not open
};

/// The way back when every administrator's device is lost: a new epoch for each team, and a ticket for an administrator in
/// all of them, signed with the root. Devices that are left are given the new epochs; what they wrote and write stays as
/// it is. Whoever joins with the ticket is handed every ledger, and opens it with the same pages (enrol::open_cases).
///
/// Cut short, it leaves an epoch that nobody new holds, and the next call makes another.
/// Errors: not_permitted (pages of another organisation), newer_format, bad_input and too_large (the name), and those of the store.
Result<Admission> admit_with_pages(platform::Env& env, LedgerStore& store, const recovery::OrganisationSecrets& secrets,
                                   const std::string& name);

}  // namespace wayside::office
