internal import GRDB

/// Where the log stands: the last ownership, and the last number that an event got. Neither ever falls: the last event's
/// row is never deleted but together with one that follows it, and what was lost before an ownership began is jumped over.
struct LogHead {
  var epoch: Int64
  var seq: Int64

  /// Far from where JSON's readers lose digits (2^53), and from where a number overflows.
  private static let sound = 0...Int64(1 << 52)

  /// Throws where the head can't be the one that was written.
  init(_ db: Database) throws {
    guard let row = try db.row(.head) else { throw Fields.Mismatch(description: "the log has no head") }
    epoch = try row.read(0)
    seq = try max(row.read(1), row.read(2))
    guard Self.sound.contains(epoch), Self.sound.contains(seq) else {
      throw Fields.Mismatch(description: "the log's head was changed on disk")
    }
  }
}
