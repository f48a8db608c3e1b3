internal import CIonProcess
internal import Glibc
internal import IonWorkflow

/// A command made ready for the kernel: checked, its program found, its texts as C wants them.
struct Launch {
  private let path: String
  private let folder: AbsolutePath
  private var arguments = CStrings()
  private var environment = CStrings()

  init(_ command: StepCommand) throws(ProcessFailure) {
    folder = command.workingDirectory
    let variables = try Variables(of: command)
    for (name, value) in variables.entries { environment.append(name, "=", value) }
    guard environment.byteCount <= command.environmentLimit else { throw .tooLarge(bytes: environment.byteCount) }
    for (index, text) in ([command.executable] + command.arguments).enumerated() {
      guard !text.utf8.contains(0) else {
        throw .malformed(what: index == 0 ? "the program's name has a NUL" : "argument \(index) has a NUL")
      }
      arguments.append(text)
    }
    path = try ProgramSearch.find(command.executable, path: variables.value(of: "PATH"), from: folder)
  }

  /// Starts the program with descriptors as its standard streams, -1 for no stdin; the new process's number. Blocks for as
  /// long as it takes to execute it.
  func spawn(stdin: Int32, stdout: Int32, stderr: Int32) throws(ProcessFailure) -> Int32 {
    var pid: Int32 = 0
    var failure = execute(stdin, stdout, stderr, &pid)
    // A file that this program has just written counts as busy while the child of another spawn, which will drop it at
    // once, has it open, too.
    var pause: Int32 = 1
    while failure == ETXTBSY, pause < 100 {
      poll(nil, 0, pause)
      pause *= 2
      failure = execute(stdin, stdout, stderr, &pid)
    }
    guard failure != E2BIG else { throw .tooLarge(bytes: arguments.byteCount + environment.byteCount) }
    guard failure == 0 else { throw ProgramSearch.explain(SystemError(failure), path: path, from: folder) }
    return pid
  }

  /// Tries once; 0, or what it failed with.
  private func execute(_ stdin: Int32, _ stdout: Int32, _ stderr: Int32, _ pid: inout Int32) -> Int32 {
    arguments.withPointers { arguments in
      environment.withPointers { environment in
        path.withCString { path in
          folder.text.withCString { folder in
            var request = ion_spawn_request(
              path: path, arguments: arguments, environment: environment, directory: folder, in: stdin, out: stdout,
              err: stderr)
            return ion_spawn(&request, &pid)
          }
        }
      }
    }
  }
}

/// A command's environment as names and values, in the order given: the last of a name stands, in the first's place; then
/// the marker, and `SHLVL` where it is missing (without it, bash may take itself for a remote shell).
private struct Variables {
  private(set) var entries: [(name: String, value: String)] = []
  private var places: [VariableName: Int] = [:]

  private struct VariableName: TextIdentifier { let rawValue: String }

  init(of command: StepCommand) throws(ProcessFailure) {
    guard let sign = command.marker.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw .malformed(what: "the marker is no NAME=value")
    }
    entries.reserveCapacity(command.environment.count + 2)
    places.reserveCapacity(command.environment.count + 2)
    for (name, value) in command.environment { try set(name, value) }
    let value = command.marker.utf8.index(after: sign)
    try set(String(command.marker[..<sign]), String(command.marker[value...]))
    if self.value(of: "SHLVL") == nil { try set("SHLVL", "0") }
  }

  /// What a variable is set to; nil where it isn't.
  func value(of name: String) -> String? { places[VariableName(rawValue: name)].map { entries[$0].value } }

  private mutating func set(_ name: String, _ value: String) throws(ProcessFailure) {
    guard !name.isEmpty, !name.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == 0 }), !value.utf8.contains(0)
    else { throw .malformed(what: "the variable \(name) has no possible name, or a NUL") }
    if let place = places[VariableName(rawValue: name)] {
      entries[place] = (name, value)
    } else {
      places[VariableName(rawValue: name)] = entries.count
      entries.append((name, value))
    }
  }
}

/// Texts laid out one after the other as C reads a list of them.
private struct CStrings {
  private var bytes: [UInt8] = []
  private var starts: [Int] = []

  /// Bytes in all, the NUL behind each text counted.
  var byteCount: Int { bytes.count }

  /// Adds a text that is given in pieces, and has no NUL.
  mutating func append(_ pieces: String...) {
    starts.append(bytes.count)
    for piece in pieces { bytes.append(contentsOf: piece.utf8) }
    bytes.append(0)
  }

  /// Gives the addresses of the texts, ended by nil, for the time of a call that doesn't write through them.
  func withPointers<Result>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
    bytes.withUnsafeBytes { buffer in
      let base = UnsafeMutableRawPointer(mutating: buffer.baseAddress)
      let pointers = starts.map { base?.advanced(by: $0).assumingMemoryBound(to: CChar.self) } + [nil]
      return pointers.withUnsafeBufferPointer { list in
        // The list ends with nil, so it has an address.
        body(list.baseAddress!)
      }
    }
  }
}
