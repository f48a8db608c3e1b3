public import IonWorkflow

/// A workflow file that another one includes.
public struct IncludedFile: Hashable, Sendable {
  public var path: AbsolutePath
  public var bytes: [UInt8]
  /// The names that led to it, in the order in which they were met.
  public var names: [String]

  public init(path: AbsolutePath, bytes: [UInt8], names: [String] = []) {
    self.path = path
    self.bytes = bytes
    self.names = names
  }
}

/// Finds the file of a workflow that is included by its name. The reader itself looks at no disk.
///
/// Throws where there is no such workflow, or more than one.
public typealias IncludeResolver = (String) throws(CatalogFailure) -> IncludedFile
