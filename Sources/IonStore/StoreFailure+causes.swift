internal import GRDB
internal import IonWorkflow

extension StoreFiles {
  /// What an error of SQLite or of a reader of stored texts means. Damage is noted, so that the database is checked when
  /// it is opened next.
  func failure(_ error: any Error) -> StoreFailure {
    if let failure = error as? StoreFailure { return failure }
    let failure = cause(error)
    if case .damaged = failure { suspect() }
    return failure
  }

  /// What SQLite says, with a code that stands for anything, where the database's header holds what it never writes there.
  private static let messagesOfDamage = [
    "unsupported file format", "attached databases must use the same text encoding as main database",
  ]

  private func cause(_ error: any Error) -> StoreFailure {
    switch error {
    case let mismatch as Fields.Mismatch: .damaged(mismatch.description)
    case let error as DatabaseError: cause(error)
    default: .failed(String(describing: error))
    }
  }

  private func cause(_ error: DatabaseError) -> StoreFailure {
    let message = "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
    return switch error.resultCode {
    case .SQLITE_FULL: .diskFull
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged(message)
    case .SQLITE_ERROR where Self.messagesOfDamage.contains(error.message ?? ""): .damaged(message)
    // A file that ends before what was written to it: somebody cut it.
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHORT_READ: .damaged(message)
    // No room is told in several ways, by the place where it was missed.
    case .SQLITE_IOERR where isDiskFull, .SQLITE_CANTOPEN where isDiskFull: .diskFull
    // The file may be written, and yet SQLite won't: its header says that a program of the future wrote it.
    case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY && isWritable: .damaged(message)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: unusable("can't be used: \(message)")
    default: .failed(message)
    }
  }
}
