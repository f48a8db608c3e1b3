/// A file that an agent made, changed or removed.
public struct TouchedFile: Hashable, Sendable {
  public enum Change: String, Sendable { case made, changed, removed }

  /// Relative to the working path where it is below that, else absolute.
  public var path: String
  public var change: Change

  public init(_ path: String, _ change: Change) {
    self.path = path
    self.change = change
  }
}

/// What became of files over an attempt, in the order in which they were first touched.
public struct TouchedFiles: Sendable {
  /// How many files are kept; more are counted alone.
  public static let limit = 1000

  public private(set) var files: [TouchedFile] = []
  private var places: [Path: Int] = [:]

  private struct Path: TextIdentifier { let rawValue: String }

  public init() {}

  /// Takes in what came next: a file that was made and changed was made, one that was made and removed is none.
  public mutating func add(_ file: TouchedFile) {
    let key = Path(rawValue: file.path)
    guard let place = places[key] else {
      guard files.count < Self.limit else { return }
      places[key] = files.count
      return files.append(file)
    }
    switch (files[place].change, file.change) {
    case (.made, .removed): files[place].change = .removed
    case (.made, _): break
    case (.removed, .made): files[place].change = .changed
    case (_, let change): files[place].change = change
    }
  }
}
