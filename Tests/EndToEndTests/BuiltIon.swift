import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// The `ion` that was built beside these tests, used as people and editors use it.
struct BuiltIon {
  let folder: TemporaryFolder
  /// What its environment has beside the usual.
  private let variables: [String: String]

  /// A workspace of its own with these files in it, and an empty home.
  init(
    files: [String: String] = [:], variables: [String: String] = [:],
    folder: TemporaryFolder = TemporaryFolder("ion-e2e")
  ) {
    self.variables = variables
    // Programs go away while tests still talk to them.
    signal(SIGPIPE, SIG_IGN)
    self.folder = folder
    folder.write("", to: "home/.keep")
    folder.write("", to: "workspace/.keep")
    for (path, text) in files { folder.write(text, to: "workspace/" + path) }
  }

  var workspace: AbsolutePath { folder.path.appending("workspace") }

  /// The program stands in the folder of the test bundle.
  static let program: URL = {
    let own = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [own, URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()]
    let found = candidates.map { $0.appending(path: "ion") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    guard let found else { preconditionFailure("no built `ion` beside the tests: \(candidates)") }
    return found
  }()

  var environment: [String: String] {
    [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path.appending("home").text, "LANG": "C.UTF-8",
      "XDG_RUNTIME_DIR": folder.path.appending("run").text, "SWIFT_BACKTRACE": "enable=no",
    ].merging(variables) { $1 }
  }

  /// The processes that work in the workspace, but for Ion itself: what its steps have started, whatever became of its
  /// session, its parent or its environment.
  func processesOfSteps() -> [String] {
    let manager = FileManager.default
    let own = Self.program.resolvingSymlinksInPath().path
    let pids = (try? manager.contentsOfDirectory(atPath: "/proc")) ?? []
    return pids.filter { pid in
      guard Int32(pid) != nil, let place = try? manager.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd"),
        place.hasPrefix(workspace.text),
        let program = try? manager.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
      else { return false }
      return program != own
    }
  }

  /// The status of a run as `ion show` says it.
  func status(of run: String) async throws -> String? {
    let shown = try await self.run("show", run, "--json")
    return try JSONParser().parse(shown.output)["status"]?.stringValue
  }

  /// The folder of the workspace's store.
  func store() throws -> AbsolutePath {
    let folder = workspace.appending(".ion/codebases")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.text)
    return folder.appending(try #require(names.first))
  }

  /// What a command came to.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Runs a command to its end.
  func run(_ arguments: String...) async throws -> Outcome {
    let started = try start(arguments)
    return try await started.end()
  }

  /// Starts a command. `destination` takes its stdout, which nobody hears then.
  func start(_ arguments: [String], output destination: FileHandle? = nil) throws -> Started {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(filePath: workspace.text)
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    let errors = Pipe()
    if let destination { process.standardOutput = destination } else { process.standardOutput = output }
    process.standardError = errors
    let (ended, sink) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in sink.finish() }
    try process.run()
    if destination != nil { try output.fileHandleForWriting.close() }
    return Started(process: process, output: output, errors: errors, ended: ended)
  }

  /// A command that runs.
  struct Started {
    let process: Process
    let output: Pipe
    let errors: Pipe
    let ended: AsyncStream<Void>

    func kill(_ signal: Int32) { _ = Foundation.kill(process.processIdentifier, signal) }

    func end() async throws -> Outcome {
      async let output = Self.text(output)
      async let errors = Self.text(errors)
      for await _ in ended {}
      // A test that is cancelled waits for nothing, and a process that runs has no status.
      try Task.checkCancellation()
      return Outcome(status: process.terminationStatus, output: try await output, errors: try await errors)
    }

    private static func text(_ pipe: Pipe) async throws -> String {
      let handle = pipe.fileHandleForReading
      return try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
          continuation.resume(with: Result { String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self) })
        }
      }
    }
  }
}

/// Takes a file or folder away in one moment, whatever goes on in it: nothing is made in it while it is deleted.
func removeAtOnce(_ path: String) throws {
  let grave = path + ".\(UInt32.random(in: 0 ... .max))"
  try #require(rename(path, grave) == 0)
  try FileManager.default.removeItem(atPath: grave)
}
