#include "ui/cli/link_words.h"

#include "ui/cli/shapes.h"

namespace wayside::cli {

using casework::PersonLink;
using casework::SamePerson;
using nlohmann::json;

bool is_person(const casework::ShownRecord& record) {
  return record.type != nullptr && (record.type->name == "person" || record.type->name == "child");
}

Result<std::vector<PersonLink>> links_of(vault::Vault& vault, const casework::ShownRecord& record) {
  if (!is_person(record)) return std::vector<PersonLink>{};
  WAYSIDE_TRY(const auto links, casework::PersonLinks::read(vault));
  return links.of(record.row.id);
}

json link_json(const PersonLink& link, const RecordId& of) {
  return {{"with", to_text(link.other_than(of))}, {"verdict", casework::name_of(link.verdict)}, {"why", link.why}, {"link", to_text(link.record)}};
}

json links_json(const std::vector<PersonLink>& links, const RecordId& of) {
  auto out = json::array();
  for (const PersonLink& link : links) out.push_back(link_json(link, of));
  return out;
}

std::vector<std::string> link_lines(vault::Vault& vault, const std::vector<PersonLink>& links, const RecordId& of) {
  std::vector<std::string> out;
  for (const PersonLink& link : links) {
    const RecordId& other = link.other_than(of);
    const auto shown = casework::get(vault, other);   // it may stand in a case that this device does not carry
    const std::string name = (shown ? title_of(*shown) + " " : std::string()) + "(" + to_text(other) + ")";
    switch (link.verdict) {
      case SamePerson::same: out.push_back("The same person as " + name + ": " + link.why); break;
      case SamePerson::not_same: out.push_back("Not the same person as " + name + ": " + link.why); break;
      case SamePerson::in_review: out.push_back("Colleagues differ on whether this is the same person as " + name + ". `review list` shows it."); break;
      case SamePerson::undecided: break;
    }
  }
  return out;
}

}  // namespace wayside::cli
