#include <catch2/catch_test_macros.hpp>

#include "tests/support/fake_env.h"
#include "ui/app/codec.h"

namespace wayside::app {

TEST_CASE("a command comes back as it was sent") {
  pb::Command command;
  command.mutable_save()->set_form_id(std::string(16, 'f'));
  command.mutable_save()->set_reason("Moved in with her sister.");
  command.mutable_save()->add_fields()->add_items("9 Orchard Way");
  const auto back = decode_command(encode(command));
  REQUIRE(back);
  CHECK(back->SerializeAsString() == command.SerializeAsString());
}

TEST_CASE("bytes that are no command are refused whole") {
  CHECK(decode_command("").error().code == Errc::bad_input);
  CHECK(decode_command("not a message at all").error().code == Errc::bad_input);
  CHECK(decode_command(std::string(kCommandLimitBytes + 1, 'x')).error().code == Errc::too_large);
  support::FakeRandom random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random.below(64), '\0');
    random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    const auto command = decode_command(bytes);
    if (command) CHECK(command->of_case() != pb::Command::OF_NOT_SET);
  }
}

TEST_CASE("a cut command is refused or is another sound command, never half of one with a broken id") {
  pb::Command command;
  command.mutable_decide()->set_review_id(std::string(16, 'r'));
  command.mutable_decide()->set_reason("because");
  const Bytes whole = encode(command);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = decode_command(BytesView(whole).substr(0, size));
    if (cut && cut->has_decide()) CHECK(cut->decide().review_id().size() == 16);
  }
}

TEST_CASE("an id of the wrong length, an unknown choice and an unknown filter are refused") {
  pb::Command command;
  command.mutable_open_case()->set_case_id("short");
  CHECK_FALSE(decode_command(encode(command)));
  command.mutable_open_case()->clear_case_id();
  CHECK(decode_command(encode(command)));
  command.mutable_search()->set_filter("'; DROP TABLE records");
  CHECK_FALSE(decode_command(encode(command)));
  command.mutable_decide()->set_review_id(std::string(32, 'q'));
  CHECK(decode_command(encode(command)));
  command.mutable_decide()->set_choice(static_cast<pb::Decide::Choice>(77));
  CHECK_FALSE(decode_command(encode(command)));
}

TEST_CASE("a snapshot comes back as it was encoded, and garbage is no snapshot") {
  pb::Snapshot snapshot;
  snapshot.set_number(3);
  snapshot.mutable_caseload()->add_rows()->set_name("Priya Shah");
  const auto bytes = encode_wiping(snapshot);
  const auto back = decode_snapshot(*bytes);
  REQUIRE(back);
  CHECK(back->caseload().rows(0).name() == "Priya Shah");
  CHECK(decode_snapshot("\xff\xff\xff garbage").error().code == Errc::bad_input);
}

TEST_CASE("wiping a message overwrites its texts where they lie") {
  const std::string canary = "a line that is long enough to lie on the heap";
  pb::Case shown;
  shown.add_safe_contact(canary);
  shown.mutable_form()->add_fields()->add_items(canary);
  // A repeated field keeps the memory of its strings when it is cleared, so it can be looked at afterwards.
  const char* lies_at = shown.safe_contact(0).data();
  wipe(shown);
  CHECK(std::string_view(lies_at + 1, canary.size() - 1) == std::string(canary.size() - 1, '\0'));
  CHECK(shown.ByteSizeLong() == 0);
}

}  // namespace wayside::app
