#pragma once

#include "sync/spool/layout.h"
#include "sync/wire/carry_list.h"

/// Which ledgers this device carries. The vault writes the list; a courier fetches nothing of the others and tells the office,
/// when that knows another list.
namespace wayside::spool {

/// Durable when it returns; `list` is sorted. One that carries everything removes the file; one that stands there already is not
/// written again. Whether it is another one than before.
Result<bool> write_carry_list(platform::Files& files, const Layout& layout, const wire::CarryList& list);

/// Everything when there is none. Errors: corrupt, newer_format, those of Files.
Result<wire::CarryList> read_carry_list(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
