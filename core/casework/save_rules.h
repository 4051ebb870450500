#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/casework/casebook.h"

/// What a record has to hold before it may be saved, sent or closed, whatever the way in: form, command line or import.
/// What is needed when stands in the schema (`required`); which field sends or closes a record, and what one answer makes
/// necessary besides, are the two tables of save_rules.cc. What a fold brings from elsewhere is kept all the same.
namespace wayside::casework {

/// What a record holds, as far as these rules ask.
struct Content {
  const schema::RecordType* type = nullptr;
  std::vector<schema::FieldId> filled;
  std::function<std::vector<Value>(const schema::Field&)> values;   ///< what counts now
};
/// `writes` are all writes of a record that is made by them.
Content content_of(const schema::RecordType& type, const std::vector<ledger::Write>& writes);
/// The content of `state` must outlive it.
Content content_of(const schema::RecordType& type, const ledger::RecordState& state);

/// One field that is empty, or does not fit, and why it matters.
struct Need {
  const schema::Field* field = nullptr;
  std::string what;   ///< "is needed before a referral is sent. Fill it in, or …"
};
std::vector<Need> unmet_needs(const Content& content);

/// Errc::bad_input, "field: what to do", for the first need that `after` leaves open and `before` (nullptr: a new record) did
/// not: an old record that lacks something can still be corrected elsewhere.
Result<void> check_needs(const Content& after, const Content* before);

/// Where another record of the same save or file stands.
struct Place {
  schema::TypeId type = 0;
  std::optional<RecordId> case_id;
};
using Neighbour = std::function<std::optional<Place>(const RecordId&)>;
/// A reference points to a record of a type that its field takes, in the same case or of the organisation, and not to itself.
/// What supersedes goes back in time: it never leads back to the record itself. Errc::bad_input.
enum class Missing { refused, taken };   ///< a record that is not on this device: by hand it is a slip, of a table it may be in the next file
Result<void> check_references(Vault& vault, const ledger::RecordWrites& record, const std::optional<RecordId>& case_id,
                              const Neighbour& neighbour, Missing missing);

/// The record as it will be once `writes` are folded in.
ledger::RecordState folded(Vault& vault, const ledger::RecordState& state, const std::vector<ledger::Write>& writes);

/// What is still needed to close a case: in its own record (with `case_after` in its place, when given) and in every record
/// that is not archived.
struct Gap {
  RecordId record;
  const schema::RecordType* type = nullptr;
  const schema::Field* field = nullptr;
};
Result<std::vector<Gap>> gaps_to_close(Vault& vault, const RecordId& case_id, const ledger::RecordState* case_after = nullptr);
/// "Case: referral_source, abuse_types; Note: alone (2)".
std::string listed(const std::vector<Gap>& gaps);

/// For a change of a case's record: closing needs `gaps_to_close` to be empty; an enquiry is opened once somebody has a name
/// and a safe way of contact. Errc::bad_input.
Result<void> check_case_step(Vault& vault, const RecordId& case_id, const ledger::RecordState& before,
                             const ledger::RecordState& after);

}  // namespace wayside::casework
