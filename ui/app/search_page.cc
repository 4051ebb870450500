#include "ui/app/search_page.h"

#include "core/search/search.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

Result<pb::NoteHit> note_hit(vault::Vault& vault, const CaseSummary& in, const RecordId& id, std::string_view query,
                             std::int64_t now_ms) {
  WAYSIDE_TRY(const casework::ShownRecord note, casework::get(vault, id));
  pb::NoteHit out;
  out.set_case_id(in.id.str());
  out.set_record_id(id.str());
  out.set_case_name(in.shown_name());
  const casework::ShownField* at = note.find("at");
  const auto* instant = at == nullptr ? nullptr : std::get_if<Instant>(&at->view.values.back().value);
  if (instant != nullptr) out.set_when(short_day(instant->ms, now_ms));
  // Corrected entries stay searchable: the words may stand in an older one.
  const casework::ShownField* text = note.find("text");
  for (std::size_t i = text == nullptr ? 0 : text->view.values.size(); i-- > 0;) {
    const auto* words = std::get_if<Text>(&text->view.values[i].value);
    if (words == nullptr) continue;
    const bool newest = i + 1 == text->view.values.size();
    if (newest || has_match(words->utf8, query)) out.set_excerpt(excerpt(words->utf8, query, kExcerptCharacters));
    if (has_match(words->utf8, query)) break;
  }
  return out;
}

}  // namespace

Result<pb::Caseload> read_caseload(vault::Vault& vault, const CaseList& cases, const pb::Search& asked,
                                   const std::unordered_set<RecordId>& drafts, std::int64_t now_ms) {
  const auto rows = [&](const std::vector<RecordId>* among) {
    pb::Caseload out = cases.rows({asked.filter(), among, &drafts, now_ms});
    out.set_text(asked.text());
    out.set_filter(asked.filter());
    return out;
  };
  if (trimmed(asked.text()).empty()) return rows(nullptr);
  WAYSIDE_TRY(const std::vector<search::Hit> hits, search::find(vault, {asked.text(), std::nullopt, kSearchHits}));
  const schema::RecordType* note_type = schema::current().type("note");
  std::vector<RecordId> among;
  std::unordered_set<RecordId> seen;
  std::vector<std::pair<const CaseSummary*, RecordId>> notes;
  for (const search::Hit& hit : hits) {
    const CaseList::Place place = cases.place_of(hit.record);
    if (place.in == nullptr) continue;
    if (note_type != nullptr && hit.type == note_type->id) notes.emplace_back(place.in, hit.record);
    else if (seen.insert(place.in->id).second) among.push_back(place.in->id);
  }
  pb::Caseload out = rows(&among);
  if (!asked.filter().empty()) return out;  // a filter asks for cases
  std::size_t matching = notes.size();
  if (hits.size() >= kSearchHits && note_type != nullptr) {
    WAYSIDE_TRY(matching, search::count(vault, {asked.text(), note_type->id, 0}));
  }
  out.set_matching_notes(static_cast<std::uint32_t>(matching));
  for (std::size_t i = 0; i < std::min(notes.size(), kNoteHits); ++i) {
    WAYSIDE_TRY(*out.add_notes(), note_hit(vault, *notes[i].first, notes[i].second, asked.text(), now_ms));
  }
  return out;
}

}  // namespace wayside::app
