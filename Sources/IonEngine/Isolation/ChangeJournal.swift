internal import Glibc
internal import IonJSON
internal import IonStore
internal import IonWorkflow

/// What is kept of taking changes over into a checkout: what was there before, for as long as that goes on, and what was
/// taken, for as long as the run is kept.
///
/// First everything is made ready aside, then the journal is written, then files are put in their places one by one, and
/// at last the journal is renamed to the record of what was taken. Whoever finds a journal puts back what had been there.
struct ChangeJournal {
  /// One path of the checkout.
  struct Entry: Hashable {
    var path: RepositoryPath
    /// Whether something was there, which is kept under the entry's number.
    var hadSomething: Bool
    /// What is put there; nil where what is there goes away.
    var placed: FileStamp?
  }

  /// What the run had at a path when it was taken: an entry's text, or `none`.
  typealias Taken = [RepositoryPath: String]

  /// The run's own folder for what is about its changes.
  let folder: AbsolutePath

  private var applying: AbsolutePath { folder.appending("applying") }
  private var manifest: AbsolutePath { applying.appending("manifest.json") }
  /// Where what stood in the checkout is kept.
  func kept(_ number: Int) -> AbsolutePath { applying.appending("old").appending("\(number)") }
  /// Where what is to be put there is made ready.
  func staged(_ number: Int) -> AbsolutePath { applying.appending("new").appending("\(number)") }

  static func text(of edit: PathEdit) -> String { edit.new?.text ?? "none" }

  /// Whether taking changes was cut off.
  var isOpen: Bool { FileAccess.exists(applying) }

  /// The checkout that a cut-off taking was about; nil where that can't be told, because nothing was touched yet.
  var checkout: AbsolutePath? {
    guard let bytes = FileAccess.bytes(manifest, limit: .max) else { return nil }
    do { return try JSONParser().parse(bytes)["checkout"]?.stringValue.flatMap { AbsolutePath($0) } } catch {
      return nil
    }
  }

  /// Begins: nothing is touched yet.
  func begin() throws(EngineFailure) {
    FileAccess.remove(applying)
    try FileAccess.makeFolder(applying.appending("old"))
    try FileAccess.makeFolder(applying.appending("new"))
  }

  /// From here on what had been there is put back, unless `commit` comes.
  func write(_ entries: [Entry], taking taken: Taken, checkout: AbsolutePath) throws(EngineFailure) {
    let json: JSONValue = [
      "checkout": .string(checkout.text),
      "entries": .array(
        entries.map { entry in
          [
            "path": entry.path.json, "hadSomething": .bool(entry.hadSomething),
            "placed": entry.placed.map { .string($0.text) } ?? .null,
          ]
        }),
      "taken": .array(
        taken.sorted { $0.key < $1.key }.map { ["path": $0.key.json, "entry": .string($0.value)] }),
    ]
    // Everything that was made ready is on the disk before the journal that counts on it, and that before anything is
    // touched.
    for folder in [kept(0).parent, staged(0).parent] { try FileAccess.sync(folder) }
    try FileAccess.write(json.serialized(), to: manifest)
    for path in [manifest, applying] { try FileAccess.sync(path) }
  }

  /// Everything is in its place: what was taken is on record, and can't be put back any more.
  func commit() throws(EngineFailure) {
    let number = records.count + 1
    guard rename(manifest.text, folder.appending("taken-\(number).json").text) == 0 else {
      throw .unusable("Ion can't keep the record of what was taken: \(String(cString: strerror(errno))).")
    }
    FileAccess.remove(applying)
  }

  /// Puts back what had been in the checkout, where taking changes was cut off or failed. What somebody has changed since
  /// is left as it is, and returned.
  @discardableResult
  func undo() throws(EngineFailure) -> [RepositoryPath] {
    guard let bytes = try FileAccess.read(manifest) else {
      FileAccess.remove(applying)
      return []
    }
    let record: JSONValue
    do { record = try JSONParser().parse(bytes) } catch {
      throw .unusable("\(manifest) can't be read (\(error)); what had been in the checkout is in \(applying).")
    }
    guard let checkout = record["checkout"]?.stringValue.flatMap({ AbsolutePath($0) }) else {
      throw .unusable("\(manifest) doesn't say which checkout it is about.")
    }
    let files = try CheckoutFiles(checkout)
    var left: [RepositoryPath] = []
    for (number, entry) in (record["entries"]?.arrayValue ?? []).enumerated().reversed() {
      guard let path = RepositoryPath(json: entry["path"]), let had = entry["hadSomething"]?.boolValue else { continue }
      let isDone = try undo(path, number, had, placed: entry["placed"]?.stringValue, files)
      if !isDone { left.append(path) }
    }
    FileAccess.remove(applying)
    return left
  }

  /// Puts back one path; false where somebody has changed it.
  private func undo(
    _ path: RepositoryPath, _ number: Int, _ hadSomething: Bool, placed: String?, _ files: CheckoutFiles
  ) throws(EngineFailure) -> Bool {
    let present: FileStamp?
    switch try files.look(at: path) {
    case .file(let stamp), .link(let stamp): present = stamp
    case .nothing: present = nil
    case .folder, .other, .blocked: return false
    }
    let isKept = FileAccess.isThere(kept(number))
    if let placed {
      guard let present, present.text == placed else {
        // It was not put there yet, or is somebody's by now.
        return !FileAccess.isThere(staged(number)) ? present == nil && !hadSomething : true
      }
      if hadSomething { try files.place(kept(number), at: path) } else { try files.remove(path) }
      return true
    }
    if present == nil, isKept { try files.place(kept(number), at: path) }
    return true
  }

  /// What was taken so far, the last of each path.
  func taken() throws(EngineFailure) -> Taken {
    var taken: Taken = [:]
    for record in records {
      guard let bytes = try FileAccess.read(folder.appending(record)) else { continue }
      let json: JSONValue
      do { json = try JSONParser().parse(bytes) } catch {
        throw .unusable("\(folder.appending(record)) can't be read: \(error)")
      }
      for entry in json["taken"]?.arrayValue ?? [] {
        guard let path = RepositoryPath(json: entry["path"]), let text = entry["entry"]?.stringValue else { continue }
        taken[path] = text
      }
    }
    return taken
  }

  /// The records' names in the order in which they were made.
  private var records: [String] {
    FileAccess.names(in: folder).filter { $0.hasPrefix("taken-") && $0.hasSuffix(".json") }
      .sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
  }
}

extension RepositoryPath {
  /// A text, or the bytes where they are none.
  fileprivate var json: JSONValue {
    String(validating: bytes, as: UTF8.self).map(JSONValue.string) ?? .array(bytes.map { .integer(Int64($0)) })
  }

  fileprivate init?(json: JSONValue?) {
    if let text = json?.stringValue {
      self.init(text)
    } else if let numbers = json?.arrayValue {
      self.init(numbers.compactMap { $0.integerValue.flatMap { UInt8(exactly: $0) } })
    } else {
      return nil
    }
  }
}
