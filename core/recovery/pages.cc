#include "core/recovery/pages.h"

#include "core/base/secret_text.h"
#include "core/base/value.h"
#include "core/recovery/typed_lines.h"

namespace wayside::recovery {
namespace {

constexpr unsigned char kVersion = 1;
enum Kind : unsigned char { kit_page = 1, share_page = 2 };
constexpr std::string_view kShareTitle = "WAYSIDE SHARE ", kKitTitle = "WAYSIDE KIT ",
                           kWholeTitle = "WAYSIDE RECOVERY ";
constexpr std::size_t kShareLines = 11, kKitLines = 2;
constexpr std::size_t kMaxTextBytes = 4096;
constexpr std::size_t kMaxDeviceBytes = 200;

std::string day_text(std::uint32_t day) {
  constexpr std::int64_t kDay_ms = 86'400'000;
  return iso_time(std::int64_t{day} * kDay_ms).substr(0, 10);
}

std::string_view name_of(unsigned char kind) {
  return kind == kit_page ? "the recovery kit of one vault" : "a share of an organisation's recovery";
}

/// The bytes of a page of that kind. What it is instead is said before what is wrong with its lines.
Result<SecretBytes> bytes_of(const SecretBytes& text, Kind kind, std::string_view title, std::size_t lines) {
  const BytesView all = text.view();
  const std::string wanted(name_of(kind));
  if (all.size() > kMaxTextBytes) return fail(Errc::bad_input, "too long for " + wanted);
  if (const auto at = all.find(title); at != BytesView::npos) {
    const BytesView version = all.substr(at + title.size(), 2);
    if (version != "1" && version != "1\n" && version != "1\r" && version != "1 ")
      return fail(Errc::newer_format, wanted);
  }
  const auto first = read_typed_lines(all, 1);
  if (first) {
    if (first->data()[0] != kVersion) return fail(Errc::newer_format, wanted);
    const unsigned char found = first->data()[1];
    if (found != kind && (found == kit_page || found == share_page))
      return fail(Errc::bad_input, "this is " + std::string(name_of(found)) + ", not " + wanted);
    if (found != kind) return fail(Errc::bad_input, "this is not " + wanted);
  } else if (all.contains(kWholeTitle)) {
    return fail(Errc::bad_input, "this is the whole recovery page, not " + wanted);
  }
  return read_typed_lines(all, lines);
}

/// Takes one field after another off the front.
class Fields {
 public:
  explicit Fields(const SecretBytes& bytes) : rest_(bytes.view()) {}
  BytesView take(std::size_t size) {
    const BytesView out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  unsigned byte() { return static_cast<unsigned char>(take(1).front()); }

 private:
  BytesView rest_;
};

SecretBytes whole(const SecretWriter& out) { return copy_secret(out.view()); }

/// What a person called her device, on one line of a page.
std::string on_one_line(std::string_view device) {
  std::string out(device.substr(0, kMaxDeviceBytes));
  for (char& each : out) {
    if (static_cast<unsigned char>(each) < ' ') each = ' ';
  }
  return out;
}

}  // namespace

// ---- Shares ----

SecretBytes proven_bytes(const Share& share) {
  SecretWriter out(kShareLines * kLineBytes);
  for (const unsigned value :
       {unsigned{kVersion}, unsigned{share_page}, share.number, unsigned{kSharesNeeded}, unsigned{kShares}}) {
    const char byte = static_cast<char>(value);
    out.add({&byte, 1});
  }
  out.add(share.set.view()).add(share.organisation.view());
  for (int shift = 24; shift >= 0; shift -= 8) {
    const char byte = static_cast<char>(share.day >> shift);
    out.add({&byte, 1});
  }
  out.add(share.part.view());
  return whole(out);
}

SecretBytes share_text(const Share& share) {
  const SecretBytes proven = proven_bytes(share);
  SecretWriter bytes(kShareLines * kLineBytes);
  bytes.add(proven.view()).add(share.proof.view());
  SecretWriter out(kMaxTextBytes);
  out.add(kShareTitle).add("1\n");
  out.add("Page ").add(std::to_string(share.number)).add(" of ").add(std::to_string(kShares)).add(".\n");
  out.add(
      "Any two of the three pages open every case of the organisation and admit anybody to it.\n"
      "One page alone opens nothing. Print it, give it to one person to lock away, and delete the file.\n"
      "Keep no two pages in one place.\n");
  out.add("organisation ").add(to_text(share.organisation)).add("\n");
  out.add("made ").add(day_text(share.day)).add("\n\n");
  out.add(typed_lines(whole(bytes)).view());
  out.add("\nEND\n");
  return whole(out);
}

Result<Share> parse_share(const SecretBytes& text) {
  WAYSIDE_TRY(const SecretBytes bytes, bytes_of(text, share_page, kShareTitle, kShareLines));
  Fields in(bytes);
  (void)in.take(2);  // version and kind
  Share out;
  out.number = in.byte();
  const unsigned needed = in.byte(), of = in.byte();
  if (needed != kSharesNeeded || of != kShares) return fail(Errc::newer_format, "a share of another number of pages");
  if (out.number == 0 || out.number > kShares)
    return fail(Errc::bad_input, "there is no page " + std::to_string(out.number) + " of three");
  out.set = *decltype(out.set)::from(in.take(5));
  out.organisation = *OrganisationId::from(in.take(OrganisationId::size_bytes));
  for (int i = 0; i < 4; ++i) out.day = out.day << 8 | in.byte();
  out.part = copy_secret(in.take(kPartBytes));
  out.proof = copy_secret(in.take(kProofBytes));
  return out;
}

// ---- Kits ----

SecretBytes kit_text(const Kit& kit, std::string_view device, std::int64_t now_ms) {
  constexpr std::array<char, 2> kHead{kVersion, kit_page};
  SecretWriter bytes(kKitLines * kLineBytes);
  bytes.add({kHead.data(), kHead.size()}).add(kit.slot.view()).add(kit.code.view());
  SecretWriter out(kMaxTextBytes);
  out.add(kKitTitle).add("1\n");
  out.add("This page opens the vault \"")
      .add(on_one_line(device))
      .add(
          "\" when its passphrase is forgotten or its device's\n"
          "secret is lost: `wayside-cli recovery unlock --kit-file FILE`, with the lines below typed into a file.\n"
          "Whoever has this page and a copy of the vault can open it. Print it, lock it away from the device, and\n"
          "delete the file. A newer kit of the same vault makes this one useless.\n");
  out.add("made ").add(iso_time(now_ms).substr(0, 10)).add("\n\n");
  out.add(typed_lines(whole(bytes)).view());
  out.add("\nEND\n");
  return whole(out);
}

Result<Kit> parse_kit(const SecretBytes& text) {
  WAYSIDE_TRY(const SecretBytes bytes, bytes_of(text, kit_page, kKitTitle, kKitLines));
  Fields in(bytes);
  (void)in.take(2);  // version and kind
  Kit out;
  out.slot = *decltype(out.slot)::from(in.take(2));
  out.code = copy_secret(in.take(kCodeBytes));
  return out;
}

}  // namespace wayside::recovery
