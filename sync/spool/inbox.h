#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/spool/cursors.h"
#include "sync/spool/layout.h"
#include "sync/spool/segment_folder.h"
#include "sync/wire/wire.pb.h"

/// Pages as the office gave them, from the courier to the vault. Deliveries may come twice, a page or its half may come
/// again after a crash: the vault recognises what it has. A page holds at least every envelope that Cursor claims.
namespace wayside::spool {

/// Longer pages are stored as several frames.
inline constexpr std::size_t kMaxPagePartBytes = std::size_t{4} << 20;

/// What the vault says to the courier, for whoever does not write it. A missing file: nothing yet.
struct Folded {
  std::uint64_t number = 0;         ///< how far it has folded
  std::uint64_t missing = 0;        ///< the newest frame found missing
  Bytes generation;                 ///< of the office, when it ever was another than at first: in no other is there anything to do
  bool accepted = false;            ///< that generation has got what it lacked of what is here
  Bytes incarnation;                ///< 16, or empty: the vault has not said yet
};
Result<Folded> read_folded(platform::Files& files, const Layout& layout);

/// The courier's end; whoever has one holds courier.lock.
class InboxWriter {
 public:
  /// Deletes what is folded. When a frame that the vault has not folded can no longer be read, the cursors are set back
  /// so that everything is fetched again: `started_over()`.
  static Result<InboxWriter> open(platform::Files& files, const Layout& layout, Cursors& cursors);

  /// Durable when it returns. The number of its last frame: for the cursor frame that contains it.
  /// Errors: disk_full, io, read_only, too_large.
  Result<std::uint64_t> append(const wire::pb::PullAnswer& page);

  [[nodiscard]] bool started_over() const { return started_over_; }
  /// The vault has accepted the generation that the cursors are in (InboxReader::accept).
  [[nodiscard]] bool accepted() const { return accepted_; }
  [[nodiscard]] const std::vector<std::string>& damage() const { return writer_.damage(); }

 private:
  InboxWriter(SegmentWriter writer, std::uint64_t next) : writer_(std::move(writer)), next_(next) {}

  SegmentWriter writer_;
  std::uint64_t next_;
  bool started_over_ = false;
  bool accepted_ = false;
};

/// The vault's end.
class InboxReader {
 public:
  struct Page {
    std::uint64_t number = 0;
    wire::pb::PullAnswer page;
  };

  static Result<InboxReader> open(platform::Files& files, const Layout& layout);

  /// The next page that was not folded, or nothing for now. A frame that cannot be read is stepped over, noted in
  /// `damage()`, and fetched again by the next courier once `mark_folded` has been called for a later one.
  Result<std::optional<Page>> next();

  /// Durable when it returns: pages up to `number` are not needed any more. Call it after the commit that holds them.
  Result<void> mark_folded(std::uint64_t number);

  /// Page `number` could be read, but is not what the office's ledgers hold: with the next `mark_folded` it counts as one
  /// that could not, and everything is fetched again.
  Result<void> note_false(std::uint64_t number);

  /// The next courier fetches everything again, this device's own envelopes whole among it. Durable when it returns.
  Result<void> ask_for_all();

  /// What the vault writes in, for the next courier to tell the office. Durable when it returns; nothing when it is known.
  Result<void> tell_incarnation(const IncarnationId& incarnation);

  /// The same in the office's new generation, whatever the courier's cursor says.
  Result<void> ask_for_all(const Bytes& generation);

  /// What the office had lost of what is here was given back to it: the next courier says so. Durable when it returns.
  Result<void> accept(const Bytes& generation);

  [[nodiscard]] std::uint64_t folded() const { return folded_.number; }
  [[nodiscard]] std::vector<std::string> damage() const;

 private:
  InboxReader(platform::Files& files, Layout layout, SegmentFile file, Folded folded)
      : files_(&files), layout_(std::move(layout)), file_(std::move(file)), folded_(std::move(folded)),
        expected_(folded_.number + 1), reader_(files, layout_.inbox(), folded_.number) {}
  Result<void> note_gap(std::uint64_t before);
  Result<bool> note_missing(std::uint64_t number);

  platform::Files* files_;
  Layout layout_;
  std::optional<SegmentFile> file_;
  Folded folded_;
  std::uint64_t expected_;
  SegmentReader reader_;
  std::vector<std::string> gaps_;
};

/// A page as frames of at most about kMaxPagePartBytes; the heads come with the last.
std::vector<wire::pb::PullAnswer> split_page(const wire::pb::PullAnswer& page);

}  // namespace wayside::spool
