#!/usr/bin/env python3
"""Faults put into copies of the engine's sources, to show that the simulator finds them.

    mutations.py list                       NAME FILE of each, one a line
    mutations.py apply NAME ROOT OUT        writes ROOT's file with the mutation in it to OUT

Each takes one line of a source (or a few) and puts another in its place. When the line is not there any more, the copy is
left as it was and says so: then the test of that mutation fails, and the table here is to be mended.
"""
import pathlib
import sys

# name, file, what stands there, what stands there instead
MUTATIONS = [
    ("skip-fsync", "core/store/vfs.cc",
     "if (const auto done = open.file->sync(); !done)",
     "if (const auto done = open.file->size(); !done)"),
    ("drop-supersedes", "core/ledger/record_state.cc",
     "for (const Dot& superseded : write.supersedes) {",
     "for (const Dot& superseded : std::set<Dot>{}) {"),
    ("supersede-what-was-not-shown", "core/casework/writing.cc",
     "change.shown ? *change.shown : view.dots()",
     "ledger::view(change.field, state != nullptr ? *state : ledger::FieldState{}).dots()"),
    ("accept-a-gap-in-a-ledger", "sync/session/pages.cc",
     "  if (delivery.lsn() > next || ",
     "  if (delivery.lsn() > next + 1'000'000 || "),
    ("accept-a-gap-in-a-sequence", "core/vault/ingest.cc",
     "  if (!chain.complete && !unchecked) return wait(",
     "  if (false) return wait("),
    ("judge-by-arrival", "core/vault/ingest.cc",
     "role_at(device.entry.user, head_number));",
     "role_at(device.entry.user, vault_.membership().size() - 1));"),
    ("seal-again-for-the-outbox", "sync/reconcile/outgoing.cc",
     "    WAYSIDE_OK(outbox.append(waiting.id, to_parcel(waiting.sealed, std::move(grants))));",
     """    WAYSIDE_TRY(const auto envelope, ledger::parse_envelope(waiting.sealed));
    WAYSIDE_TRY(const SecretBytes key, vault.store().case_key(waiting.ledger, envelope.header.key_generation));
    WAYSIDE_TRY(const Bytes plain, ledger::open_envelope(envelope, key.view()));
    WAYSIDE_TRY(const auto again, ledger::seal_envelope(envelope.header, plain, key.view(), vault.signer(), vault.env().random));
    WAYSIDE_OK(outbox.append(waiting.id, to_parcel(again.bytes, std::move(grants))));"""),
    ("use-a-sequence-number-twice", "core/vault/save.cc",
     "  header.seq = last.seq + 1;",
     "  header.seq = std::max<std::uint64_t>(last.seq, 1);"),
    ("move-the-cursor-before-the-inbox", "sync/courier/sync_job.cc",
     """    WAYSIDE_TRY(const std::uint64_t number, inbox.append(*gain.page));
    change.set_inbox_number(number);""",
     """    WAYSIDE_OK(cursors.save(change));
    WAYSIDE_TRY(const std::uint64_t number, inbox.append(*gain.page));
    return number > 0 ? Result<void>{} : fail(Errc::io);"""),
    ("mark-a-page-before-it-is-folded", "sync/reconcile/inbox_fold.cc",
     "    WAYSIDE_TRY(Folded result, fold_page(vault, page->page, shown));",
     "    WAYSIDE_OK(inbox.mark_folded(page->number));\n"
     "    WAYSIDE_TRY(Folded result, fold_page(vault, page->page, shown));"),
    ("take-what-was-sent-for-answered", "sync/reconcile/outgoing.cc",
     "answered = outbox.answered(cursor.pushed_up_to);\n  for (const EnvelopeId& id : answered) {\n",
     "answered = outbox.ids();\n  for (const EnvelopeId& id : answered) {\n"
     "    WAYSIDE_OK(vault.store().clear_outgoing(writing.transaction(), id));\n"),
    ("trust-a-new-generation-without-comparing", "sync/reconcile/generations.cc",
     "    WAYSIDE_OK(note_doubt(vault, writing));",
     "    WAYSIDE_TRY(auto inbox, spool::InboxReader::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));\n"
     "    WAYSIDE_OK(inbox.ask_for_all(now->str()));"),
    ("believe-the-office-about-heads", "sync/session/pages.cc",
     "  if (heads.frontier == frontier_of(state.cursor, state.organisation)) return Comparison::all_here;",
     "  return Comparison::all_here;"),
    ("write-anew-without-the-dots", "core/vault/twin.cc",
     "    keep_dots(with_dots, each);\n",
     ""),
    ("set-aside-and-forget", "core/vault/twin.cc",
     "  for (Unsent& each : waiting) WAYSIDE_OK(rewriter.write(each));\n",
     ""),
    ("count-late-work", "core/membership/log.cc",
     "  if (!late) return std::nullopt;",
     "  if (late || !late) return std::nullopt;"),
    ("keep-the-key-after-a-removal", "core/vault/writing_key.cc",
     "if (!known || known->made_at < keys_since(log, ledger, all)) return new_key(",
     "if (!known) return new_key("),
    ("forget-a-countersign", "core/vault/rejudge.cc",
     "  if (decided != nullptr) again.insert(again.end(), decided->envelopes.begin(), decided->envelopes.end());",
     ""),
    ("leave-what-is-erased-in-the-spool", "sync/reconcile/erased.cc",
     "spool::forget_ledgers(vault.env().files, layout, ledgers)",
     "spool::forget_ledgers(vault.env().files, layout, {})"),
    ("take-listed-files-for-sent", "sync/reconcile/attachments.cc",
     "  if (cursor.parts_sent != list->digest.view()) return {};\n",
     ""),
    ("make-the-vault-anew-when-joining-again", "sync/enrol/join.cc",
     "  const bool again = env.files.exists(request.home / \"header\");",
     "  const bool again = false;"),
    ("keep-files-of-late-work-back", "sync/courier/sync_job.cc",
     "  const bool may_send = !error || error->code == Errc::refused;",
     "  const bool may_send = !error;"),
    ("take-what-was-put-down-for-held", "sync/reconcile/erased.cc",
     "  if (cleared && !put_down.empty()) cleared",
     "  if (cleared && put_down.size() > 1'000'000) cleared"),
    ("keep-nothing-for-the-office", "core/vault/kept_copies.cc",
     "  if (written.empty()) return {};",
     "  if (!written.empty()) return {};"),
]


def apply(name, root, out):
    for each, file, there, instead in MUTATIONS:
        if each != name:
            continue
        text = (pathlib.Path(root) / file).read_text(encoding="utf-8")
        if text.count(there) == 1:
            text = text.replace(there, instead)
        else:
            print(f"{file}: what the mutation {name} replaces stands there {text.count(there)} times", file=sys.stderr)
        pathlib.Path(out).write_text(text, encoding="utf-8")
        return 0
    print(f"no mutation {name}", file=sys.stderr)
    return 2


def main():
    if sys.argv[1:] == ["list"]:
        for name, file, _, _ in MUTATIONS:
            print(name, file)
        return 0
    if len(sys.argv) == 5 and sys.argv[1] == "apply":
        return apply(*sys.argv[2:])
    print(__doc__, file=sys.stderr)
    return 2


sys.exit(main())
