#include "core/attachments/attachments.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "core/attachments/blobs.h"
#include "core/attachments/content_field.h"
#include "core/attachments/strip.h"

namespace wayside::attachments {
namespace {

/// SHA-256, since that is what a court's expert has at hand: `sha256sum` of the exported file shows the same.
std::string fingerprint(BytesView file) {
  Bytes hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(as_uchar(hash), as_uchar(file), file.size());
  return "sha256:" + to_hex(hash);
}

Result<const schema::RecordType*> attachment_type() {
  const schema::RecordType* const type = schema::current().type(kTypeName);
  return type != nullptr ? Result<const schema::RecordType*>(type) : fail(Errc::unknown_type, std::string(kTypeName));
}

/// What was written so far goes again when something fails: the disk may be full.
void take_back(Blobs& blobs, const std::vector<Digest>& written) {
  for (const Digest& each : written) (void)blobs.remove(each);   // what stays is an orphan, and found
}

Result<Content> write_sealed(Vault& vault, Blobs& blobs, BytesView file) {
  Content content{crypto::Key::random(vault.env().random), {}};
  auto sealed = seal_file(content.key, file, [&](BytesView chunk) -> Result<void> {
    WAYSIDE_TRY(const Digest address, blobs.put(chunk));
    content.chunks.push_back(address);
    return {};
  });
  if (sealed) return content;
  take_back(blobs, content.chunks);
  return std::unexpected(std::move(sealed).error());
}

Result<casework::NewRecordRequest> record_of(const NewAttachment& what, const Attached& about, const Content& content) {
  WAYSIDE_TRY(const schema::RecordType* type, attachment_type());
  casework::NewRecordRequest request;
  request.type = type;
  const auto set = [&](const schema::Field* field, Value value) {
    casework::FieldChange change;
    change.field = field;
    change.set.push_back(std::move(value));
    change.sets = true;
    request.fields.push_back(std::move(change));
  };
  set(type->field("name"), Text{about.name});
  set(type->field("kind"), Code{about.kind});
  if (what.about) set(type->field("about"), *what.about);
  if (what.taken_at_ms) set(type->field("taken_at"), Instant{*what.taken_at_ms});
  set(type->field("location_stripped"), about.stripped);
  set(type->field("digest"), Text{about.digest});
  set(type->field("media_type"), Text{about.media_type});
  set(type->field("bytes"), static_cast<std::int64_t>(about.bytes));
  set(type->field(kContentField), Text{content_text(content)});
  return request;
}

template <class Wanted>
std::optional<Wanted> value_of(const casework::ShownRecord& record, std::string_view name) {
  const casework::ShownField* const field = record.find(name);
  if (field == nullptr || field->view.values.empty()) return std::nullopt;
  const auto* const value = std::get_if<Wanted>(&field->view.values.back().value);   // a correction comes last
  return value == nullptr ? std::nullopt : std::optional(*value);
}

Result<Attached> attached(Vault& vault, const casework::ShownRecord& record) {
  Attached out;
  out.id = record.row.id;
  out.name = value_of<Text>(record, "name").value_or(Text{}).utf8;
  out.kind = value_of<Code>(record, "kind").value_or(Code{}).code;
  out.media_type = value_of<Text>(record, "media_type").value_or(Text{}).utf8;
  out.digest = value_of<Text>(record, "digest").value_or(Text{}).utf8;
  out.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value_of<std::int64_t>(record, "bytes").value_or(0)));
  out.stripped = value_of<bool>(record, "location_stripped").value_or(false);
  out.archived = record.archived.archived;
  const auto content = content_of(record.row);
  if (!content || !*content) return out;
  Blobs blobs(vault.env().files, vault.home());
  out.parts = (*content)->chunks.size();
  out.parts_here = static_cast<std::size_t>(std::ranges::count_if((*content)->chunks, [&](const Digest& each) { return blobs.has(each); }));
  return out;
}

void add_missing(Vault& vault, const Result<std::optional<Content>>& content, std::vector<Digest>& out) {
  if (!content || !*content) return;   // unreadable here, or saved without a file
  Blobs blobs(vault.env().files, vault.home());
  std::ranges::copy_if((*content)->chunks, std::back_inserter(out), [&](const Digest& each) { return !blobs.has(each); });
}

bool is_attachment(const casework::ShownRecord& record) { return record.type != nullptr && record.type->name == kTypeName; }

Result<casework::ShownRecord> shown(Vault& vault, const RecordId& id) {
  auto record = casework::get(vault, id);
  if (record && !is_attachment(*record)) return fail(Errc::not_found, "no attachment has this id");
  return record;
}

}  // namespace

Result<std::optional<Content>> content_of(const ledger::RecordRow& row) {
  const ledger::FieldState* const state = row.state.field(kContentField);
  if (state == nullptr || state->held.empty()) return std::nullopt;
  const Value value = decode_value(state->held.back().value);
  const auto* const text = std::get_if<Text>(&value);
  if (text == nullptr) return fail(Errc::corrupt, "attachment: its key and parts");
  WAYSIDE_TRY(Content content, parse_content(text->utf8));
  return std::optional(std::move(content));
}

Result<Attached> add(Vault& vault, const NewAttachment& what, Bytes file) {
  if (file.size() > kMaxFileBytes) return fail(Errc::too_large, "a file of more than 100 MB");
  const Media media = media_of(file, what.file_name.empty() ? what.name : what.file_name);
  Attached out;
  out.name = what.name;
  out.kind = what.kind;
  out.media_type = media.type;
  const bool rewrites = media.stripping != Stripping::nothing_to_do && !what.keep_metadata;
  if (rewrites) {
    WAYSIDE_TRY(file, strip(media, std::move(file)));
    if (file.size() > kMaxFileBytes) return fail(Errc::too_large, "a file of more than 100 MB, once it is written anew");
  }
  out.stripped = rewrites;
  out.bytes = file.size();
  out.digest = fingerprint(file);

  Blobs blobs(vault.env().files, vault.home());
  WAYSIDE_TRY(const Content content, write_sealed(vault, blobs, file));
  out.parts = out.parts_here = content.chunks.size();
  auto request = record_of(what, out, content);
  if (!request) {
    take_back(blobs, content.chunks);
    return std::unexpected(std::move(request).error());
  }
  auto ids = casework::put(vault, what.case_id, std::nullopt, {*std::move(request)}, "attach");
  if (!ids) {
    // A commit whose fsync failed may be there after all when the vault is opened again: then it needs its chunks.
    if (ids.error().code != Errc::io) take_back(blobs, content.chunks);
    return std::unexpected(std::move(ids).error());
  }
  out.id = ids->front();
  return out;
}

Result<std::vector<Attached>> list(Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(const auto records, casework::records_of_case(vault, case_id));
  std::vector<Attached> out;
  for (const casework::ShownRecord& record : records) {
    if (!is_attachment(record)) continue;
    WAYSIDE_TRY(Attached each, attached(vault, record));
    out.push_back(std::move(each));
  }
  return out;
}

Result<Attached> get(Vault& vault, const RecordId& id) {
  WAYSIDE_TRY(const auto record, shown(vault, id));
  return attached(vault, record);
}

Result<std::vector<Digest>> missing_parts(Vault& vault, const RecordId& id) {
  WAYSIDE_TRY(const auto record, shown(vault, id));
  std::vector<Digest> out;
  add_missing(vault, content_of(record.row), out);
  return out;
}

Result<std::vector<Digest>> all_missing_parts(Vault& vault) {
  WAYSIDE_TRY(const schema::RecordType* type, attachment_type());
  WAYSIDE_TRY(const auto rows, vault.store().records_of_type(type->id));
  std::vector<Digest> out;
  for (const ledger::RecordRow& row : rows) add_missing(vault, content_of(row), out);
  return out;
}

Result<Bytes> open(Vault& vault, const RecordId& id) {
  WAYSIDE_TRY(const auto record, shown(vault, id));
  WAYSIDE_TRY(const auto content, content_of(record.row));
  if (!content) return fail(Errc::not_found, "this attachment was saved without a file");
  Blobs blobs(vault.env().files, vault.home());
  WAYSIDE_TRY(Bytes file, open_file(*content, [&](const Digest& address) { return blobs.get(address); }));
  if (value_of<Text>(record, "digest").value_or(Text{}).utf8 != fingerprint(file)) {
    return fail(Errc::corrupt, "attachment: its fingerprint is another than the record's");
  }
  return file;
}

Result<Picture> preview_of(Vault& vault, const RecordId& id, unsigned max_side) {
  WAYSIDE_TRY(const Bytes file, open(vault, id));
  return preview(file, max_side);
}

}  // namespace wayside::attachments
