internal import Glibc
internal import IonLock
internal import IonProcess
internal import IonStore
internal import IonWorkflow

/// Runs git on Ion's own behalf, in repositories that may be anybody's: no hooks, no file watchers, no pager, no editor, no
/// questions, nothing of the `GIT_` variables that Ion itself was started with, and paths as they are.
///
/// Filters of the user's own configuration (git-lfs) run: without them a worktree isn't what the checkout is.
struct Git: Sendable {
  /// What a command printed.
  struct Output: Sendable {
    var exitCode: Int32
    var stdout: [UInt8]
    /// Whether there was more, which was not waited for.
    var isCut: Bool
    /// The end of what it complained of.
    var stderr: String

    /// The first line of stdout.
    var line: String { String(decoding: stdout.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
  }

  /// As much of a list is read into memory.
  static let listLimit = 256 * 1024 * 1024
  private static let configuration = [
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false", "gc.auto=0", "maintenance.auto=false",
    "submodule.recurse=false", "advice.addEmbeddedRepo=false", "core.safecrlf=false", "core.untrackedCache=keep",
  ]

  /// Whom the commands are run for; in their markers.
  let run: RunID
  private let environment: [String: String]
  /// Where what a command prints is kept until it is read.
  private let scratch: AbsolutePath

  init(_ environment: [String: String], for run: RunID, scratch: AbsolutePath) {
    self.run = run
    self.scratch = scratch
    var clean = environment.filter { !$0.key.hasPrefix("GIT_") && !$0.key.hasPrefix("ION_") }
    clean.merge([
      "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1",
      "GIT_PAGER": "cat", "GIT_EDITOR": ":",
    ]) { $1 }
    self.environment = clean
  }

  /// What the markers of all that is run for the run begin with. They aren't those of its steps, which a resume ends.
  var markers: String { "\(StepCommand.markerName)=git/\(run)/" }

  /// Removes what processes that are gone have left in a scratch folder, whose entries begin with their process's number.
  static func removeScratch(in folder: AbsolutePath) {
    for name in FileAccess.names(in: folder) {
      guard let pid = pid_t(name.prefix { $0 != "-" }), kill(pid, 0) != 0, errno == ESRCH else { continue }
      FileAccess.remove(folder.appending(name))
    }
  }

  /// A name in the scratch folder that nobody else has.
  func freshScratch() -> AbsolutePath {
    scratch.appending("\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
  }

  /// Runs a command to its end, or until it has printed as much as is wanted. `input` is a file that it reads from.
  ///
  /// - Throws: `.unusable` where git can't be started or doesn't end by itself. Another exit code than 0 is no failure here.
  func output(
    _ arguments: [String], in folder: AbsolutePath, variables: [String: String] = [:], input: AbsolutePath? = nil,
    limit: Int = Git.listLimit
  ) async throws(EngineFailure) -> Output {
    let place = freshScratch()
    defer { FileAccess.remove(place) }
    let files = OutputFiles(place)
    let ended = await result(command(arguments, in: folder, variables, input), files, limit)
    let result: StepResult
    do { result = try ended.get() } catch { throw Self.failure(error) }
    let isCut = result.stdout.size > limit
    let exitCode: Int32
    switch result.ending {
    case .exited(let code): exitCode = code
    case .stopped where isCut: exitCode = 0
    case .stopped: throw .unusable("`git \(arguments.first ?? "")` was stopped.")
    case .signalled, .timedOut, .idledOut, .unrecorded, .lost:
      throw .unusable("`git \(arguments.first ?? "")` in \(folder) did not end by itself (\(result.ending)).")
    }
    return Output(
      exitCode: exitCode, stdout: try FileAccess.read(files.file(.stdout), limit: limit) ?? [], isCut: isCut,
      stderr: FileAccess.tail(files.file(.stderr), bytes: 2000))
  }

  /// The same for a command that has to end well.
  func succeed(
    _ arguments: [String], in folder: AbsolutePath, variables: [String: String] = [:], input: AbsolutePath? = nil,
    limit: Int = Git.listLimit
  ) async throws(EngineFailure) -> Output {
    let output = try await output(arguments, in: folder, variables: variables, input: input, limit: limit)
    guard output.exitCode == 0 else { throw Self.failure(output, of: arguments, in: folder) }
    return output
  }

  /// What git complained of, as a failure.
  static func failure(_ output: Output, of arguments: [String], in folder: AbsolutePath) -> EngineFailure {
    let said = output.stderr.split(whereSeparator: \.isNewline).map(String.init)
    // The line that says why is behind those that say what is being done.
    let why = said.first { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") } ?? said.last ?? "it says nothing"
    return .unusable("`git \(arguments.first ?? "")` failed in \(folder): \(why)")
  }

  private static func failure(_ failure: ProcessFailure) -> EngineFailure {
    if case .missing = failure {
      return .unusable("Isolated runs need the program `git`, which is not on Ion's PATH.")
    }
    return .unusable("`git` can't be started: \(failure)")
  }

  func command(
    _ arguments: [String], in folder: AbsolutePath, _ variables: [String: String] = [:], _ input: AbsolutePath? = nil
  ) -> StepCommand {
    let all = ["--no-pager"] + Self.configuration.flatMap { ["-c", $0] } + arguments
    let entries = environment.merging(variables) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let marker = "\(markers)\(String(UInt32.random(in: 0 ... .max), radix: 36))"
    guard let input else {
      return StepCommand("git", all, environment: entries, workingDirectory: folder, marker: marker)
    }
    // Steps have no stdin, so a shell that does nothing else opens the file.
    return StepCommand(
      "/bin/sh", ["-c", "input=$1; shift; exec git \"$@\" < \"$input\"", "git", input.text] + all, environment: entries,
      workingDirectory: folder, marker: marker)
  }

  private func result(
    _ command: StepCommand, _ files: OutputFiles, _ limit: Int
  ) async -> Result<StepResult, ProcessFailure> {
    let stopper = Stopper()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        StepProcess.launch(
          command, output: files,
          onOutput: { chunk in
            if chunk.stream == .stdout, chunk.offset + chunk.count > limit { stopper.stop() }
          }, onStart: stopper.take, onEnd: { continuation.resume(returning: $0) })
      }
    } onCancel: {
      stopper.stop()
    }
  }
}

/// Stops a process, which may not have started yet.
private final class Stopper: Sendable {
  private struct State {
    var process: StepProcess?
    var isStopped = false
  }

  private let state = Guarded(State())

  func take(_ process: StepProcess) {
    let isStopped = state.withLock { state in
      state.process = process
      return state.isStopped
    }
    if isStopped { process.stop(reason: "not wanted any more") }
  }

  func stop() {
    let process = state.withLock { state in
      state.isStopped = true
      return state.process
    }
    process?.stop(reason: "not wanted any more")
  }
}
