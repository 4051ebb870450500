#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/casework/casebook.h"
#include "core/vault/drafts.h"
#include "ui/app/messages.pb.h"
#include "ui/app/references.h"

namespace wayside::app {

/// One opening of one form. It remembers what stood on the screen when it was opened, and which dots those were: a save
/// supersedes these and no others, whatever has arrived since. A form restored from a draft keeps the draft's dots.
class OpenForm {
 public:
  struct Field {
    std::uint32_t key = 0;  ///< names it on the form
    const schema::RecordType* type = nullptr;
    const schema::Field* field = nullptr;  ///< null: of a newer version; shown raw, read only
    std::uint32_t id = 0;
    std::vector<Value> held;          ///< what the record held: several for a list
    std::vector<std::string> opened;  ///< what stood in the boxes
    std::vector<ledger::Dot> shown;
    std::vector<std::string> typed;  ///< restored from a draft; counts when `restored`
    bool restored = false;
    bool two_values = false;  ///< waited for a decision when the form was opened
    std::string error;

    [[nodiscard]] bool is_list() const;
    [[nodiscard]] bool is_entries(bool new_record) const;
    [[nodiscard]] const std::vector<std::string>& boxes() const { return restored ? typed : opened; }
  };
  /// What a new record's first answers are made of.
  struct Defaults {
    std::string me, reference;
    std::int64_t now_ms = 0;
  };

  /// Errc::not_found, unknown_type. `draft`: kept text for this record, or null.
  static Result<OpenForm> of_record(vault::Vault& vault, const RecordId& record, const vault::Draft* draft);
  static OpenForm of_new_record(vault::Vault& vault, const RecordId& case_id, const schema::RecordType& type,
                                const Defaults& defaults, const vault::Draft* draft);
  /// A case and its person in one form; who has several teams chooses one.
  static OpenForm of_new_case(vault::Vault& vault, const Defaults& defaults, const vault::Draft* draft);

  [[nodiscard]] const vault::FormId& id() const { return id_; }
  [[nodiscard]] const RecordId& record() const { return record_; }
  [[nodiscard]] const std::optional<RecordId>& case_id() const { return case_id_; }
  [[nodiscard]] const schema::RecordType& type() const { return *type_; }
  [[nodiscard]] bool is_new() const { return is_new_; }
  [[nodiscard]] bool is_new_case() const { return is_new_ && type_->name == "case"; }
  [[nodiscard]] std::vector<Field>& fields() { return fields_; }
  [[nodiscard]] Field* find(std::uint32_t key);
  [[nodiscard]] Field* find(std::string_view name);
  [[nodiscard]] const std::optional<casework::ShownRecord>& live() const { return live_; }

  /// Reads the record again, for what is shown beside the boxes; the boxes and their dots stay.
  Result<void> look_again(vault::Vault& vault);
  /// Of a new record: a box begins with that. Nothing of it is kept before somebody saves.
  void begin_with(std::string_view field, std::vector<std::string> boxes);
  /// The record was saved: boxes and dots are those of the record now. The form stays the same opening.
  Result<void> saved(vault::Vault& vault);
  /// One field was decided elsewhere: its box and dots are the record's now, the others stay.
  Result<void> decided(vault::Vault& vault, std::uint32_t field);
  /// The draft is gone: restored boxes go back to what the record holds.
  void forget_draft();

  /// What to keep, with the dots of this opening.
  [[nodiscard]] vault::Draft draft(const google::protobuf::RepeatedPtrField<pb::FieldText>& typed,
                                   const std::string& reason, std::int64_t now_ms) const;

  // What the screen is told beside the fields.
  pb::Notice notice;
  std::string reason_question;
  std::string reason;      ///< of the draft that this opening began from
  std::string draft_kept;  ///< "08:47"
  std::uint64_t saved_count = 0;
  [[nodiscard]] pb::Form message(vault::Vault& vault, std::int64_t now_ms);
  /// Records of the case have changed: the next message reads anew what references may point to.
  void forget_choices() { choices_known_ = false; }

  static constexpr std::uint32_t kTeamKey = 1u << 24;
  static constexpr std::uint32_t kReasonKey = kTeamKey + 1;  ///< why protection is lowered: in drafts, beside the fields
  [[nodiscard]] std::optional<TeamId> team(const std::vector<std::string>& boxes) const;

 private:
  OpenForm() = default;
  void add_fields(const schema::RecordType& type, std::uint32_t key_base, const Defaults* defaults);
  void fill(Field& field, const ledger::FieldView* view) const;
  void restore(const vault::Draft& draft);
  [[nodiscard]] const casework::ShownField* live_field(const Field& field) const;
  void look_for_choices(vault::Vault& vault, std::int64_t now_ms);
  void offer_records(vault::Vault& vault, const Field& field, std::int64_t now_ms, pb::FormField& out) const;
  void describe(vault::Vault& vault, const Field& field, std::int64_t now_ms, pb::FormField& out) const;

  vault::FormId id_;
  RecordId record_;
  std::optional<RecordId> case_id_;
  const schema::RecordType* type_ = nullptr;
  bool is_new_ = false;
  bool archived_ = false;
  bool may_decide_desk_ = false;
  std::vector<Field> fields_;
  std::vector<std::pair<TeamId, std::string>> teams_;
  std::map<std::uint32_t, std::vector<Choice>> choices_;  ///< of reference fields, by key
  bool choices_known_ = false;
  std::optional<casework::ShownRecord> live_;
};

}  // namespace wayside::app
