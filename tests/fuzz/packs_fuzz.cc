#include <google/protobuf/stubs/logging.h>

#include <cstdint>
#include <cstdlib>

#include "core/packs/sealed.h"

/// What a person writes in a pack's folder, and what a stranger may put in its place. The first byte chooses how the rest
/// is read; what the corpus holds is read as each of them.
namespace {

using namespace wayside;

void must(bool holds) {
  if (!holds) std::abort();
}

constexpr std::string_view kHead = "name = \"lad\"\nversion = 1\ntitle = \"Fuzz\"\n";

/// In place of all that every Wayside has, which takes a thousand times as long to read.
constexpr std::string_view kPerson =
    "id = 2\nname = \"person\"\nlabel = \"Person\"\nplural = \"People\"\ngroup = \"People\"\nhelp = \"Somebody.\"\ntitle = [\"a\"]\n"
    "[[section]]\nheading = \"Name\"\nfields = [\n"
    "{ id = 16, name = \"a\", label = \"A\", kind = \"text\", policy = \"review\", sensitivity = \"S1\" },\n]\n";

/// What is refused says why; what is taken comes back as it was.
void install(std::vector<packs::PackFile> files) {
  const auto pack = packs::make_pack(std::move(files));
  if (!pack) return must(!pack.error().detail.empty());
  std::vector<schema::SchemaFile> all{{"records/person.toml", kPerson}};
  for (const auto& file : pack->schema_files()) all.push_back(file);
  const auto schema = schema::Schema::parse(all);
  if (!schema) return must(schema.error().detail.find(" line ") != std::string::npos);
  must(schema->types().size() <= 2 && schema->field(2, 16) != nullptr);
  must(packs::decode(packs::encode(*pack))->files == pack->files);
}

void head(BytesView bytes) { install({{"pack.toml", std::string(bytes)}}); }
void fields(BytesView bytes) { install({{"pack.toml", std::string(kHead)}, {"fields/person.toml", std::string(bytes)}}); }
void type(BytesView bytes) { install({{"pack.toml", std::string(kHead)}, {"records/lad_bus_pass.toml", std::string(bytes)}}); }
void list(BytesView bytes) { install({{"pack.toml", std::string(kHead)}, {"codelists/lad_pass_state.csv", std::string(bytes)}}); }
void path(BytesView bytes) { install({{"pack.toml", std::string(kHead)}, {std::string(bytes), "id = 1"}}); }
void archive(BytesView bytes) { (void)packs::decode(bytes); }
void signed_file(BytesView bytes) {
  if (const auto pack = packs::parse_signed(bytes)) must(packs::encode(*pack) == bytes);
}
void sealed(BytesView bytes) { (void)packs::open(Bytes(32, 'k'), bytes); }

using Read = void (*)(BytesView);
constexpr Read kReads[] = {head, fields, type, list, path, archive, signed_file, sealed};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const google::protobuf::LogSilencer kQuiet;
  if (size == 0 || data[0] >= std::size(kReads)) return 0;
  kReads[data[0]](BytesView(reinterpret_cast<const char*>(data + 1), size - 1));
  return 0;
}
