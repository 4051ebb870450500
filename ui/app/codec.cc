#include "ui/app/codec.h"

#include <sodium.h>

#include <algorithm>

#include "core/ledger/dot.h"

namespace wayside::app {
namespace {

using google::protobuf::FieldDescriptor;

bool is_id(const std::string& bytes) { return bytes.size() == RecordId::size_bytes; }
bool is_id_or_empty(const std::string& bytes) { return bytes.empty() || is_id(bytes); }
bool is_review(const std::string& bytes) { return bytes.size() == 16 || bytes.size() == 32; }
bool is_filter(const std::string& filter) {
  return filter.empty() || filter == "high" || filter == "two_values" || filter == "closed";
}

/// Whether the ids and choices in it can mean something. Nothing here looks at the vault.
bool is_sound(const pb::Command& command) {
  switch (command.of_case()) {
    case pb::Command::kUnlock:
    case pb::Command::kLock:
    case pb::Command::kNewCase:
    case pb::Command::kCloseForm:
    case pb::Command::kReconcile:
    case pb::Command::kListTypes:
    case pb::Command::kShowStanding:
    case pb::Command::kShowToday:
    case pb::Command::kStopFetch:
    case pb::Command::kStopReconcile: return true;
    case pb::Command::kSearch: return is_filter(command.search().filter());
    case pb::Command::kOpenCase: return is_id_or_empty(command.open_case().case_id());
    case pb::Command::kOpenRecord: return is_id(command.open_record().record_id());
    case pb::Command::kNewRecord: return is_id(command.new_record().case_id());
    case pb::Command::kKeepDraft: return is_id(command.keep_draft().form_id());
    case pb::Command::kDiscardDraft: return is_id(command.discard_draft().form_id());
    case pb::Command::kSave: return is_id(command.save().form_id());
    case pb::Command::kOpenReview: return is_review(command.open_review().review_id());
    case pb::Command::kDecide:
      return is_review(command.decide().review_id()) && pb::Decide::Choice_IsValid(command.decide().choice());
    case pb::Command::kOpenHistory: return is_id(command.open_history().record_id());
    case pb::Command::kKeepDecision:
      return is_review(command.keep_decision().review_id()) &&
             pb::Decide::Choice_IsValid(command.keep_decision().choice());
    case pb::Command::kAddFile: return is_id(command.add_file().case_id());
    case pb::Command::kOpenFile: return is_id_or_empty(command.open_file().file_id());
    case pb::Command::kExportFile: return is_id(command.export_file().file_id());
    case pb::Command::kFetchFile: return is_id(command.fetch_file().file_id());
    case pb::Command::kShowPlaces: return is_id_or_empty(command.show_places().case_id());
    case pb::Command::kOpenService: return is_id_or_empty(command.open_service().service_id());
    case pb::Command::kNewReferral:
      return is_id(command.new_referral().case_id()) && is_id(command.new_referral().service_id());
    case pb::Command::kKeepSettings: return true;  // what makes no sense in them is put right where they are kept
    case pb::Command::OF_NOT_SET: return false;
  }
  return false;
}

}  // namespace

Bytes encode(const pb::Command& command) { return command.SerializeAsString(); }

Result<pb::Command> decode_command(BytesView bytes) {
  if (bytes.size() > kCommandLimitBytes) return fail(Errc::too_large, "command");
  pb::Command command;
  if (!command.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return fail(Errc::bad_input, "command");
  if (!is_sound(command)) return fail(Errc::bad_input, "command");
  return command;
}

std::shared_ptr<const Bytes> encode_wiping(const pb::Snapshot& snapshot) {
  auto bytes = std::make_unique<Bytes>();
  // Reserved at once: growing would leave copies behind.
  bytes->reserve(snapshot.ByteSizeLong());
  snapshot.AppendToString(bytes.get());
  return {bytes.release(), [](Bytes* old) {
            wipe(*old);
            delete old;
          }};
}

Result<pb::Snapshot> decode_snapshot(BytesView bytes) {
  pb::Snapshot snapshot;
  if (!snapshot.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return fail(Errc::bad_input, "snapshot");
  return snapshot;
}

void wipe(std::string& text) {
  if (text.capacity() > 0) sodium_memzero(text.data(), text.capacity());
  text.clear();
}

void wipe(google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  std::string scratch;
  for (const FieldDescriptor* field : fields) {
    const bool many = field->is_repeated();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      // Reflection shows the string where it lies; only the bytes in it are changed.
      const auto zero = [](const std::string& text) { sodium_memzero(const_cast<char*>(text.data()), text.size()); };
      for (int i = 0; many && i < reflection->FieldSize(message, field); ++i) {
        zero(reflection->GetRepeatedStringReference(message, field, i, &scratch));
      }
      if (!many) zero(reflection->GetStringReference(message, field, &scratch));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      for (int i = 0; many && i < reflection->FieldSize(message, field); ++i) {
        wipe(*reflection->MutableRepeatedMessage(&message, field, i));
      }
      if (!many) wipe(*reflection->MutableMessage(&message, field));
    }
  }
  message.Clear();
}

}  // namespace wayside::app
