import Foundation
import IonWorkflow
import Testing

/// Runs many bodies in one real bash, each in a subshell and a folder of its own.
struct BashBench {
  /// A body, and what its references find by their labels: it runs once for each of these, one after the other.
  struct Case {
    var body: String
    var values: [[String: String]]

    init(_ body: String, _ values: [[String: String]]) {
      self.body = body
      self.values = values
    }
  }

  struct Outcome {
    /// What each run printed.
    var outputs: [String]
    /// What the runs left in their folder: nothing, unless something was executed or redirected.
    var leftovers: [String]
    var errors: String
  }

  private let folder: URL

  /// Rewrites each body, gives its variables their values and runs it.
  static func run(_ cases: [Case]) async throws -> [Outcome] {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let bench = BashBench(folder: folder)
    for (index, item) in cases.enumerated() { try bench.write(item, to: "\(index)") }
    // The driver's own names start with `b_`; the bodies of the tests have others.
    let driver = """
      b_run() {
        local b_file b_run=0
        while [ -d "../$b_run" ]; do
          for b_file in "../$b_run"/ION_*; do
            [ -e "$b_file" ] && IFS= read -r -d '' "${b_file##*/}" < "$b_file"
          done
          IFS= read -r -d '' b_body < "../$b_run/body"
          unset none x y
          eval "$b_body" > "../$b_run/output"
          b_run=$((b_run + 1))
        done
      }
      for b_folder in *; do (cd "$b_folder/work" && b_run) 2> "$b_folder/errors" < /dev/null; done
      """
    _ = try await bash(["-c", driver], in: bench.folder)
    return try cases.enumerated().map { try bench.outcome(of: $1, at: "\($0)") }
  }

  static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ion-bash-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private func write(_ item: Case, to name: String) throws {
    let rewriting = BashBody.parse(item.body).body.rewritten()
    let place = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: place.appendingPathComponent("work"), withIntermediateDirectories: true)
    for (index, values) in item.values.enumerated() {
      let run = place.appendingPathComponent("\(index)")
      let texts = try rewriting.variables.map { try #require(values[$0.reference.label], "\(item.body): \($0)") }
      let step = try StepValues(rewriting, values: texts, folder: try #require(AbsolutePath(run.path)))
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      try Data(step.text.utf8).write(to: run.appendingPathComponent("body"))
      for entry in step.environment { try Data(entry.value.utf8).write(to: run.appendingPathComponent(entry.name)) }
      for file in step.files { try Data(file.bytes).write(to: run.appendingPathComponent(file.name)) }
    }
  }

  private func outcome(of item: Case, at name: String) throws -> Outcome {
    let place = folder.appendingPathComponent(name)
    func text(_ part: String) throws -> String {
      let path = place.appendingPathComponent(part).path
      return String(decoding: FileManager.default.contents(atPath: path) ?? Data("nothing ran".utf8), as: UTF8.self)
    }
    return Outcome(
      outputs: try item.values.indices.map { try text("\($0)/output") },
      leftovers: try FileManager.default.contentsOfDirectory(atPath: place.appendingPathComponent("work").path),
      errors: try text("errors"))
  }

  /// Runs bash to its end; no thread waits for it.
  /// - Returns: Its status and everything that it printed on standard output.
  static func bash(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) async throws -> (status: Int32, output: Data) {
    let place = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    let printed = place.appendingPathComponent("output")
    try Data().write(to: printed)
    let sink = try FileHandle(forWritingTo: printed)
    defer { try? sink.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = sink
    process.standardError = FileHandle.nullDevice
    let status = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
      } catch {
        ended.resume(throwing: error)
      }
    }
    // What a substitution leaves behind is adopted by this process where it takes orphans in, and is its to reap: a
    // zombie keeps tests that wait for any child from ever seeing theirs. Bash leads a process group of its own.
    while waitpid(-process.processIdentifier, nil, 0) > 0 {}
    return (status, try Data(contentsOf: printed))
  }
}

extension Reference {
  /// A short text for tests: the node's id, or the input's name behind a dot.
  var label: String {
    let start =
      switch root {
      case .output(let id), .loopPrevious(let id): id.rawValue
      case .status(let id): "\(id).status"
      case .input(let name), .boundInput(_, let name): ".\(name)"
      case .matrix(let name): "*\(name)"
      case .variable(let variable): variable.rawValue
      }
    return path.reduce(start) { text, step in
      switch step {
      case .field(let name): "\(text).\(name)"
      case .index(let index): "\(text)[\(index)]"
      }
    }
  }
}
