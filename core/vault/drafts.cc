#include "core/vault/drafts.h"

#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/vault/formats.pb.h"
#include "platform/atomic_file.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kMagic{"WSDRAFT\1", 8};    // the last byte is the version
constexpr std::string_view kChecksumDomain = "wayside/draft-frame/1";
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kMaxFrameBytes = std::size_t{2} << 20;
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;
constexpr std::uint64_t kCompactBytes = std::uint64_t{8} << 20;   // a day of typing is kept below, by rewriting
constexpr std::uint64_t kGrowth = 4;                              // but not for every entry, when much is open

Bytes frame(BytesView sealed) {
  Bytes out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(sealed.size() >> shift));
  out.append(crypto::hash(kChecksumDomain, {sealed}).view().substr(0, kChecksumBytes));
  return out.append(sealed);
}

/// Takes one frame off the front. Nothing at the end, which may be torn. A damaged frame with others behind it is
/// passed over: empty, which no sealed entry is.
std::optional<BytesView> take_frame(BytesView& rest) {
  constexpr std::size_t kHead = 4 + kChecksumBytes;
  if (rest.size() < kHead) return std::nullopt;
  std::size_t length = 0;
  for (int i = 0; i < 4; ++i) length |= std::size_t{static_cast<unsigned char>(rest[i])} << (8 * i);
  if (length > kMaxFrameBytes || rest.size() - kHead < length) return std::nullopt;
  BytesView sealed = rest.substr(kHead, length);
  const bool whole = crypto::hash(kChecksumDomain, {sealed}).view().substr(0, kChecksumBytes) == rest.substr(4, kChecksumBytes);
  if (!whole && rest.size() == kHead + length) return std::nullopt;
  rest.remove_prefix(kHead + length);
  return whole ? sealed : BytesView{};
}

Bytes encode(const Draft& draft, bool discarded) {
  pb::DraftEntry out;
  out.set_form(draft.form.str());
  out.set_discarded(discarded);
  out.set_record(draft.record.str());
  if (draft.case_id) out.set_case_id(draft.case_id->str());
  out.set_type(draft.type);
  out.set_is_new(draft.is_new);
  out.set_time_ms(draft.time_ms);
  for (const Draft::Field& field : draft.fields) {
    pb::DraftEntry::Field& each = *out.add_fields();
    each.set_field(field.field);
    for (const std::string& item : field.items) each.add_items(item);
  }
  for (const Draft::Shown& shown : draft.shown) {
    pb::DraftEntry::Shown& each = *out.add_shown();
    each.set_field(shown.field);
    for (const ledger::Dot& dot : shown.dots) each.add_dots(ledger::to_bytes(dot));
  }
  return out.SerializeAsString();
}

struct Entry { Draft draft; bool discarded = false; };

std::optional<Entry> decode(BytesView bytes) {
  pb::DraftEntry in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  const auto form = FormId::from(in.form());
  const auto record = RecordId::from(in.record());
  if (!form || !record) return std::nullopt;
  Entry out{{*form, *record, RecordId::from(in.case_id()), in.type(), in.is_new(), in.time_ms(), {}, {}}, in.discarded()};
  for (const auto& field : in.fields()) out.draft.fields.push_back({field.field(), {field.items().begin(), field.items().end()}});
  for (const auto& shown : in.shown()) {
    Draft::Shown each{shown.field(), {}};
    for (const std::string& bytes_of_dot : shown.dots()) {
      const auto dot = ledger::dot_from_bytes(bytes_of_dot);
      if (!dot) return std::nullopt;
      each.dots.push_back(*dot);
    }
    out.draft.shown.push_back(std::move(each));
  }
  return out;
}

}  // namespace

Drafts::Drafts(platform::Env& env, platform::Path file, PublicKey seal_to)
    : env_(env), file_(std::move(file)), seal_to_(seal_to) {}

Result<Drafts> Drafts::open(Vault& vault) {
  Drafts out(vault.env(), vault.home() / "drafts", vault.header().draft_public);
  auto bytes = platform::read_all(vault.env().files, out.file_, kMaxFileBytes);
  if (!bytes && bytes.error().code != Errc::not_found) return std::unexpected(bytes.error());
  if (bytes && bytes->starts_with(kMagic)) {
    BytesView rest = BytesView(*bytes).substr(kMagic.size());
    while (const auto sealed = take_frame(rest)) {
      const auto plain = crypto::open_sealed(out.seal_to_, vault.keys().draft_secret, *sealed);
      const auto entry = plain ? decode(plain->view()) : std::nullopt;
      if (!entry) {
        ++out.unreadable_;
        continue;
      }
      std::erase_if(out.drafts_, [&](const Draft& each) { return each.form == entry->draft.form; });
      if (!entry->discarded) out.drafts_.push_back(entry->draft);
    }
    out.end_ = bytes->size() - rest.size();
  } else if (bytes && !bytes->empty()) {
    ++out.unreadable_;
  }
  if (out.unreadable_ > 0) {
    if (const auto aside = out.put_aside(*bytes); !aside && out.end_ == 0) return std::unexpected(aside.error());
  } else if (out.compact()) {
    return out;
  } else if (out.end_ == 0) {
    WAYSIDE_OK(out.compact());   // nothing to read yet: then what keeps it from being made must be told
  }
  return out;
}

/// Copies before it compacts, so that no crash in between takes anything away.
Result<void> Drafts::put_aside(BytesView bytes) {
  platform::Path beside;
  for (int n = 1; beside.empty() || env_.files.exists(beside); ++n) {
    beside = file_;
    beside += ".unreadable-" + std::to_string(n);
  }
  WAYSIDE_OK(platform::write_atomically(env_.files, beside, bytes));
  return compact();
}

Result<void> Drafts::compact() {
  Bytes all(kMagic);
  for (const Draft& draft : drafts_) all.append(frame(crypto::seal_to(seal_to_, encode(draft, false))));
  WAYSIDE_OK(platform::write_atomically(env_.files, file_, all));
  out_.reset();   // it was opened under the old file's name
  end_ = compacted_ = all.size();
  return {};
}

Result<void> Drafts::compact_if_grown() {
  return end_ > std::max(kCompactBytes, kGrowth * compacted_) ? compact() : Result<void>{};
}

Result<void> Drafts::append(const Draft& draft, bool discarded) {
  const Bytes sealed = crypto::seal_to(seal_to_, encode(draft, discarded));
  if (sealed.size() > kMaxFrameBytes) return fail(Errc::too_large, "a draft over 2 MiB");
  if (!out_) {
    WAYSIDE_TRY(out_, env_.files.open(file_, platform::OpenMode::read_write));
  }
  const Bytes bytes = frame(sealed);
  WAYSIDE_OK(out_->write_at(end_, bytes));
  WAYSIDE_OK(out_->sync());
  end_ += bytes.size();
  return {};
}

Result<void> Drafts::keep(const Draft& draft) {
  WAYSIDE_OK(append(draft, false));
  std::erase_if(drafts_, [&](const Draft& each) { return each.form == draft.form; });
  drafts_.push_back(draft);
  (void)compact_if_grown();   // it is kept already; a failure shows when room is needed
  return {};
}

Result<void> Drafts::discard(const FormId& form) {
  const Draft* known = find(form);
  if (known == nullptr) return {};
  Draft gone;
  gone.form = form;
  WAYSIDE_OK(append(gone, true));
  std::erase_if(drafts_, [&](const Draft& each) { return each.form == form; });
  return {};
}

Result<void> Drafts::forget(const std::set<RecordId>& records) {
  std::erase_if(drafts_, [&](const Draft& each) {
    return records.contains(each.record) || (each.case_id && records.contains(*each.case_id));
  });
  return compact();
}

const Draft* Drafts::of_record(const RecordId& record) const {
  const auto found = std::find_if(drafts_.begin(), drafts_.end(), [&](const Draft& each) { return each.record == record; });
  return found == drafts_.end() ? nullptr : &*found;
}

const Draft* Drafts::find(const FormId& form) const {
  const auto found = std::find_if(drafts_.begin(), drafts_.end(), [&](const Draft& each) { return each.form == form; });
  return found == drafts_.end() ? nullptr : &*found;
}

}  // namespace wayside::vault
