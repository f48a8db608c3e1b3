internal import IonWorkflow

/// A file that an agent made, changed or removed, as the protocol shows it: `NodeFile`.
public struct NodeFileShape: WireShape, Hashable {
  public static let schemaName: String? = "NodeFile"
  public static let notes: [String: String] = [
    "path": "Relative to the working path where it is below that, else absolute.",
    "change": "What was done to it.",
  ]

  public var path: String
  public var change: NodeFileChange

  init(_ file: TouchedFile) {
    path = file.path
    change =
      switch file.change {
      case .made: .made
      case .changed: .changed
      case .removed: .removed
      }
  }
}

/// What an agent did to a file.
public enum NodeFileChange: String, WireWord, Hashable {
  case made, changed, removed

  public static let schemaName = "NodeFileChange"

  public var meaning: String {
    switch self {
    case .made: "It wasn't there before."
    case .changed: "It has other contents now, or is in its place again."
    case .removed: "It isn't there any more."
    }
  }
}
