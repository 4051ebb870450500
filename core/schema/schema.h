#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/value.h"
#include "core/schema/kinds.h"
#include "platform/result.h"

/// Record types as data: records/*.toml, codelists/*.csv and system_fields.toml, embedded at build.
/// A field is one line there; form, validation, listing and documentation follow from it.
namespace wayside::schema {

using TypeId = std::uint32_t;    ///< of a record type; for ever
using FieldId = std::uint32_t;   ///< within its record type; for ever

inline constexpr FieldId kArchivedField = 1;      ///< system field, flag: "no delete, archive"
inline constexpr FieldId kFirstOwnField = 16;     ///< 1 to 15 are the same in every record type
/// Record types of packs, and the fields that they add to the record types of every Wayside, have ids from here on.
inline constexpr std::uint32_t kFirstPackId = 10'000;

struct CodeEntry {
  std::string code;
  std::string label;
  std::string help;                 ///< may be empty
  std::string source;               ///< which strategy, standard or list it comes from
  std::optional<std::int64_t> rank; ///< for `protective` and `steps`
};

struct CodeList {
  std::string name;
  std::vector<CodeEntry> entries;   ///< in the order in which a form offers them
  std::string pack;                 ///< which pack added it; empty: every Wayside has it
  std::string place;                ///< "codelists/sex.csv line 1", for messages
  [[nodiscard]] const CodeEntry* find(std::string_view code) const;
};

struct Field {
  FieldId id = 0;
  std::string name;                 ///< for scripts and columns
  std::string label;                ///< for people
  std::string help;
  std::string section;              ///< heading of the form that it stands under
  FieldKind kind = FieldKind::text;
  Policy policy = Policy::review;
  Sensitivity sensitivity = Sensitivity::s1;
  Order order = Order::none;
  Required required = Required::no;
  std::string or_field;             ///< another field of the type that serves as well when it is filled
  Compartment compartment = Compartment::none;   ///< the record type's, where the field names none
  std::vector<std::string> to;      ///< of kind `reference`: the record types that it may point to
  bool other_cases = false;         ///< of kind `reference`: also into another case than its own
  std::string list_name;
  const CodeList* list = nullptr;   ///< of kind `code`; owned by the Schema
  bool search = false;              ///< full text finds it
  bool several = false;             ///< several values may stand together without being in conflict
  int rows = 1;                     ///< lines that a form shows; 0: the program's own, named and shown nowhere
  std::string unit;
  std::optional<std::int64_t> min, max;   ///< of integer and pence
  std::string pack;                 ///< which pack added it; empty: every Wayside has it
  std::string place;                ///< "records/person.toml line 12", for messages
};

struct RecordType {
  TypeId id = 0;
  std::string name;
  std::string label;
  std::string plural;
  std::string group;                ///< heading under which a listing of types shows it
  std::string help;                 ///< what it is for, in a sentence
  bool in_case = true;              ///< false: stands in the organisation's ledger, or
  bool in_team = false;             ///< … in a team's own, written by verbs of the program's alone
  bool once = false;                ///< a case usually has one of it
  Compartment compartment = Compartment::none;
  std::vector<std::string> title;   ///< fields that make the strong line of a list's row
  std::vector<std::string> subtitle;
  std::vector<Field> fields;        ///< own fields, in the order of the form
  std::string pack;                 ///< which pack added it; empty: every Wayside has it
  std::string place;

  [[nodiscard]] const Field* field(FieldId id) const;   ///< own fields only; Schema::field knows system fields too
  [[nodiscard]] const Field* field(std::string_view name) const;
};

/// One file of a schema. `path` decides what it is: records/NAME.toml, codelists/NAME.csv, system_fields.toml, and of a
/// pack fields/NAME.toml, which adds to a record type of every Wayside.
struct SchemaFile {
  std::string_view path;
  std::string_view text;
  std::string_view pack = {};   ///< the pack's name
};

/// All record types and code lists. Immutable; fields point into it, so it moves but is never copied.
class Schema {
 public:
  /// Errc::bad_input with file, line and what is wrong. Refuses unknown keys, unknown lists and ids used twice.
  static Result<Schema> parse(const std::vector<SchemaFile>& files);

  Schema(Schema&&) = default;
  Schema& operator=(Schema&&) = default;
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  [[nodiscard]] const std::vector<RecordType>& types() const { return types_; }   ///< by id
  [[nodiscard]] const RecordType* type(TypeId id) const;
  [[nodiscard]] const RecordType* type(std::string_view name) const;
  /// Own or system field; nullptr when this version does not know it (the fold keeps such fields all the same).
  [[nodiscard]] const Field* field(TypeId type, FieldId id) const;
  [[nodiscard]] const Field* field(const RecordType& type, std::string_view name) const;
  [[nodiscard]] const std::vector<Field>& system_fields() const { return system_fields_; }
  [[nodiscard]] const std::map<std::string, CodeList, std::less<>>& code_lists() const { return lists_; }

 private:
  Schema() = default;
  std::vector<RecordType> types_;
  std::vector<Field> system_fields_;
  std::map<std::string, CodeList, std::less<>> lists_;   // nodes stay where they are when the map moves
};

/// What was embedded at build, field_ids.csv among it.
const std::vector<SchemaFile>& builtin_files();

/// The schema of this build, parsed once. A program calls `load_builtin` at its start and ends when that fails;
/// after that `embedded` and `current` never fail. Any thread.
Result<void> load_builtin();
const Schema& embedded();

/// The schema that holds now: what was embedded and the packs of the vault that was opened last. Records are read,
/// shown, checked and merged by it. Any thread; a schema stays where it is until the process ends, since fields are
/// pointed to from everywhere and packs are rare.
const Schema& current();
/// From now on `current`. Nothing: what was embedded.
void make_current(std::optional<Schema> schema);

/// How much a value protects under a `protective` field's order, or how far a `steps` state lies; higher wins.
/// A value that is not of the field's kind, or whose code the list lacks, ranks above all.
std::int64_t rank_of(const Field& field, const Value& value);

}  // namespace wayside::schema
