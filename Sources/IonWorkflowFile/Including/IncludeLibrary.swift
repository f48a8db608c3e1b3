internal import IonWorkflow

/// Workflow files that were read, each with what it includes in its place. A file is read once, however many include it,
/// and nothing here calls itself: how deep files include each other is up to their authors.
final class IncludeLibrary {
  /// How deep includes may stand inside each other.
  static let depthLimit = 3

  /// A file that is through.
  struct Volume {
    var reading: WorkflowReading
    var title: String
    /// The names of the longest way down its includes, its own first.
    var deepest: [String]
    var source: SourceText
  }

  /// What became of a name.
  enum Finding {
    case volume(Volume, AbsolutePath)
    case missing(CatalogFailure)
    /// The workflows on the way from one back to itself.
    case cycle([String])
  }

  private struct OpenFile {
    var path: AbsolutePath?
    var file: FileRead
    var next = 0
    var found: [Finding] = []
    var included: [IncludedFile] = []
  }

  private let resolver: IncludeResolver
  private let limits: ReadingLimits
  private var volumes: [AbsolutePath: Volume] = [:]
  private var lookups: [ExactText: Result<IncludedFile, CatalogFailure>] = [:]

  init(limits: ReadingLimits, _ resolver: @escaping IncludeResolver) {
    self.limits = limits
    self.resolver = resolver
  }

  /// The reading of a file, its includes unfolded.
  /// - Parameter path: Where the file is; nil for a text without one.
  func reading(of bytes: [UInt8], at path: AbsolutePath?, fileName: String?) -> (reading: WorkflowReading, work: Int) {
    if let path, let known = volumes[path] { return (known.reading, 0) }
    var work = 0
    var open = [OpenFile(path: path, file: read(bytes, fileName))]
    while true {
      let top = open.count - 1
      if open[top].next < open[top].file.sites.count {
        step(&open)
        continue
      }
      let closed = open.removeLast()
      let volume = close(closed, &work)
      if let path = closed.path { volumes[path] = volume }
      guard let below = open.indices.last else { return (volume.reading, work) }
      // Only the first file may be without a path, and it has none below it.
      if let path = closed.path { open[below].found.append(.volume(volume, path)) }
      open[below].next += 1
    }
  }

  private func read(_ bytes: [UInt8], _ fileName: String?) -> FileRead {
    WorkflowReader.fileRead(bytes, fileName: fileName, limits: limits, isUnfolding: true)
  }

  /// Looks at the next include of the innermost open file: opens the file that it leads to, or finds what is known.
  private func step(_ open: inout [OpenFile]) {
    let top = open.count - 1
    let site = open[top].file.sites[open[top].next]
    let file: IncludedFile
    do throws(CatalogFailure) {
      file = try lookUp(site.workflow)
    } catch {
      open[top].found.append(.missing(error))
      open[top].next += 1
      return
    }
    if let start = open.firstIndex(where: { $0.path == file.path }) {
      let names = open[start...].map(\.file.title)
      open[top].found.append(.cycle(names + [names[0]]))
      open[top].next += 1
      return
    }
    var named = file
    named.names = [site.workflow]
    open[top].included.append(named)
    if let known = volumes[file.path] {
      open[top].found.append(.volume(known, file.path))
      open[top].next += 1
      return
    }
    open.append(OpenFile(path: file.path, file: read(file.bytes, file.path.name)))
  }

  private func lookUp(_ name: String) throws(CatalogFailure) -> IncludedFile {
    if let known = lookups[ExactText(name)] { return try known.get() }
    let found: Result<IncludedFile, CatalogFailure>
    do throws(CatalogFailure) {
      found = .success(try resolver(name))
    } catch {
      found = .failure(error)
    }
    lookups[ExactText(name)] = found
    return try found.get()
  }

  /// Puts what a file includes in its place; all that it includes is through.
  private func close(_ open: OpenFile, _ work: inout Int) -> Volume {
    var file = open.file
    IncludeUnfolding(context: file.context, title: file.title).unfold(&file, open.found)
    var reading = file.reading
    var deepest: [String] = []
    var seen: [AbsolutePath: Int] = [:]
    func add(_ included: IncludedFile) {
      if let index = seen[included.path] {
        for name in included.names where !reading.included[index].names.contains(name) {
          reading.included[index].names.append(name)
        }
      } else {
        seen[included.path] = reading.included.count
        reading.included.append(included)
      }
    }
    for included in open.included { add(included) }
    for finding in open.found {
      switch finding {
      case .volume(let volume, _):
        for included in volume.reading.included { add(included) }
        reading.missingIncludes += volume.reading.missingIncludes
        if volume.deepest.count > deepest.count { deepest = volume.deepest }
      case .missing(let failure): reading.missingIncludes.append(failure.name)
      case .cycle: break
      }
    }
    work += file.written + file.context.work
    return Volume(
      reading: reading, title: file.title, deepest: [file.title] + deepest, source: file.context.source)
  }
}

extension CatalogFailure {
  /// The name that led nowhere.
  var name: String {
    switch self {
    case .notFound(let name, _), .ambiguous(let name, _): name
    }
  }
}
