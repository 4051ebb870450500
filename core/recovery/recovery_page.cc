#include "core/recovery/recovery_page.h"

#include <sodium.h>

#include "core/base/secret_text.h"
#include "core/crypto/crypto.h"

namespace wayside::recovery {
namespace {

constexpr std::string_view kFirstWords = "WAYSIDE RECOVERY ";
constexpr char kVersion = 1;
constexpr std::string_view kSentences =
    "Print this page, lock it away, and delete the file.\n"
    "Whoever holds it can open every case of the organisation and admit anybody to it.\n"
    "Without it, a lost passphrase or a lost office cannot be made good.\n";
constexpr std::string_view kDomain = "wayside/recovery-file/1";
constexpr std::string_view kMemberDomain = "wayside/member-key/1";
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kMaxTextBytes = 4096;

Bytes check_of(const OrganisationSecrets& secrets) {
  const Digest digest = crypto::hash(
      kDomain, {{&kVersion, 1}, secrets.organisation.view(), secrets.root_seed.view(), secrets.recovery_secret.view()});
  return Bytes(digest.view().substr(0, kCheckBytes));
}

void add_groups(SecretWriter& out, std::string_view label, BytesView bytes) {
  out.add(label);
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    char hex[5] = {};
    sodium_bin2hex(hex, sizeof hex, as_uchar(bytes.substr(at)), 2);
    out.add(" ").add({hex, 4});
    sodium_memzero(hex, sizeof hex);
  }
  out.add("\n");
}

/// The bytes after a label at the start of a line, spaces and hyphens between digits allowed.
Result<SecretBytes> value_of(BytesView text, std::string_view label, std::size_t size) {
  const std::string wanted = "\n" + std::string(label) + " ";
  const std::size_t found = text.find(wanted);
  if (found == BytesView::npos) return fail(Errc::bad_input, "the line \"" + std::string(label) + "\" is missing");
  BytesView line = text.substr(found + wanted.size());
  line = line.substr(0, line.find_first_of("\r\n"));
  SecretBytes bytes(size);
  std::size_t got = 0;
  if (sodium_hex2bin(bytes.data(), size, line.data(), line.size(), " -\t", &got, nullptr) != 0 || got != size) {
    return fail(Errc::bad_input,
                "the line \"" + std::string(label) + "\" is not " + std::to_string(2 * size) + " digits");
  }
  return bytes;
}

}  // namespace

SecretBytes member_key_of(const OrganisationSecrets& secrets) {
  return copy_secret(crypto::keyed_hash(secrets.recovery_secret.view(), kMemberDomain, {secrets.organisation.view()}).view());
}

SecretBytes page_text(const OrganisationSecrets& secrets) {
  SecretWriter out(kMaxTextBytes);
  out.add(kFirstWords).add("1\n").add(kSentences);
  out.add("organisation ").add(to_text(secrets.organisation)).add("\n");
  add_groups(out, "root", secrets.root_seed.view());
  add_groups(out, "recovery", secrets.recovery_secret.view());
  add_groups(out, "check", check_of(secrets));
  out.add("END\n");
  return copy_secret(out.view());
}

Result<OrganisationSecrets> parse_page(const SecretBytes& text) {
  const BytesView all = text.view();
  if (all.size() > kMaxTextBytes) return fail(Errc::bad_input, "too long for a recovery page");
  const std::size_t begin = all.find(kFirstWords);
  if (begin == BytesView::npos) return fail(Errc::bad_input, "this is no recovery page");
  const BytesView page = all.substr(begin + kFirstWords.size());
  if (!page.starts_with("1\n") && !page.starts_with("1\r")) return fail(Errc::newer_format, "recovery page");
  OrganisationSecrets secrets;
  WAYSIDE_TRY(const SecretBytes organisation, value_of(page, "organisation", OrganisationId::size_bytes));
  secrets.organisation = *OrganisationId::from(organisation.view());
  WAYSIDE_TRY(secrets.root_seed, value_of(page, "root", kSecretBytes));
  WAYSIDE_TRY(secrets.recovery_secret, value_of(page, "recovery", kSecretBytes));
  WAYSIDE_TRY(const SecretBytes check, value_of(page, "check", kCheckBytes));
  if (check.view() != check_of(secrets)) return fail(Errc::bad_input, "the check does not fit: a digit is wrong");
  return secrets;
}

Result<void> save_page(platform::Files& files, const platform::Path& path, const SecretBytes& text) {
  WAYSIDE_TRY(const auto file, files.open(path, platform::OpenMode::create_new));
  auto written = file->write_at(0, text.view());
  if (written) written = file->sync();
  const platform::Path folder = path.parent_path();
  if (written) written = files.sync_folder(folder.empty() ? "." : folder);
  if (!written) (void)files.remove(path);   // half a page helps nobody
  return written;
}

}  // namespace wayside::recovery
